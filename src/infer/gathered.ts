/**
 * What is asked of all segments of a connection, gathered in one look at them.
 *
 * In: segments. Out: its SYNs, each end's first segment, which options were used; whether anybody stands behind the
 * client's address.
 */
import { CLIENT, SERVER, type Segment } from '../flow/segment.js'

/** What one look at all segments tells. */
export interface Gathered {
  readonly syns: Segment[]
  /** Of each end, and how many the client sent. */
  readonly first: [Segment | undefined, Segment | undefined]
  ofClient: number
  /** The server has sent something that is neither SYN nor RST. */
  serverGoesOn: boolean
  readonly firstTextRow: [number, number]
  timestamps: boolean
  sack: boolean
  /** Somebody has sent an ACK that is no RST. */
  acknowledges: boolean
}

export function gathered(segments: readonly Segment[]): Gathered {
  const seen: Gathered = {
    syns: [],
    first: [undefined, undefined],
    ofClient: 0,
    serverGoesOn: false,
    firstTextRow: [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    timestamps: false,
    sack: false,
    acknowledges: false,
  }
  for (let row = 0; row < segments.length; row++) {
    const s = segments[row] as Segment
    const { from } = s
    if (seen.first[from] === undefined) seen.first[from] = s
    if (from === CLIENT) seen.ofClient++
    if (s.syn) seen.syns.push(s)
    else if (!s.rst) {
      if (from === SERVER) seen.serverGoesOn = true
      if (row < seen.firstTextRow[from] && (s.len > 0 || s.fin)) seen.firstTextRow[from] = row
    }
    if (s.ackBit && !s.rst) seen.acknowledges = true
    if (s.ackBit && s.hasTimestamps && s.tsEcr !== 0) seen.timestamps = true
    if (s.sackPermitted || s.sack.length > 0) seen.sack = true
  }
  return seen
}

/** A client whose SYN+ACK was lost sends its SYN again after 1 s (RFC 6298 section 2.1), with some slack here. */
const INITIAL_RTO = 1.2

/**
 * The server answers, and the client neither goes on, nor resets, nor sends its SYN again. A SYN+ACK alone, whose SYN
 * is not in the capture, is judged alike.
 */
export function isSpoofed(
  { first: [syn, synAck], ofClient, serverGoesOn }: Gathered,
  captureEnd: number,
): boolean {
  if (synAck === undefined || !synAck.syn || !synAck.ackBit) return false
  // A server that goes beyond its SYN+ACK has heard of somebody, in a capture of one direction too.
  if (serverGoesOn) return false
  if (ofClient > 1 || (syn !== undefined && (!syn.syn || syn.ackBit))) return false
  return captureEnd - (syn ?? synAck).at > INITIAL_RTO
}
