/**
 * What the other flows of a capture say about one: found once for all of them, when somebody asks first, because captures
 * hold 100,000 flows.
 *
 * In: all flows. Out: answers by server, by host, by 4-tuple.
 */
import { type Flow, SIDES, type Side } from '../report.js'
import { carries, has, isReset, wasOpen } from './evidence.js'
import type { Seen } from './rule.js'

/** What is read of them only when it is needed. */
type Others = Pick<Seen, 'flows'>

/** What is found over all flows, kept with them. */
function overAll<T>(find: (flows: readonly Flow[]) => T): (flows: readonly Flow[]) => T {
  const known = new WeakMap<readonly Flow[], T>()
  return (flows) => {
    const found = known.get(flows) ?? find(flows)
    known.set(flows, found)
    return found
  }
}

/** By key: how many flows there are of which `say` says it. */
const counted = (say: (flow: Flow, count: (key: string) => void) => void) =>
  overAll((flows): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>()
    const count = (key: string): void => void counts.set(key, (counts.get(key) ?? 0) + 1)
    for (const flow of flows) say(flow, count)
    return counts
  })

const serverOf = ({ server }: Flow): string => `${server.address} ${server.port}`

const tupleOf = ({ client, server, outer }: Flow): string =>
  [outer, ...[`${client.address} ${client.port}`, `${server.address} ${server.port}`].sort()].join(' ')

const gotThrough = (flow: Flow): boolean =>
  wasOpen(flow, 'server') && flow.rows.some((row) => row.from === 'server' && !isReset(row))

/** By server and port: how many flows got through. */
const through = counted((flow, count) => {
  if (gotThrough(flow)) count(serverOf(flow))
})

/** Another flow to the same server and port went well: somebody does listen there. */
export const othersGotThrough = (flow: Flow, { flows }: Others): boolean =>
  (through(flows).get(serverOf(flow)) ?? 0) > (gotThrough(flow) ? 1 : 0)

const wasHeard = ({ rows }: Flow, side: Side): boolean => rows.some(({ from }) => from === side)

/** By address: how many flows have a packet from it. */
const heard = counted((flow, count) => {
  for (const side of SIDES) if (wasHeard(flow, side)) count(flow[side].address)
})

/** The server's host was heard of at all, apart from this flow. */
export const hostIsThere = (flow: Flow, { flows }: Others): boolean =>
  (heard(flows).get(flow.server.address) ?? 0) > (wasHeard(flow, 'server') ? 1 : 0)

/** By 4-tuple, whichever end is the client, and incarnation. */
const tuples = overAll(
  (flows): ReadonlyMap<string, Flow> =>
    new Map(flows.map((flow) => [`${tupleOf(flow)} ${flow.incarnation}`, flow])),
)

/** The connection before this one on the same addresses and ports. */
export const flowBefore = (flow: Flow, { flows }: Others): Flow | undefined =>
  tuples(flows).get(`${tupleOf(flow)} ${flow.incarnation - 1}`)

/** A listener that goes away resets all that wait for it within so many seconds. */
const AT_ONCE = 0.02

const momentOf = (flow: Flow, at: number, shift: number): string =>
  `${serverOf(flow)} ${Math.floor(at / AT_ONCE) + shift}`

/** When a RST,ACK ended it before the server had said anything of its own; null: it did not. */
function droppedAt({ rows }: Flow): number | null {
  const reset = rows.find((row) => row.from === 'server' && isReset(row) && has(row, 'A') && row.seq !== 0)
  if (reset === undefined) return null
  return rows.every((row) => row.from === 'client' || !carries(row)) ? reset.at : null
}

/** By server, port and moment: how many flows were reset before the server said anything. */
const dropped = counted((flow, count) => {
  const at = droppedAt(flow)
  if (at !== null) count(momentOf(flow, at, 0))
})

/** Other flows to the same server were dropped in the same moment. */
export function droppedTogether(flow: Flow, seen: Others): boolean {
  const at = droppedAt(flow)
  if (at === null) return false
  const moments = dropped(seen.flows)
  return [-1, 0, 1].reduce((sum, shift) => sum + (moments.get(momentOf(flow, at, shift)) ?? 0), 0) > 1
}
