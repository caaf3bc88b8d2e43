/**
 * What was lost for certain between two hosts: text and FINs of the client that an ESTABLISHED server never got. No
 * accept queue throws these away, so that they speak for loss where a queue would explain an open handshake as well.
 *
 * In: one of many flows. Out: how many, over all flows from its client to its server.
 */
import type { Flow, PacketRow } from '../report.js'
import { carries, isReset, isSynAck, lengthOf, noteOf, realRows } from './evidence.js'
import type { Seen } from './rule.js'

export function lostElsewhere(flow: Flow, { flows }: Pick<Seen, 'flows'>): number {
  const known = counted.get(flows) ?? count(flows)
  counted.set(flows, known)
  return known.get(hostsOf(flow)) ?? 0
}

/** Every flow of a finding asks. */
const counted = new WeakMap<readonly Flow[], ReadonlyMap<string, number>>()

const hostsOf = ({ client, server }: Flow): string => `${client.address} ${server.address}`

function count(flows: readonly Flow[]): ReadonlyMap<string, number> {
  const all = new Map<string, number>()
  for (const flow of flows) {
    const lost = lostWhileOpen(flow)
    if (lost > 0) all.set(hostsOf(flow), (all.get(hostsOf(flow)) ?? 0) + lost)
  }
  return all
}

/** A flow that has not all of its rows any more knows it. */
export interface KnowsLost {
  readonly lostWhileOpen: number
}

/** How many of the client's segments with text or a FIN were lost when the server had the connection. */
export function lostWhileOpen(flow: Flow & Partial<KnowsLost>): number {
  if (flow.lostWhileOpen !== undefined) return flow.lostWhileOpen
  const rows = realRows(flow)
  const proof = rows.findIndex(provesServer)
  if (proof < 0) return 0
  return rows.filter((row, index) => index > proof && row.from === 'client' && wasLost(row)).length
}

const wasLost = (row: PacketRow): boolean =>
  lengthOf(row) > 0 && !isReset(row) && noteOf(row, 'not-received')?.lost === true

/** Only a server that has the connection sends it. */
export const provesServer = (row: PacketRow): boolean =>
  row.from === 'server' && !isSynAck(row) && !isReset(row) && (carries(row) || (row.relativeAck ?? 0) > 1)
