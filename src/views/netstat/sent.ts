/**
 * What one end has sent and not had acknowledged at a moment, and since when its retransmission timer runs.
 *
 * In: a flow, a side, a moment. Out: {@link Sent}. Times are that host's own, in seconds as in `PacketRow.at`.
 */
import type { Flow, PacketRow, Side, Timeouts } from '../../report.js'
import type { Moment } from './moment.js'
import { RoundTrip, wayTo } from './round-trip.js'

interface Outstanding {
  readonly end: number
  readonly at: number
}

/** Whether `a` lies behind `b`, around the sequence space. */
const behind = (a: number, b: number): boolean => ((a - b) | 0) > 0

/**
 * Whether a row had come by the moment. `#n` counts the frames of its own capture; those of others have but their time, and at
 * the same time come in the order of the captures.
 */
export const isUpTo = (
  row: { readonly at: number; readonly packet: number; readonly capture: number },
  { at, packet, capture = 0 }: Moment,
): boolean => {
  if (packet !== null && row.capture === capture) return row.packet <= packet
  return packet !== null && row.capture > capture ? row.at < at : row.at <= at
}

const RESENT: ReadonlySet<string> = new Set([
  'syn-retransmission',
  'syn-ack-retransmission',
  'retransmission',
  'fin-retransmission',
])

const isProbe = ({ notes }: PacketRow): boolean =>
  notes.some((note) => note.code === 'retransmission' && note.why === 'probe')

/** Sent again because a timer ran out: which of them. */
export const resent = (row: PacketRow): 'timer' | 'probe' | null =>
  isProbe(row) ? 'probe' : row.notes.some(({ code }) => RESENT.has(code)) ? 'timer' : null

const ASKS: ReadonlySet<string> = new Set(['keep-alive', 'zero-window-probe'])

/** A copy in the capture was not sent twice; what only asks takes no sequence space. */
export const isSent = ({ notes, flags }: PacketRow): boolean =>
  !flags.includes('R') && !notes.some(({ code }) => code === 'capture-duplicate' || ASKS.has(code))

export const endOf = ({ seq, len, flags }: PacketRow): number =>
  (seq + len + (flags.includes('S') ? 1 : 0) + (flags.includes('F') ? 1 : 0)) >>> 0

export class Sent {
  readonly roundTrip: RoundTrip
  /** From here the timer runs. */
  armed = 0
  /** How long it ran the last time, before what it guards was sent again; null: it has not run out. */
  ranFor: number | null = null
  /** How often it has run out since something new was acknowledged. */
  timeouts = 0
  /** When anything new was sent last. */
  last = 0
  /** A tail loss probe has been sent: there is one only. */
  probed = false
  /** How far the peer has acknowledged; null: not at all. */
  acknowledged: number | null = null
  /** The window that the peer has told last. */
  peerWindow: number | null = null
  readonly #sent: Outstanding[] = []
  /** In `#sent`, the first that waits. */
  #first = 0
  #next: number | null = null
  /** Up to here something was sent twice: its ACK measures nothing (Karn). */
  #twice: number | null = null
  /** Half the way from the capture point to this end. */
  readonly #way: number

  constructor(
    flow: Flow,
    readonly side: Side,
    moment: Moment,
    timeouts: Timeouts,
  ) {
    this.roundTrip = new RoundTrip(timeouts)
    this.#way = wayTo(side, flow) / 2
    for (const row of flow.rows) {
      if (!isUpTo(row, moment)) continue
      if (row.from !== side) this.#acknowledges(row)
      else if (isSent(row)) this.#sends(row)
    }
  }

  /** Segments that wait for their ACK. */
  get waiting(): number {
    return this.#sent.length - this.#first
  }

  /** When what passes the capture point at `at` left this end. */
  leftAt(at: number): number {
    return at - this.#way
  }

  /** Whether a segment of the other end acknowledges something that waits. */
  takes(row: PacketRow): boolean {
    if (row.ack === null || row.received === false || row.flags.includes('R')) return false
    return this.acknowledged === null ? this.waiting > 0 : behind(row.ack, this.acknowledged)
  }

  #sends(row: PacketRow): void {
    const end = endOf(row)
    if (end === row.seq) return
    const at = this.leftAt(row.at)
    if (this.#next === null || behind(end, this.#next)) {
      if (this.waiting === 0) this.armed = at
      this.#sent.push({ end, at })
      this.#next = end
      this.last = at
      return
    }
    if (this.#twice === null || behind(end, this.#twice)) this.#twice = end
    const why = resent(row)
    if (why === 'timer') {
      this.timeouts++
      this.ranFor = at - this.armed
    } else if (why === 'probe') this.probed = true
    if (this.waiting > 0) this.armed = at
  }

  #acknowledges(row: PacketRow): void {
    if (row.flags.includes('R')) return
    if (row.received !== false && row.ack !== null) this.peerWindow = row.window
    if (!this.takes(row) || row.ack === null) return
    const at = row.at + this.#way
    this.acknowledged = row.ack
    let measured: Outstanding | undefined
    for (; this.#first < this.#sent.length; this.#first++) {
      const each = this.#sent[this.#first]
      if (each === undefined || behind(each.end, row.ack)) break
      if (this.#twice === null || behind(each.end, this.#twice)) measured ??= each
    }
    if (measured !== undefined) this.roundTrip.measured(at - measured.at)
    this.armed = at
    this.ranFor = null
    this.timeouts = 0
    this.probed = false
  }
}
