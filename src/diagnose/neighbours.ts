/**
 * What the other flows of a capture say about one: found once for all of them, because captures hold 100,000 flows.
 *
 * In: all flows. Out: answers by server, by host, by 4-tuple.
 */
import { type Flow, SIDES } from '../report.js'
import { has, isReset, wasOpen } from './evidence.js'
import type { Seen } from './rule.js'

/** What is read of them only when it is needed. */
type Others = Pick<Seen, 'flows'>

interface Neighbours {
  /** By server and port: how many flows got through. */
  readonly through: ReadonlyMap<string, number>
  /** By address: how many flows have a packet from it. */
  readonly heard: ReadonlyMap<string, number>
  /** By 4-tuple, whichever end is the client, and incarnation. */
  readonly tuples: ReadonlyMap<string, Flow>
  /** By server, port and moment: how many flows were reset before the server said anything. */
  readonly dropped: ReadonlyMap<string, number>
}

const known = new WeakMap<readonly Flow[], Neighbours>()

function neighboursIn(flows: readonly Flow[]): Neighbours {
  const before = known.get(flows)
  if (before !== undefined) return before
  const through = new Map<string, number>()
  const heard = new Map<string, number>()
  const tuples = new Map<string, Flow>()
  const dropped = new Map<string, number>()
  const count = (map: Map<string, number>, key: string): void => void map.set(key, (map.get(key) ?? 0) + 1)
  for (const flow of flows) {
    if (gotThrough(flow)) count(through, serverOf(flow))
    for (const side of SIDES)
      if (flow.rows.some(({ from }) => from === side)) count(heard, flow[side].address)
    tuples.set(`${tupleOf(flow)} ${flow.incarnation}`, flow)
    const at = droppedAt(flow)
    if (at !== null) count(dropped, momentOf(flow, at, 0))
  }
  const found = { through, heard, tuples, dropped }
  known.set(flows, found)
  return found
}

const serverOf = ({ server }: Flow): string => `${server.address} ${server.port}`

const tupleOf = ({ client, server, outer }: Flow): string =>
  [outer, ...[`${client.address} ${client.port}`, `${server.address} ${server.port}`].sort()].join(' ')

const gotThrough = (flow: Flow): boolean =>
  wasOpen(flow, 'server') && flow.rows.some((row) => row.from === 'server' && !isReset(row))

/** Another flow to the same server and port went well: somebody does listen there. */
export const othersGotThrough = (flow: Flow, { flows }: Others): boolean =>
  (neighboursIn(flows).through.get(serverOf(flow)) ?? 0) > (gotThrough(flow) ? 1 : 0)

/** The server's host was heard of at all, apart from this flow. */
export const hostIsThere = (flow: Flow, { flows }: Others): boolean =>
  (neighboursIn(flows).heard.get(flow.server.address) ?? 0) >
  (flow.rows.some(({ from }) => from === 'server') ? 1 : 0)

/** The connection before this one on the same addresses and ports. */
export const flowBefore = (flow: Flow, { flows }: Others): Flow | undefined =>
  neighboursIn(flows).tuples.get(`${tupleOf(flow)} ${flow.incarnation - 1}`)

/** A listener that goes away resets all that wait for it within so many seconds. */
const AT_ONCE = 0.02

const momentOf = (flow: Flow, at: number, shift: number): string =>
  `${serverOf(flow)} ${Math.floor(at / AT_ONCE) + shift}`

/** When a RST,ACK ended it before the server had said anything of its own; null: it did not. */
function droppedAt({ rows }: Flow): number | null {
  const reset = rows.find((row) => row.from === 'server' && isReset(row) && has(row, 'A') && row.seq !== 0)
  if (reset === undefined) return null
  return rows.every((row) => row.from === 'client' || (row.len === 0 && !has(row, 'F'))) ? reset.at : null
}

/** Other flows to the same server were dropped in the same moment. */
export function droppedTogether(flow: Flow, seen: Others): boolean {
  const at = droppedAt(flow)
  if (at === null) return false
  const { dropped } = neighboursIn(seen.flows)
  return [-1, 0, 1].reduce((sum, shift) => sum + (dropped.get(momentOf(flow, at, shift)) ?? 0), 0) > 1
}
