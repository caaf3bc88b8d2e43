/**
 * What hosts hold in TIME_WAIT, of plain connections and others, for the rule that counts them.
 *
 * In: all flows by groups; those that need not be told. Out: the rule's holdings, as it would gather them from the flows
 * themselves, of hosts that have enough of them: nothing is made of a plain connection but its numbers.
 */
import { finOf } from '../diagnose/evidence.js'
import { Holding } from '../diagnose/holding.js'
import { CLIENT, type End, SERVER } from '../flow/segment.js'
import type { Flow, Side } from '../report.js'
import { portsOf } from './address.js'
import type { Explained } from './explained.js'
import { type FlowList, REPLAYED } from './flow-list.js'
import { CLIENT_WAITS, type Groups, SERVER_WAITS } from './groups.js'
import { FIN1_PACKET, START_S } from './layout.js'
import { timeIn } from './opening.js'
import { OUTCOMES, timeWaitFrom } from './outcome.js'

/** A rate needs so many connections, and a pile is more: below `diagnose/peak.ts` and `diagnose/time-wait.ts`. */
const LEAST = 100

/** Those of clients first. `known`: flows that need not be told. */
export const holdingsOf = (groups: Groups, known: Explained | null): readonly Holding[] =>
  groups.list.length < LEAST ? [] : [...heldAt(CLIENT, groups, known), ...heldAt(SERVER, groups, known)]

function heldAt(end: End, groups: Groups, known: Explained | null): readonly Holding[] {
  const { list, marks } = groups
  const mark = end === CLIENT ? CLIENT_WAITS : SERVER_WAITS
  const [hosts, peers] = end === CLIENT ? [groups.client, groups.server] : [groups.server, groups.client]
  const { counts, most } = groups.counted(hosts, mark)
  if (most < LEAST) return []
  const holdings = new Map<number, Holding>()
  for (let n = 0; n < marks.length; n++) {
    const host = hosts[n] as number
    if (((marks[n] as number) & mark) === 0 || (counts[host] as number) < LEAST) continue
    if (known?.has(list.number[n] as number)) continue
    let holding = holdings.get(host)
    if (holding === undefined) {
      holding = holdingOf(list.flow(n), end)
      holdings.set(host, holding)
    }
    if (list.outcome[n] === REPLAYED) takeReplayed(holding, list.exampleOf(n), end, peers[n] as number)
    else takePlain(holding, list, n, end, peers[n] as number)
  }
  return [...holdings.values()]
}

const SIDES = ['client', 'server'] as const satisfies readonly Side[]
const holdingOf = ({ client, server }: Flow, end: End): Holding =>
  end === CLIENT
    ? new Holding(client.address, 'client', server.address)
    : new Holding(server.address, 'server', client.address)

function takePlain(holding: Holding, list: FlowList, n: number, closer: End, peer: number): void {
  const { plain } = list
  const row = list.row(n)
  const { page, base } = row
  holding.add(list.number[n] as number, timeIn(plain, page, base + START_S), peer, portsOf(row) & 0xffff)
  const from = timeWaitFrom(plain, page, base, closer)
  const isOver = OUTCOMES[list.outcome[n] as number]?.ends[closer].state !== 'TIME_WAIT'
  holding.wait(from, isOver ? from + plain.timeWait : null)
  if (holding.quotes) holding.quote(plain.frameOf(page[base + FIN1_PACKET] as number))
}

function takeReplayed(holding: Holding, flow: Flow, end: End, peer: number): void {
  const side = SIDES[end]
  holding.add(flow.flow, flow.startAt, peer, flow.server.port)
  for (const { state, from, to } of flow.spans[side]) if (state === 'TIME_WAIT') holding.wait(from, to)
  if (!holding.quotes) return
  const fin = finOf(flow, side)
  if (fin !== undefined) holding.quote(fin)
}
