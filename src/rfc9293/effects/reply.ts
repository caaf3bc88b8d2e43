/**
 * Effects that send: each forms one segment, written as in RFC 9293.
 */
import type { Reply, SegmentEvent } from '../event.js'
import type { AnyEffect, SegmentEffect, Situation } from '../row.js'
import { endOf } from '../segment.js'

/** `<SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>` */
export const sendAck: SegmentEffect = ({ tcb }) => ({
  reply: { kind: 'ack', seq: tcb.sndNxt, ack: tcb.rcvNxt },
})

/** `<SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>`, the challenge ACK of RFC 5961. */
export const sendChallengeAck: SegmentEffect = ({ tcb }) => ({
  reply: { kind: 'challenge-ack', seq: tcb.sndNxt, ack: tcb.rcvNxt },
})

/** `<SEQ=ISS><ACK=RCV.NXT><CTL=SYN,ACK>` */
export const sendSynAck: SegmentEffect = ({ tcb }) => ({
  reply: { kind: 'syn-ack', seq: tcb.iss, ack: tcb.rcvNxt },
})

/** ACK on: `<SEQ=SEG.ACK><CTL=RST>`. ACK off: `<SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>`. */
const reset = ({ event: { segment } }: Situation<SegmentEvent>): Reply =>
  segment.ackBit
    ? { kind: 'rst', seq: segment.ack, ack: null }
    : { kind: 'rst-ack', seq: 0, ack: endOf(segment) }

export const sendReset: SegmentEffect = (situation) => ({ reply: reset(situation) })

/** `<SEQ=SND.NXT><CTL=RST>`, the RST of ABORT; with ACK=RCV.NXT where the stack adds it. */
export const sendAbortReset: AnyEffect = ({ tcb, stack }) => ({
  reply: stack.abortCarriesAck
    ? { kind: 'rst-ack', seq: tcb.sndNxt, ack: tcb.rcvNxt }
    : { kind: 'rst', seq: tcb.sndNxt, ack: null },
})
