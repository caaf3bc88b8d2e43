/**
 * The next probe of a shut window, and the next keep-alive: where the capture holds them, or the last ones of a row.
 *
 * In: a flow, a side, a moment. Out: an {@link Expiry}, or null: whether a socket has SO_KEEPALIVE, or data that waits for a
 * window, no packet tells before the first probe. RFC 9293 sections 3.8.4 and 3.8.6.1.
 */
import type { Flow, NoteCode, PacketRow, Side, Timeouts } from '../../report.js'
import { doubled, type Expiry, reckoned } from './expiry.js'
import type { Moment } from './moment.js'
import { wayTo } from './round-trip.js'
import { isUpTo, type Sent } from './sent.js'

const says = (row: PacketRow, code: NoteCode): boolean => row.notes.some((note) => note.code === code)

export const windowProbeExpiry = (
  flow: Flow,
  sent: Sent,
  moment: Moment,
  { most }: Timeouts,
): Expiry | null => {
  if (sent.peerWindow !== 0) return null
  const opens = (row: PacketRow): boolean =>
    row.from !== sent.side && row.received !== false && row.ack !== null && row.window > 0
  const isProbe = (row: PacketRow): boolean => row.from === sent.side && says(row, 'zero-window-probe')
  const next = flow.rows.find((row) => !isUpTo(row, moment) && (isProbe(row) || opens(row)))
  const before = flow.rows.filter((row) => isUpTo(row, moment))
  const shut = before.slice(before.findLastIndex(opens) + 1)
  const probes = shut.filter(isProbe)
  if (next !== undefined && isProbe(next))
    return { at: sent.leftAt(next.at), times: probes.length, certainty: 'implied' }
  const last = probes.at(-1)
  const start = probes.at(-2) ?? shut.find((row) => row.from !== sent.side && row.window === 0)
  if (last === undefined || start === undefined) return null
  const longer = doubled(most)
  const running = { from: sent.leftAt(last.at), wait: longer(last.at - start.at), times: probes.length }
  return reckoned({ ...running, next: longer, most }, moment.at)
}

/** The kernel sets it anew when it runs out and finds that something came: so it is sure only while nothing comes. */
export const keepAliveExpiry = (flow: Flow, side: Side, moment: Moment): Expiry | null => {
  const way = wayTo(side, flow) / 2
  const isProbe = (row: PacketRow): boolean => row.from === side && says(row, 'keep-alive')
  const failed = (row: PacketRow): boolean =>
    row.from === side && row.notes.some((note) => note.code === 'reset' && note.form === 'keep-alive-timeout')
  const later = flow.rows.filter((row) => !isUpTo(row, moment))
  const next = later.find((row) => isProbe(row) || failed(row))
  if (next !== undefined)
    return { at: next.at - way, times: 0, certainty: next === later[0] ? 'implied' : 'assumed' }
  // Nothing answered the last one: the next comes as far behind it as that one came behind the one before.
  const before = flow.rows.filter((row) => isUpTo(row, moment))
  const [last, previous] = [before.at(-1), before.at(-2)]
  if (last === undefined || previous === undefined || !isProbe(last) || !isProbe(previous)) return null
  const wait = last.at - previous.at
  return wait > 0
    ? reckoned({ from: last.at - way, wait, times: 0, next: () => wait, most: wait }, moment.at)
    : null
}
