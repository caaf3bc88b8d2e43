/**
 * A SYN for a connection whose other end is still in TIME_WAIT: taken for a new one, or answered with the old
 * connection's ACK, which the client resets before it tries again. RFC 9293 section 3.6.1 MAY-2; RFC 6191.
 */
import type { Finding, Flow, PacketRow, Side } from '../report.js'
import { isReset, isSyn, isSynAck, realRows } from './evidence.js'
import { flowBefore } from './neighbours.js'
import { about, attempt, inEachFlow, opposite, type Rule, type Seen } from './rule.js'

function reused(flow: Flow, seen: Seen): Finding<'time-wait-reuse'> | null {
  const rows = realRows(flow)
  const turned = rows.find((row) => stays(row, opposite(row.from)) && isSyn(row))
  const holder = turned === undefined ? null : opposite(turned.from)
  const held = turned === undefined || holder === null ? null : since(flow, holder, turned.at)
  if (turned !== undefined && holder !== null && held !== null) {
    const later = rows.filter((row) => row.at > turned.at)
    const answer = later.find((row) => row.from === holder && !isSynAck(row) && !isReset(row))
    if (answer === undefined) return null
    const reset = later.find((row) => row.from === turned.from && isReset(row))
    return finding(flow, holder, 'refused', turned.at - held, [turned, answer, reset])
  }
  if (flow.incarnation === 0) return null
  const before = flowBefore(flow, seen)
  if (before === undefined) return null
  // Seen from the old connection the two ends may have changed sides.
  const straight = before.server.address === flow.server.address && before.server.port === flow.server.port
  const side: Side = straight ? 'server' : 'client'
  const began = since(before, side, flow.startAt)
  const syn = rows.find(isSyn)
  if (began === null || syn === undefined) return null
  const answer = rows.find((row) => row.from !== syn.from && !isReset(row) && row.at >= syn.at)
  if (answer !== undefined && !isSynAck(answer) && !isSyn(answer)) {
    const reset = rows.find((row) => row.from === syn.from && isReset(row) && row.at >= answer.at)
    return finding(flow, 'server', 'refused', flow.startAt - began, [syn, answer, reset])
  }
  const synAck = rows.find(isSynAck)
  if (synAck === undefined) return null
  return finding(flow, 'server', 'accepted', flow.startAt - began, [syn, synAck])
}

const stays = (row: PacketRow, side: Side): boolean =>
  row[side].was === 'TIME_WAIT' && row[side].state === 'TIME_WAIT'

/** When the TIME_WAIT that holds at `at` began; null: none does. */
const since = (flow: Flow, side: Side, at: number): number | null =>
  flow.spans[side].find(
    ({ state, from, to }) => state === 'TIME_WAIT' && from !== null && from <= at && (to === null || to > at),
  )?.from ?? null

const finding = (
  flow: Flow,
  side: Side,
  outcome: 'accepted' | 'refused',
  seconds: number,
  packets: readonly (PacketRow | undefined)[],
): Finding<'time-wait-reuse'> =>
  about(flow, side, 'implied', packets, {
    id: 'time-wait-reuse',
    severity: outcome === 'accepted' ? 'note' : 'warning',
    args: attempt(flow, { outcome, seconds }),
    causes: [
      { code: 'fast-port-reuse', likelihood: 'likely' },
      { code: 'fixed-source-port', likelihood: 'possible' },
    ],
  })

export const rule: Rule = {
  id: 'time-wait-reuse',
  severity: 'warning',
  explains: ['not-captured', 'half-open'],
  ...inEachFlow('time-wait-reuse', reused, ({ outcome }) => `${outcome}`),
}
