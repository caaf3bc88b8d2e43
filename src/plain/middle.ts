/**
 * How a connection is first heard of that began before the capture: a segment of one end, then one of the other.
 *
 * In: a segment and its conversation's row. Out: false when it is not plain. From the second end's first segment on it is
 * open, and `synchronized.ts` follows it: what an end sends first is where the other one's ACK says that it is, nothing
 * is known of a window's shift (RFC 7323 section 2.3 allows 14 bits), and both ends are in ESTABLISHED as far as anybody knows.
 */
import type { CaptureRecord } from '../capture/record.js'
import { servingEnd } from '../flow/incarnations.js'
import { CLIENT, type End, other, SERVER } from '../flow/segment.js'
import { UNKNOWN_WINDOW } from '../rfc9293/machine.js'
import { ACK, FIN, type PacketView, RST, SYN } from '../wire/packet.js'
import {
  ACKED,
  BYTES_HIGH,
  BYTES_LOW,
  IN_MIDDLE,
  LONG,
  LOOK,
  LOOK_SCALE_SHIFT,
  LOOK_TIMESTAMPS,
  LOOK_UNCOUNTED,
  ONE_HEARD,
  OPEN,
  OPEN_LAST_N,
  OPEN_LAST_S,
  OPEN_PACKETS,
  PHASE,
  SAME,
  SERVER_WENT_ON,
  SIDE_WORDS,
  STATE,
  SYN_LOOK,
  SYN_SEQ,
  SYNACK_LOOK,
} from './layout.js'
import { beginSide } from './opening.js'
import type { PlainFlows } from './plain-flows.js'
import { synchronized } from './synchronized.js'

/** Stands at LOOK for the end that was not heard of. */
const UNHEARD = -1
/** Of an end's first ACK there is none before that says the same. */
const NO_ACK = -1
const WIDEST = 14

const isMiddle = ({ flags }: PacketView): boolean => (flags & (SYN | RST | FIN | ACK)) === ACK

/** Which end sent the first packet of a connection: with a SYN the client; else the ports tell. */
export const senderOfFirst = (view: PacketView): End =>
  isMiddle(view) && servingEnd(view.srcPort, view.dstPort) === CLIENT ? SERVER : CLIENT

/** The first segment. */
export function beginInMiddle(
  flows: PlainFlows,
  page: Int32Array,
  base: number,
  from: End,
  view: PacketView,
  record: CaptureRecord,
): boolean {
  if (!isMiddle(view)) return false
  const number = flows.long.add()
  page[base + LONG] = number + 1
  page[base + STATE] = ONE_HEARD | IN_MIDDLE | SERVER_WENT_ON
  page[base + SYN_SEQ] = 0
  const long = flows.long.page(number)
  const at = flows.long.base(number)
  const peer = at + other(from) * SIDE_WORDS
  beginSide(long, at + from * SIDE_WORDS, view.seq, UNKNOWN_WINDOW, UNHEARD, 0, Number.NaN)
  beginSide(long, peer, view.ack, UNKNOWN_WINDOW, UNHEARD, 0, Number.NaN)
  long[at + OPEN_PACKETS] = 0
  long[at + OPEN_LAST_S] = record.seconds | 0
  long[at + OPEN_LAST_N] = record.nanoseconds
  long[at + BYTES_LOW] = 0
  long[at + BYTES_HIGH] = 0
  hear(page, base, long, at, from, view)
  return synchronized(flows, page, base, OPEN, from, view, record)
}

/** A segment while only one end was heard of. */
export function hearMiddle(
  flows: PlainFlows,
  page: Int32Array,
  base: number,
  from: End,
  view: PacketView,
  record: CaptureRecord,
): boolean {
  const number = (page[base + LONG] as number) - 1
  const long = flows.long.page(number)
  const at = flows.long.base(number)
  if (long[at + from * SIDE_WORDS + LOOK] === UNHEARD) {
    const peer = at + other(from) * SIDE_WORDS
    if (view.hasTimestamps !== (((long[peer + LOOK] as number) & LOOK_TIMESTAMPS) !== 0)) return false
    // It says what it has of text that was under way when the capture began.
    if (((view.ack - (long[peer + ACKED] as number)) | 0) < 0) long[peer + ACKED] = view.ack
    hear(page, base, long, at, from, view)
    page[base + STATE] = ((page[base + STATE] as number) & ~PHASE) | OPEN
  } else if (!isMiddle(view)) return false
  return synchronized(flows, page, base, OPEN, from, view, record)
}

function hear(page: Int32Array, base: number, long: Int32Array, at: number, from: End, view: PacketView) {
  const side = at + from * SIDE_WORDS
  const stamped = view.hasTimestamps ? LOOK_TIMESTAMPS : 0
  long[side + LOOK] = view.ttl | (WIDEST << LOOK_SCALE_SHIFT) | stamped
  long[side + SAME] = NO_ACK
  page[base + (from === CLIENT ? SYN_LOOK : SYNACK_LOOK)] = view.ttl
}

/** Of one that is open, besides what makes any connection doubtful: an end may have closed before (`infer/closed-before.ts`). */
export const mayHaveClosedBefore = (long: Int32Array, side: number): boolean =>
  ((long[side + LOOK] as number) & LOOK_UNCOUNTED) !== 0
