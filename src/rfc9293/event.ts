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
  /** SND.WL1 and SND.WL2: SEG.SEQ and SEG.ACK of the segment that last moved the send window. */
  readonly sndWl1: number
  readonly sndWl2: number
  /** MAX.SND.WND (3.10.7.4 step 5): the largest send window ever received, in bytes. */
  readonly maxSndWnd: number
  readonly irs: number
  readonly rcvNxt: number
  /** Receive window in bytes, scaled, as this end last advertised it. Kept as given: not reduced when text is taken. */
  readonly rcvWnd: number
  /** Sequence number of our own FIN once CLOSE was called, else null. It has left when SND.NXT is beyond it. */
  readonly fin: number | null
  /** The owner has closed the socket, not only its sending half: nobody can read what still comes (3.6.1, MAY-1). */
  readonly orphan: boolean
  /** Segments held because they came ahead of RCV.NXT (3.10.7.4 step 1, SHLD-31). In order, not overlapping. */
  readonly held: readonly HeldBlock[]
}

/** Sequence space [from, to) that came early; a FIN at its end counts in it. */
export interface HeldBlock {
  readonly from: number
  readonly to: number
  readonly fin: boolean
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
  /** Data left: SND.NXT moves to `seq + len` when that is ahead. In LISTEN `seq` is the number of the SYN that SEND caused, and `len` the text on it. */
  | { readonly kind: 'call'; readonly call: 'send'; readonly seq: number; readonly len: number }
  /**
   * CLOSE, or shutdown for writing: a FIN with sequence number `fin` left this end. With `queued` it waits behind data
   * (a shut window) and SND.NXT stays; the same event without `queued` says later that it left. `orphan`: it was a
   * close of both halves, so that text which still comes draws a RST (3.6.1, SHLD-3).
   */
  | {
      readonly kind: 'call'
      readonly call: 'close'
      readonly fin: number
      readonly queued?: boolean
      readonly orphan?: boolean
    }
  | { readonly kind: 'call'; readonly call: 'abort' }

export type TimeoutEvent = {
  readonly kind: 'timeout'
  /** `user`: the connection was given up (R2, SYN retries, keep-alive, user timeout); `time-wait`: 2MSL; `retransmission`: a timer ran out and a segment was sent again. */
  readonly timeout: 'user' | 'time-wait' | 'retransmission'
}

export type SegmentEvent = {
  readonly kind: 'segment'
  readonly segment: MachineSegment
  /**
   * For a SYN: the SYN+ACK that it drew, as the wire showed it. The machine cannot guess an ISS, nor whether the text
   * on a SYN was taken at once (Fast Open: `ack` lies beyond SEG.SEQ+1).
   */
  readonly answer?: { readonly iss: number; readonly ack?: number } | undefined
}

/** An acceptable own segment moved our announced receive window (`wnd`, scaled) without any other effect. */
export type WindowEvent = { readonly kind: 'window'; readonly wnd: number }

/** An ICMP error about this connection arrived (section 3.9.2.2 says which are hard and which soft). */
export type IcmpEvent = { readonly kind: 'icmp'; readonly error: 'hard' | 'soft' }

export type MachineEvent = CallEvent | TimeoutEvent | SegmentEvent | WindowEvent | IcmpEvent

/** A segment that the machine says this end now sends. It is a prediction: the capture shows whether it came. */
export interface Reply {
  /** `ack` includes challenge ACKs and the ACK that drops an unacceptable segment. */
  readonly kind: 'syn-ack' | 'ack' | 'challenge-ack' | 'rst' | 'rst-ack'
  readonly seq: number
  readonly ack: number | null
}
