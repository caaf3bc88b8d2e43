/**
 * The next probe of a shut window, and the next keep-alive: where the capture holds them, or the last ones of a row.
 *
 * In: a flow, a side, a moment. Out: an {@link Expiry}, or null: whether a socket has SO_KEEPALIVE, or data that waits for a
 * window, no packet tells before the first probe. RFC 9293 sections 3.8.4 and 3.8.6.1.
 */
import type { Flow, NoteCode, PacketRow, Side, Timeouts } from '../../report.js'
import { doubled, type Expiry, reckoned, twice } from './expiry.js'
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
  const all = shut.filter(isProbe)
  const probes = unanswered(before, sent.side, isProbe)
  if (next !== undefined && isProbe(next))
    return { at: sent.leftAt(next.at), times: 0, probes, certainty: 'implied' }
  const last = all.at(-1)
  const start = all.at(-2) ?? shut.find((row) => row.from !== sent.side && row.window === 0)
  if (last === undefined || start === undefined) return null
  const set = sent.roundTrip.timeout() * 2 ** (all.length - 1)
  const wait = Math.min(most, twice(last.at - start.at, set))
  const running = { from: sent.leftAt(last.at), wait, times: 0, next: doubled(most), most }
  return { ...reckoned(running, moment.at), times: 0, probes }
}

/** Probes since the other end was heard last: icsk_probes_out. */
const unanswered = (rows: readonly PacketRow[], side: Side, isProbe: (row: PacketRow) => boolean): number => {
  const heard = rows.findLastIndex((row) => row.from !== side && row.received !== false)
  return rows.slice(heard + 1).filter(isProbe).length
}

/** The kernel sets it anew when it runs out and finds that something came: so it is sure only while nothing comes. */
export const keepAliveExpiry = (flow: Flow, side: Side, moment: Moment): Expiry | null => {
  const way = wayTo(side, flow) / 2
  const isProbe = (row: PacketRow): boolean => row.from === side && says(row, 'keep-alive')
  const failed = (row: PacketRow): boolean =>
    row.from === side && row.notes.some((note) => note.code === 'reset' && note.form === 'keep-alive-timeout')
  const later = flow.rows.filter((row) => !isUpTo(row, moment))
  const next = later.find((row) => isProbe(row) || failed(row))
  const before = flow.rows.filter((row) => isUpTo(row, moment))
  const probes = unanswered(before, side, isProbe)
  // After an answer the kernel first waits as if there had been none, and then sees that it may wait longer.
  const plain = next === later[0] && (probes > 0 || !before.some(isProbe))
  if (next !== undefined)
    return { at: next.at - way, times: 0, probes, certainty: plain ? 'implied' : 'assumed' }
  // Nothing answered the last one: the next comes as far behind it as that one came behind the one before.
  const [last, previous] = [before.at(-1), before.at(-2)]
  if (last === undefined || previous === undefined || !isProbe(last) || !isProbe(previous)) return null
  const wait = last.at - previous.at
  if (wait <= 0) return null
  const running = { from: last.at - way, wait, times: 0, next: () => wait, most: wait }
  return { ...reckoned(running, moment.at), times: 0, probes }
}
