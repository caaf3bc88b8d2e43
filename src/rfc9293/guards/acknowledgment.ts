/**
 * Guards of the ACK field (RFC 9293 section 3.4, 3.10.7.3 first, 3.10.7.4 step 5). They are asked only when the ACK
 * bit is on, except where they say so.
 */

import type { CallEvent, TimeoutEvent } from '../event.js'
import type { Guard, SegmentGuard } from '../row.js'
import { bringsNewerWindow, textStart } from '../segment.js'
import { add, gt, leq, lt } from '../sequence.js'

/** SND.UNA < SEG.ACK =< SND.NXT, "an acceptable ack" (and the ACK bit is on). */
export const ackIsAcceptable: SegmentGuard = ({ tcb, event: { segment } }) =>
  segment.ackBit && lt(tcb.sndUna, segment.ack) && leq(segment.ack, tcb.sndNxt)

/** SEG.ACK =< ISS or SEG.ACK > SND.NXT */
export const ackIsNotForOurSyn: SegmentGuard = ({ tcb, event: { segment } }) =>
  leq(segment.ack, tcb.iss) || gt(segment.ack, tcb.sndNxt)

/** SEG.ACK > SND.NXT: "acks something not yet sent". */
export const ackIsFuture: SegmentGuard = ({ tcb, event }) => gt(event.segment.ack, tcb.sndNxt)

/** Not (SND.UNA - MAX.SND.WND) =< SEG.ACK, the lower bound of RFC 5961 section 5. */
export const ackIsTooOld: SegmentGuard = ({ tcb, event }) =>
  lt(event.segment.ack, add(tcb.sndUna, -tcb.maxSndWnd))

/** Our FIN has left and SEG.ACK lies beyond it. */
export const ackCoversOurFin: SegmentGuard = ({ tcb, event: { segment } }) =>
  tcb.fin !== null && gt(segment.ack, tcb.fin) && leq(segment.ack, tcb.sndNxt)

/**
 * SND.UNA =< SEG.ACK =< SND.NXT and (SND.WL1 < SEG.SEQ or (SND.WL1 = SEG.SEQ and SND.WL2 =< SEG.ACK)): the window is
 * that of a newer segment; here also that it differs from the one known.
 */
export const windowMoves: SegmentGuard = ({ tcb, event: { segment: seg } }) =>
  leq(tcb.sndUna, seg.ack) &&
  leq(seg.ack, tcb.sndNxt) &&
  bringsNewerWindow(seg, tcb) &&
  seg.wnd !== tcb.sndWnd

/** The SYN+ACK that we sent acknowledges text of the SYN: Fast Open took it (RFC 7413 section 3). */
export const answerTookText: SegmentGuard = ({ event: { segment, answer } }) =>
  segment.len > 0 && answer?.ack !== undefined && gt(answer.ack, textStart(segment))

/** SND.UNA < SND.NXT: something is on the retransmission queue. */
export const somethingInFlight: Guard<TimeoutEvent> = ({ tcb }) => lt(tcb.sndUna, tcb.sndNxt)

/** SEG.SEQ+SEG.LEN does not go beyond our FIN: text that was queued before CLOSE. */
export const beforeOurFin: Guard<Extract<CallEvent, { call: 'send' }>> = ({ tcb, event }) =>
  tcb.fin !== null && leq(add(event.seq, event.len), add(tcb.fin, 1))
