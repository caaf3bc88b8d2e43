/**
 * An open connection as far as it goes plainly: data and ACKs in order, then one FIN, its ACK, the other FIN, its ACK.
 *
 * In: a segment and its conversation's rows. Out: false when anything else happens: bytes again, out of order or
 * beyond the window, SACK, a shut window, a RST, a FIN that crosses another, long half-closed waits, a copy, another
 * TTL. RFC 9293 sections 3.4, 3.6 (figure 12), 3.8.6.
 */
import type { CaptureRecord } from '../capture/record.js'
import { CLIENT, type End, other, SERVER } from '../flow/segment.js'
import { ACK, CWR, ECE, FIN, type PacketView, PSH } from '../wire/packet.js'
import { getDouble } from './doubles.js'
import { acknowledge, push } from './in-flight.js'
import {
  ACK3_DATA,
  ACK3_S,
  ACKED,
  BOTH_CLOSED,
  BYTES_HIGH,
  BYTES_LOW,
  CLOSED,
  FIN_ACKED,
  FIN1_N,
  FIN1_PACKET,
  FIN1_S,
  FIN2_N,
  FIN2_PACKET,
  FIN2_S,
  HALF_CLOSED,
  ID_BREAKS,
  ID_FITS,
  LARGE,
  LONG,
  LOOK,
  LOOK_TIMESTAMPS,
  LOOK_TTL,
  MARK,
  NXT,
  OPEN,
  OPEN_LAST_N,
  OPEN_LAST_S,
  OPEN_PACKETS,
  PHASE,
  ROUND,
  SAME,
  SERVER_CLOSES,
  SERVER_WENT_ON,
  SIDE_WORDS,
  STATE,
  WINDOW,
} from './layout.js'
import { countId, isInTime, limitOf, secondsSince, shiftOf } from './opening.js'
import type { PlainFlows } from './plain-flows.js'
import { isnIn } from './reuse.js'
import { fold } from './summary.js'

const ORDINARY = ACK | PSH | ECE | CWR | FIN
/** A half-closed connection that takes longer may be an orphan's, or worth a finding; in seconds. */
const HALF_CLOSED_LONG = 4
/** An ACK of the last FIN that comes later, in seconds, was perhaps not the first: that FIN was due to be sent again. */
const LATE_ACK = 1
/** So much of the least round trip must be over before an answer can be one: `infer/track.ts` leaves a tenth. */
const LEAST = 0.9
/** Rows between the second FIN and its ACK that the full replay surely looks back over. */
const CLOSE_BY = 50

export function synchronized(
  flows: PlainFlows,
  page: Int32Array,
  base: number,
  phase: number,
  from: End,
  view: PacketView,
  record: CaptureRecord,
): boolean {
  const { flags, seq, ack, length } = view
  if (phase === CLOSED || (flags & ~ORDINARY) !== 0 || (flags & ACK) === 0) return false
  if (view.sackBlocks > 0 || view.window === 0 || view.optionsCut || view.windowCut) return false
  if (view.fastOpen >= 0 || view.reassembled) return false
  const number = (page[base + LONG] as number) - 1
  const long = flows.long.page(number)
  const at = flows.long.base(number)
  const own = at + from * SIDE_WORDS
  const peer = at + other(from) * SIDE_WORDS
  const { seconds, nanoseconds } = record
  if (!isInTime(long, at + OPEN_LAST_S, seconds, nanoseconds)) return false
  long[at + OPEN_PACKETS] = (long[at + OPEN_PACKETS] as number) + 1
  long[at + OPEN_LAST_S] = seconds | 0
  long[at + OPEN_LAST_N] = nanoseconds
  const look = long[own + LOOK] as number
  if (view.hasTimestamps !== ((look & LOOK_TIMESTAMPS) !== 0) || view.ttl !== (look & LOOK_TTL)) return false
  if (seq !== long[own + NXT]) return false
  const forward = (ack - (long[peer + ACKED] as number)) | 0
  const inFlight = ((long[peer + NXT] as number) - ack) | 0
  if (forward < 0 || inFlight < 0) return false
  const window = view.window << shiftOf(look)
  // What is under way must still fit: a window that shrinks is no plain one.
  if (inFlight > window) return false
  const fin = (flags & FIN) === 0 ? 0 : 1
  const takes = length + fin
  const end = (seq + takes) | 0
  if (takes > 0 && ((end - (long[own + ACKED] as number)) | 0) > (long[peer + WINDOW] as number)) return false
  if (!countId(long, own, view.ipId, takes)) return false
  if (!isNewAck(long, own, takes, forward, record, flows.several ? 1 : MOST_SAME)) return false

  const now = flows.at(seconds, nanoseconds)
  if (forward > 0) {
    long[peer + ACKED] = ack
    acknowledge(flows, long, at, number, from, view, now)
  }
  long[own + WINDOW] = window
  if (takes > 0) {
    long[own + NXT] = end
    push(flows, long, at, number, from, end, view, record)
    addBytes(long, at, length)
  }
  const limit = limitOf(look)
  if (limit > 0 && length > limit) page[base + STATE] = (page[base + STATE] as number) | LARGE
  const state = page[base + STATE] as number
  if (from === SERVER && (state & SERVER_WENT_ON) === 0) {
    if (!knowsAck(flows, long, at, state, view, now)) return false
    page[base + STATE] = state | SERVER_WENT_ON
  }
  if (fin === 0 && phase === OPEN) return true
  return closing(flows, page, base, long, at, from, view, record, takes, fin)
}

/** So many bare ACKs in a row may say the same; in several captures none, since one may stand in two of them. */
const MOST_SAME = 3

/** The same ACK again and again, or from another interface, may be a copy. */
function isNewAck(
  long: Int32Array,
  own: number,
  takes: number,
  forward: number,
  record: CaptureRecord,
  most: number,
): boolean {
  if (takes > 0 || forward > 0) {
    long[own + SAME] = 0
    return true
  }
  const same = (long[own + SAME] as number) + 1
  long[own + SAME] = same
  return same < most && record.iface.id === 0 && (record.flags & 3) === 0
}

function addBytes(long: Int32Array, at: number, length: number): void {
  const low = (long[at + BYTES_LOW] as number) + length
  // Thirty bits below, the rest above: no carry into the sign.
  long[at + BYTES_LOW] = low & 0x3fff_ffff
  long[at + BYTES_HIGH] = (long[at + BYTES_HIGH] as number) + (low >>> 30)
}

/** The server's first words after the handshake: did they leave after its final ACK had come? */
function knowsAck(
  flows: PlainFlows,
  long: Int32Array,
  at: number,
  state: number,
  view: PacketView,
  now: number,
): boolean {
  const since = now - flows.at(long[at + ACK3_S] as number, long[at + ACK3_S + 1] as number)
  // What comes sooner than the way there and back allows had left before.
  if (since < LEAST * getDouble(long, at + SIDE_WORDS + ROUND)) return false
  return (state & ACK3_DATA) === 0 || ((view.ack - (long[at + MARK] as number)) | 0) >= 0
}

/** From the first FIN on. */
function closing(
  flows: PlainFlows,
  page: Int32Array,
  base: number,
  long: Int32Array,
  at: number,
  from: End,
  view: PacketView,
  record: CaptureRecord,
  takes: number,
  fin: number,
): boolean {
  const state = page[base + STATE] as number
  const phase = state & PHASE
  if (phase === OPEN) {
    const closes = HALF_CLOSED | (from === SERVER ? SERVER_CLOSES : 0)
    page[base + STATE] = (state & ~PHASE & ~FIN_ACKED) | closes | isnIn(page, base)
    // From here on this stands where its SYN's number stood.
    page[base + FIN1_S] = record.seconds | 0
    page[base + FIN1_N] = record.nanoseconds
    page[base + FIN1_PACKET] = flows.numberOf(record)
    return true
  }
  const closer = (state & SERVER_CLOSES) === 0 ? CLIENT : SERVER
  const least = LEAST * getDouble(long, at + from * SIDE_WORDS + ROUND)
  if (from === closer) {
    // It has closed: only ACKs come from it.
    if (takes > 0) return false
    if (phase === HALF_CLOSED) return true
    if (view.ack !== long[at + other(from) * SIDE_WORDS + NXT]) return true
    const took = secondsSince(flows, page, base + FIN2_S, record)
    if (took < least || took > LATE_ACK) return false
    if ((long[at + OPEN_PACKETS] as number) - (long[at + MARK] as number) > CLOSE_BY) return false
    if (isDoubtful(long, at) || isDoubtful(long, at + SIDE_WORDS)) return false
    return fold(flows, page, base, long, at)
  }
  if (phase === BOTH_CLOSED) return false
  const covered = view.ack === long[at + other(from) * SIDE_WORDS + NXT]
  const since = secondsSince(flows, page, base + FIN1_S, record)
  if (since > HALF_CLOSED_LONG) return false
  let next = state
  if (covered && (state & FIN_ACKED) === 0) {
    if (since < least) return false
    next |= FIN_ACKED
  }
  if (fin === 1) {
    // A FIN that does not know of the other one: both closed at once.
    if (!covered) return false
    next = (next & ~PHASE) | BOTH_CLOSED
    page[base + FIN2_S] = record.seconds | 0
    page[base + FIN2_N] = record.nanoseconds
    page[base + FIN2_PACKET] = flows.numberOf(record)
    long[at + MARK] = long[at + OPEN_PACKETS] as number
  }
  page[base + STATE] = next
  return true
}

/** With some identifications that fit a count and some that do not, the full replay looks at each packet. */
export const isDoubtful = (long: Int32Array, side: number): boolean =>
  (long[side + ID_FITS] as number) > 0 && (long[side + ID_BREAKS] as number) > 0
