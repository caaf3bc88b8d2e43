/**
 * What hosts hold in TIME_WAIT, of plain connections and others, for the rule that counts them.
 *
 * In: all flows by groups; those that need not be told. Out: the rule's holdings, as it would gather them from the flows
 * themselves, of hosts that have enough of them: nothing is made of a plain connection but its numbers.
 */
import { finOf } from '../diagnose/evidence.js'
import { Holding } from '../diagnose/holding.js'
import type { Flow, Side } from '../report.js'
import type { Groups } from './groups.js'
import { HalfOpenFlow } from './half-open-flow.js'
import { PlainFlow } from './plain-flow.js'

/** A rate needs so many connections, and a pile is more: below `diagnose/peak.ts` and `diagnose/time-wait.ts`. */
const LEAST = 100

const SIDES = ['client', 'server'] as const

export function holdingsOf(groups: Groups, known: readonly ReadonlySet<number>[]): readonly Holding[] {
  const { flows } = groups
  const those = (flow: Flow): boolean =>
    !(flow instanceof HalfOpenFlow) && !known.some((set) => set.has(flow.flow))
  return SIDES.flatMap((side) => {
    const hosts = side === 'client' ? groups.client : groups.server
    const peers = side === 'client' ? groups.server : groups.client
    const counts = new Int32Array(groups.addresses)
    for (let n = 0; n < flows.length; n++) {
      const flow = flows[n] as Flow
      if (those(flow) && waits(flow, side))
        counts[hosts[n] as number] = (counts[hosts[n] as number] as number) + 1
    }
    const holdings = new Map<number, Holding>()
    for (let n = 0; n < flows.length; n++) {
      const flow = flows[n] as Flow
      const host = hosts[n] as number
      if ((counts[host] as number) < LEAST || !those(flow) || !waits(flow, side)) continue
      let holding = holdings.get(host)
      if (holding === undefined) {
        holding = new Holding(flow[side].address, side, flow[side === 'client' ? 'server' : 'client'].address)
        holdings.set(host, holding)
      }
      holding.add(
        flow.flow,
        flow.startAt,
        peers[n] as number,
        flow instanceof PlainFlow ? flow.serverPort : flow.server.port,
      )
      if (flow instanceof PlainFlow) takePlain(holding, flow)
      else takeOther(holding, flow, side)
    }
    return [...holdings.values()]
  })
}

const waits = (flow: Flow, side: Side): boolean =>
  flow instanceof PlainFlow
    ? flow.closedFirst === side
    : flow.spans[side].some(({ state }) => state === 'TIME_WAIT')

function takePlain(holding: Holding, flow: PlainFlow): void {
  holding.wait(flow.timeWaitFrom, flow.timeWaitTo)
  if (holding.quotes) holding.quote(flow.firstFin)
}

function takeOther(holding: Holding, flow: Flow, side: Side): void {
  for (const { state, from, to } of flow.spans[side]) if (state === 'TIME_WAIT') holding.wait(from, to)
  if (!holding.quotes) return
  const fin = finOf(flow, side)
  if (fin !== undefined) holding.quote(fin.packet)
}
