/**
 * What can happen to one end of a connection, and what it answers. The machine takes every event as truth.
 *
 * In: nothing. Out: the machine's outward types (RFC 9293 sections 3.3.1, 3.9.1, 3.10).
 */
import type { State } from './state.js'

/** One end's control block: the variables of RFC 9293 section 3.3.1 that decide states. Never changed in place. */
export interface Tcb {
  readonly state: State
  /** How SYN_RECEIVED was reached; MUST-11 asks to remember it. `unknown` when the capture starts later. */
  readonly origin: 'active' | 'passive' | 'unknown'
  /** Sequence numbers are unsigned 32-bit. */
  readonly iss: number
  readonly sndUna: number
  readonly sndNxt: number
  /** Send window in bytes, scaled, as the peer last advertised it. */
  readonly sndWnd: number
  readonly irs: number
  readonly rcvNxt: number
  /** Receive window in bytes, scaled, as this end last advertised it. */
  readonly rcvWnd: number
  /** Sequence number of our own FIN once it has been sent, else null. */
  readonly fin: number | null
  /** Segments held because they came ahead of RCV.NXT (section 3.10.7.4): sequence space [from, to), with a FIN at its end or not. In order, not overlapping. */
  readonly held: readonly { readonly from: number; readonly to: number; readonly fin: boolean }[]
}

/** A segment as the machine sees it: the SEG. variables of section 3.3.1. */
export interface MachineSegment {
  readonly seq: number
  /** Meaningful only with `ackBit`. */
  readonly ack: number
  /** Payload length in bytes, without SYN and FIN. */
  readonly len: number
  /** Window in bytes, scaled. */
  readonly wnd: number
  readonly syn: boolean
  readonly ackBit: boolean
  readonly fin: boolean
  readonly rst: boolean
  readonly urg?: boolean
  /** The timestamp check of RFC 7323 section 5 (PAWS) fails for this segment: not acceptable. The caller keeps timestamps. */
  readonly paws?: boolean
  /** In TIME_WAIT: a SYN whose timestamp is newer than the last one seen (RFC 6191 section 2). */
  readonly newerTimestamp?: boolean
}

/** User calls (section 3.9.1), with the numbers that the segment which they caused showed on the wire. */
export type CallEvent =
  | { readonly kind: 'call'; readonly call: 'open-passive' }
  | { readonly kind: 'call'; readonly call: 'open-active'; readonly iss: number; readonly wnd: number }
  /** Data left: SND.NXT moves to `seq + len` when that is ahead. */
  | { readonly kind: 'call'; readonly call: 'send'; readonly seq: number; readonly len: number }
  /** CLOSE, or shutdown for writing: a FIN with sequence number `fin` left (or will leave) this end. */
  | { readonly kind: 'call'; readonly call: 'close'; readonly fin: number }
  | { readonly kind: 'call'; readonly call: 'abort' }

export type TimeoutEvent = {
  readonly kind: 'timeout'
  /** `user`: the connection was given up (R2, SYN retries, keep-alive, user timeout); `time-wait`: 2MSL; `retransmission`: a timer ran out and a segment was sent again. */
  readonly timeout: 'user' | 'time-wait' | 'retransmission'
}

export type SegmentEvent = {
  readonly kind: 'segment'
  readonly segment: MachineSegment
}

/** An acceptable own segment moved our announced receive window (`wnd`, scaled) without any other effect. */
export type WindowEvent = { readonly kind: 'window'; readonly wnd: number }

export type MachineEvent = CallEvent | TimeoutEvent | SegmentEvent | WindowEvent

/** A segment that the machine says this end now sends. It is a prediction: the capture shows whether it came. */
export interface Reply {
  /** `ack` includes challenge ACKs and the ACK that drops an unacceptable segment. */
  readonly kind: 'syn-ack' | 'ack' | 'challenge-ack' | 'rst' | 'rst-ack'
  readonly seq: number
  readonly ack: number | null
}
