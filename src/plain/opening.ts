/**
 * The handshake as far as it goes plainly: SYN, SYN+ACK, ACK. RFC 9293 section 3.5, figure 6.
 *
 * In: a segment and its conversation's row. Out: false when it is not the one that comes next, or says anything that
 * the full replay has to weigh (text on a SYN, Fast Open, slow answers that a timer may have caused).
 */
import type { CaptureRecord } from '../capture/record.js'
import { CLIENT, SERVER } from '../flow/segment.js'
import { STEPS } from '../infer/origin.js'
import { tcpChecksum } from '../wire/checksum.js'
import { ACK, CWR, ECE, FIN, type PacketView, PSH, RST, SYN } from '../wire/packet.js'
import { setDouble } from './doubles.js'
import { push } from './in-flight.js'
import {
  ACK3_DATA,
  ACK3_N,
  ACK3_S,
  ACKED,
  BYTES_HIGH,
  BYTES_LOW,
  ECN_ASKED,
  FLYING,
  ID,
  ID_BREAKS,
  ID_FITS,
  LARGE,
  LONG,
  LOOK,
  LOOK_MSS_MOST,
  LOOK_MSS_SHIFT,
  LOOK_PARTIAL,
  LOOK_SCALE_SHIFT,
  LOOK_TIMESTAMPS,
  LOOK_TTL,
  LOOK_UNCOUNTED,
  MARK,
  NXT,
  OPEN,
  OPEN_LAST_N,
  OPEN_LAST_S,
  OPEN_PACKETS,
  PACKETS,
  REFUSED,
  ROUND,
  SAME,
  SIDE_WORDS,
  START_S,
  STATE,
  SYN_LOOK,
  SYN_SEEN,
  SYN_SEQ,
  SYN_TS,
  SYN_WINDOW_ID,
  SYNACK_LOOK,
  SYNACK_N,
  SYNACK_PACKET,
  SYNACK_S,
  SYNACK_SEEN,
  SYNACK_SEQ,
  SYNACK_TS,
  SYNACK_WINDOW_ID,
  WAITING,
  WINDOW,
} from './layout.js'
import type { PlainFlows } from './plain-flows.js'

/** Answers later than this may have to do with a timer, in seconds. */
const PROMPT = 0.9

const ECN = ECE | CWR

/** Nothing but a SYN. */
export const isPlainSyn = (view: PacketView): boolean =>
  (view.flags & ~ECN) === SYN && view.length === 0 && isWhole(view)

/** Every field that counts was captured, and there is no Fast Open. */
const isWhole = (view: PacketView): boolean =>
  view.fastOpen < 0 && !view.optionsCut && !view.windowCut && view.sackBlocks === 0 && !view.reassembled

const lookOf = (view: PacketView): number =>
  view.ttl |
  (tcpChecksum(view) === 'partial' ? LOOK_PARTIAL : 0) |
  (Math.min(Math.max(view.mss, 0), LOOK_MSS_MOST) << LOOK_MSS_SHIFT) |
  ((Math.min(view.windowScale, 14) + 1) << LOOK_SCALE_SHIFT) |
  (view.hasTimestamps ? LOOK_TIMESTAMPS : 0)

/** An identification that IPv6 has not is 0, as that of a host which counts none. */
const windowWithId = (view: PacketView): number => (view.window << 16) | Math.max(view.ipId, 0)
export const windowIn = (word: number): number => word >>> 16
const idIn = (word: number): number => word & 0xffff

export function takeSyn(page: Int32Array, base: number, view: PacketView): void {
  page[base + STATE] = SYN_SEEN | (view.flags & ECN)
  page[base + SYN_SEQ] = view.seq
  page[base + SYN_TS] = view.tsVal
  page[base + SYN_LOOK] = lookOf(view)
  page[base + SYN_WINDOW_ID] = windowWithId(view)
}

export function takeSynAck(
  flows: PlainFlows,
  page: Int32Array,
  base: number,
  view: PacketView,
  record: CaptureRecord,
): boolean {
  if ((view.flags & ~ECN) !== (SYN | ACK) || view.length > 0 || !isWhole(view)) return false
  if (view.ack !== (((page[base + SYN_SEQ] as number) + 1) | 0)) return false
  const took = secondsSince(flows, page, base + START_S, record)
  if (took < 0 || took > PROMPT) return false
  const asked = (page[base + STATE] as number) & ECN_ASKED
  page[base + STATE] = SYNACK_SEEN | asked | ((view.flags & ECN) << 2)
  page[base + SYNACK_SEQ] = view.seq
  page[base + SYNACK_TS] = view.tsVal
  page[base + SYNACK_LOOK] = lookOf(view)
  page[base + SYNACK_WINDOW_ID] = windowWithId(view)
  page[base + SYNACK_S] = record.seconds | 0
  page[base + SYNACK_N] = record.nanoseconds
  page[base + SYNACK_PACKET] = flows.numberOf(record)
  // A SYN+ACK that echoes another time stamp answers another SYN.
  return !view.hasTimestamps || !hasTimestamps(page, base + SYN_LOOK) || view.tsEcr === page[base + SYN_TS]
}

/** The RST of a port that nobody listens on, as RFC 9293 section 3.10.7.1 has it: no number of its own, the SYN acknowledged. */
export function takeRefusal(
  flows: PlainFlows,
  page: Int32Array,
  base: number,
  view: PacketView,
  record: CaptureRecord,
): boolean {
  if (view.flags !== (RST | ACK) || view.length > 0 || !isWhole(view)) return false
  if (view.seq !== 0 || view.window !== 0 || view.hasOptions) return false
  if (view.ack !== (((page[base + SYN_SEQ] as number) + 1) | 0)) return false
  const took = secondsSince(flows, page, base + START_S, record)
  // At one time with its SYN it ends what has not lasted: a timer that never ran, say.
  if (took <= 0 || took > PROMPT) return false
  page[base + STATE] = REFUSED | ((page[base + STATE] as number) & ECN_ASKED)
  page[base + SYNACK_SEQ] = 0
  page[base + SYNACK_WINDOW_ID] = windowWithId(view)
  page[base + SYNACK_S] = record.seconds | 0
  page[base + SYNACK_N] = record.nanoseconds
  page[base + SYNACK_PACKET] = flows.numberOf(record)
  return true
}

/** The first segment of the client behind its SYN: its ACK, with or without data. */
export function takeAck(
  flows: PlainFlows,
  page: Int32Array,
  base: number,
  view: PacketView,
  record: CaptureRecord,
): boolean {
  const isn = page[base + SYN_SEQ] as number
  const peerIsn = page[base + SYNACK_SEQ] as number
  if ((view.flags & ~(PSH | ECN)) !== ACK || (view.flags & FIN) !== 0 || !isWhole(view)) return false
  if (view.seq !== ((isn + 1) | 0) || view.ack !== ((peerIsn + 1) | 0) || view.window === 0) return false
  const clientLook = page[base + SYN_LOOK] as number
  const serverLook = page[base + SYNACK_LOOK] as number
  const stamped = (clientLook & serverLook & LOOK_TIMESTAMPS) !== 0
  if (view.hasTimestamps !== stamped || view.ttl !== (clientLook & LOOK_TTL)) return false
  const took = secondsSince(flows, page, base + SYNACK_S, record)
  if (took < 0 || took > PROMPT) return false
  const there = timeIn(flows, page, base + SYNACK_S) - timeIn(flows, page, base + START_S)
  if (stamped && view.tsEcr !== page[base + SYNACK_TS]) return false

  const number = flows.long.add()
  page[base + LONG] = number + 1
  const long = flows.long.page(number)
  const at = flows.long.base(number)
  const peer = at + SIDE_WORDS
  const look = lookAmong(clientLook, serverLook)
  const client = page[base + SYN_WINDOW_ID] as number
  const server = page[base + SYNACK_WINDOW_ID] as number
  beginSide(long, at, (isn + 1) | 0, view.window << shiftOf(look), look, idIn(client), took)
  beginSide(
    long,
    peer,
    (peerIsn + 1) | 0,
    windowIn(server),
    lookAmong(serverLook, clientLook),
    idIn(server),
    there,
  )
  long[at + OPEN_PACKETS] = page[base + PACKETS] as number
  long[at + OPEN_LAST_S] = record.seconds | 0
  long[at + OPEN_LAST_N] = record.nanoseconds
  long[at + BYTES_LOW] = view.length
  long[at + BYTES_HIGH] = 0
  long[at + ACK3_S] = record.seconds | 0
  long[at + ACK3_N] = record.nanoseconds
  long[at + MARK] = 0
  page[base + STATE] = OPEN
  if (view.length > 0) {
    // Its own ACK will show that it came.
    if (view.length > windowIn(server)) return false
    const limit = limitOf(look)
    const large = limit > 0 && view.length > limit ? LARGE : 0
    const end = (view.seq + view.length) | 0
    page[base + STATE] = OPEN | ACK3_DATA | large
    long[at + MARK] = end
    long[at + NXT] = end
    push(flows, long, at, number, CLIENT, end, view, record)
  }
  return countId(long, at, view.ipId, view.length)
}

export function beginSide(
  long: Int32Array,
  side: number,
  nxt: number,
  window: number,
  look: number,
  id: number,
  round: number,
): void {
  long[side + NXT] = nxt
  long[side + ACKED] = nxt
  long[side + WINDOW] = window
  long[side + LOOK] = look
  long[side + ID] = id
  long[side + ID_FITS] = 0
  long[side + ID_BREAKS] = 0
  long[side + WAITING] = 0
  long[side + SAME] = 0
  long[side + FLYING] = 0
  setDouble(long, side + ROUND, round)
}

/** Seconds since the epoch of the time whose seconds stand at `where` and whose nanoseconds stand behind them. */
export const timeIn = (flows: PlainFlows, words: Int32Array, where: number): number =>
  flows.at(words[where] as number, words[where + 1] as number)

export const secondsSince = (
  flows: PlainFlows,
  words: Int32Array,
  where: number,
  record: CaptureRecord,
): number => flows.at(record.seconds, record.nanoseconds) - timeIn(flows, words, where)

/** Rows and the log keep seconds in a word each: pcapng has times before 1970 and behind 2106. */
export const fitsWord = (seconds: number): boolean => seconds >>> 0 === seconds

/**
 * A later time than the one at `where`, or the same, which a row can keep. When a clock was set back, how long anything
 * took has to be weighed.
 */
export const isInTime = (words: Int32Array, where: number, seconds: number, nanoseconds: number): boolean => {
  if (!fitsWord(seconds)) return false
  const last = (words[where] as number) >>> 0
  return seconds > last || (seconds === last && nanoseconds >= (words[where + 1] as number))
}

const scaleOf = (look: number): number => ((look >>> LOOK_SCALE_SHIFT) & 0xff) - 1
const hasTimestamps = (page: Int32Array, at: number): boolean =>
  ((page[at] as number) & LOOK_TIMESTAMPS) !== 0

const LOOK_MSS = LOOK_MSS_MOST << LOOK_MSS_SHIFT

/** What one end's packets look like from its handshake with the other on. */
const lookAmong = (own: number, peer: number): number => {
  const scaled = scaleOf(own) >= 0 && scaleOf(peer) >= 0
  return (
    (own & LOOK_TTL) |
    (own & peer & LOOK_TIMESTAMPS) |
    (scaled ? scaleOf(own) << LOOK_SCALE_SHIFT : 0) |
    (peer & LOOK_MSS)
  )
}

/** Of a word that stands at LOOK: the largest payload that the other end's SYN allows; 0: it said nothing, or too much. */
export const limitOf = (look: number): number => {
  const mss = look >>> LOOK_MSS_SHIFT
  return mss === LOOK_MSS_MOST ? 0 : mss
}

/** Of a word that stands at LOOK: how far the window is shifted. */
export const shiftOf = (look: number): number => (look >>> LOOK_SCALE_SHIFT) & 0xff

/** How far the client's, the server's window is shifted. */
export const scaleIn = (page: Int32Array, base: number, from: number): number => {
  const client = scaleOf(page[base + SYN_LOOK] as number)
  const server = scaleOf(page[base + SYNACK_LOOK] as number)
  if (client < 0 || server < 0) return 0
  return from === SERVER ? server : client
}

/** Stands for a host that sends text without an identification. */
const UNCOUNTED = -1

/** Takes note of an IP identification; false when it repeats one, as only a copy does. `takes`: text or a FIN. */
export function countId(long: Int32Array, side: number, id: number, takes: number): boolean {
  const before = long[side + ID] as number
  if (id <= 0) {
    if (before === UNCOUNTED) return true
    if (before > 0 && takes === 0) long[side + LOOK] = (long[side + LOOK] as number) | LOOK_UNCOUNTED
    if (takes === 0) return true
    if (before > 0) return false
    long[side + ID] = UNCOUNTED
    return true
  }
  if (before === UNCOUNTED) return false
  long[side + ID] = id
  if (before === 0) return true
  const step = (id - before) & 0xffff
  if (step === 0) return false
  const which = side + (step <= STEPS ? ID_FITS : ID_BREAKS)
  long[which] = (long[which] as number) + 1
  return true
}
