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
  const sides = waitingSides(flows, known)
  return SIDES.flatMap((side) => {
    const hosts = side === 'client' ? groups.client : groups.server
    const peers = side === 'client' ? groups.server : groups.client
    const bit = BITS[side]
    const counts = new Int32Array(groups.addresses)
    for (let n = 0; n < sides.length; n++)
      if (((sides[n] as number) & bit) !== 0)
        counts[hosts[n] as number] = (counts[hosts[n] as number] as number) + 1
    const holdings = new Map<number, Holding>()
    for (let n = 0; n < sides.length; n++) {
      const host = hosts[n] as number
      if (((sides[n] as number) & bit) === 0 || (counts[host] as number) < LEAST) continue
      const flow = flows[n] as Flow
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

const BITS = { client: 1, server: 2 } as const

/** Of each flow that is to be told: which sides were in TIME_WAIT. */
function waitingSides(flows: readonly Flow[], known: readonly ReadonlySet<number>[]): Uint8Array {
  const sides = new Uint8Array(flows.length)
  const all = known.length === 0
  for (let n = 0; n < flows.length; n++) {
    const flow = flows[n] as Flow
    if (flow instanceof HalfOpenFlow || (!all && known.some((set) => set.has(flow.flow)))) continue
    sides[n] = (waits(flow, 'client') ? BITS.client : 0) | (waits(flow, 'server') ? BITS.server : 0)
  }
  return sides
}

const waits = (flow: Flow, side: Side): boolean =>
  flow instanceof PlainFlow
    ? flow.closedFirst === side
    : flow.spans[side].some(({ state }) => state === 'TIME_WAIT')

function takePlain(holding: Holding, flow: PlainFlow): void {
  const from = flow.timeWaitFrom
  holding.wait(from, flow.timeWaitUntil(from))
  if (holding.quotes) holding.quote(flow.firstFin)
}

function takeOther(holding: Holding, flow: Flow, side: Side): void {
  for (const { state, from, to } of flow.spans[side]) if (state === 'TIME_WAIT') holding.wait(from, to)
  if (!holding.quotes) return
  const fin = finOf(flow, side)
  if (fin !== undefined) holding.quote(fin)
}
