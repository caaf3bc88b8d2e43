/**
 * The next resend of what an end has out at a moment: its SYN, its SYN+ACK, its data and FIN.
 *
 * In: a flow, a side, a moment. Out: an {@link Expiry}, or null when nothing is out. RFC 6298 section 5; Linux
 * tcp_retransmit_timer(), reqsk_timer_handler(), tcp_schedule_loss_probe().
 */
import type { Flow, PacketRow, Side, Timeouts } from '../../report.js'
import { doubled, type Expiry, reckoned, twice } from './expiry.js'
import type { Moment } from './moment.js'
import { wayTo } from './round-trip.js'
import { endOf, isSent, isUpTo, resent, type Sent } from './sent.js'

/** `after(n)`: how long it runs after the nth SYN, from 1. */
export const synExpiry = (flow: Flow, moment: Moment, timeouts: Timeouts, side: Side): Expiry | null => {
  const after = (nth: number): number =>
    Math.min(timeouts.most, timeouts.initial * 2 ** Math.max(0, nth - 1 - timeouts.linearSyns))
  const syns = flow.rows.filter((row) => row.from === side && isSyn(row))
  const sent = syns.filter((row) => isUpTo(row, moment))
  const last = sent.at(-1)
  if (last === undefined) return null
  const half = wayTo(side, flow) / 2
  const next = syns[sent.length]
  if (next !== undefined) return shown(next.at - half, sent.length - 1, moment)
  let nth = sent.length
  const running = {
    from: last.at - half,
    wait: after(nth),
    times: nth - 1,
    next: () => after(++nth),
    most: timeouts.most,
  }
  return reckoned(running, moment.at)
}

const isSyn = (row: PacketRow): boolean =>
  row.flags.startsWith('S') && !row.flags.includes('A') && isSent(row)
const isSynAck = (row: PacketRow): boolean =>
  row.flags.startsWith('S') && row.flags.includes('A') && isSent(row)

const shown = (at: number, times: number, { at: now }: Moment): Expiry => ({
  at: Math.max(at, now),
  times,
  certainty: 'implied',
})

/** A resend this much earlier or later than it was due answers a SYN, or came from a timer that had run out unseen. */
const OFF = 1 / 4

/**
 * The host sends its SYN+ACK in answer to the SYN, so that its timer runs as soon as the state is there, also where the
 * capture shows it a moment later.
 * The timer of a request runs out 1, 3, 7 ... seconds after the first SYN+ACK, also where TCP_DEFER_ACCEPT sends nothing;
 * a SYN that comes again is answered at once, and starts it again as it was.
 */
export const synAckExpiry = (flow: Flow, moment: Moment, timeouts: Timeouts, side: Side): Expiry | null => {
  const sent = flow.rows.filter((row) => row.from === side && isSynAck(row))
  const [first] = sent
  if (first === undefined) return null
  const half = wayTo(side, flow) / 2
  const { most } = timeouts
  const next = doubled(most)
  let wait = timeouts.initial
  let from = first.at - half
  let times = 0
  for (const row of sent.slice(1)) {
    const at = row.at - half
    if (!isUpTo(row, moment)) {
      const due = reckoned({ from, wait, times, next, most }, moment.at)
      return Math.abs(at - due.at) <= (due.at - from) * OFF ? shown(at, due.times, moment) : due
    }
    while (at > from + wait * (1 + OFF)) {
      from += wait
      wait = next(wait)
      times++
      if (wait >= most) break
    }
    if (at >= from + wait * (1 - OFF)) {
      wait = next(wait)
      times++
    }
    from = at
  }
  return reckoned({ from, wait, times, next, most }, moment.at)
}

/** Data and FIN. */
export const dataExpiry = (flow: Flow, sent: Sent, moment: Moment, timeouts: Timeouts): Expiry | null => {
  if (sent.waiting === 0) return null
  const seen = nextResend(flow, sent, moment)
  if (seen !== null) return shown(sent.leftAt(seen.at), sent.timeouts, moment)
  const { most } = timeouts
  const next = doubled(most)
  const rto = sent.roundTrip.timeout()
  if (sent.ranFor !== null) {
    const wait = Math.min(most, Math.max(timeouts.least, twice(sent.ranFor, rto * 2 ** (sent.timeouts - 1))))
    return reckoned({ from: sent.armed, wait, times: sent.timeouts, next, most }, moment.at)
  }
  const probe = sent.probed || sent.waiting < 2 ? null : sent.roundTrip.probe()
  const from = Math.max(sent.armed, sent.last)
  if (probe !== null && from + probe < sent.armed + rto && from + probe > moment.at)
    return { at: from + probe, times: 0, certainty: 'assumed' }
  return reckoned({ from: sent.armed, wait: rto, times: 0, next, most }, moment.at)
}

/** The row that shows when the timer ran out which runs at the moment; null: something stopped it before, or nothing shows it. */
const nextResend = (flow: Flow, sent: Sent, moment: Moment): PacketRow | null => {
  let more = false
  for (const row of flow.rows) {
    if (isUpTo(row, moment)) continue
    if (row.from !== sent.side) {
      if (sent.takes(row)) return null
      continue
    }
    if (!isSent(row) || endOf(row) === row.seq) continue
    const why = resent(row)
    if (why === 'timer') return row
    // New data starts the timer of a probe again.
    if (why === 'probe') return more ? null : row
    if (row.notes.some(({ code }) => code === 'fast-retransmission')) return null
    more = true
  }
  return null
}
