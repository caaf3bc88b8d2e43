/**
 * Effects that make or unmake a TCB (RFC 9293 3.10.1, 3.10.7.2, 3.10.7.3).
 */
import type { CallEvent, MachineSegment } from '../event.js'
import { hold } from '../held.js'
import type { AnyEffect, Effect, SegmentEffect } from '../row.js'
import { endOf, textStart, withoutSyn, withSegment } from '../segment.js'
import { add, gt } from '../sequence.js'
import { closed, type Draft } from '../tcb.js'

/** "Delete the TCB." */
export const deleteTcb: AnyEffect = ({ tcb }) => {
  Object.assign(tcb, closed())
}

/** Back to LISTEN, or into it: a TCB that waits for any peer. */
export const awaitSyn: AnyEffect = ({ tcb }) => {
  Object.assign(tcb, closed())
  tcb.origin = 'passive'
}

/** SND.UNA <- ISS, SND.NXT <- ISS+1 */
const selectIss = (tcb: Draft, iss: number): void => {
  tcb.iss = iss
  tcb.sndUna = iss
  tcb.sndNxt = add(iss, 1)
  tcb.fin = null
}

/** `<SEQ=ISS><CTL=SYN>` leaves: SND.UNA <- ISS, SND.NXT <- ISS+1. */
export const sendSyn: Effect<Extract<CallEvent, { call: 'open-active' }>> = ({ tcb, event }) => {
  selectIss(tcb, event.iss)
  tcb.origin = 'active'
  tcb.rcvWnd = event.wnd
}

/** The SYN that a SEND in LISTEN causes; "data associated with SEND may be sent with SYN segment". */
export const sendSynForText: Effect<Extract<CallEvent, { call: 'send' }>> = ({ tcb, event }) => {
  selectIss(tcb, event.seq)
  tcb.sndNxt = add(event.seq, 1 + event.len)
  tcb.origin = 'active'
}

/** RCV.NXT <- SEG.SEQ+1, IRS <- SEG.SEQ, SND.WND <- SEG.WND, SND.WL1 <- SEG.SEQ, SND.WL2 <- SEG.ACK */
const synchronize = (tcb: Draft, seg: MachineSegment): void => {
  tcb.rcvNxt = add(seg.seq, 1)
  tcb.irs = seg.seq
  tcb.sndWnd = seg.wnd
  tcb.maxSndWnd = seg.wnd
  tcb.sndWl1 = seg.seq
  tcb.sndWl2 = seg.ack
}

/** LISTEN takes a SYN: the above, and ISS is selected, SND.NXT <- ISS+1, SND.UNA <- ISS. */
export const takeSynInListen: SegmentEffect = ({ tcb, event: { segment, answer } }) => {
  synchronize(tcb, segment)
  selectIss(tcb, answer?.iss ?? tcb.iss)
  tcb.origin = 'passive'
  tcb.held = []
}

/** SYN-SENT takes a SYN. What follows it in the segment is left for the later steps. */
export const takeSynInSynSent: SegmentEffect = ({ tcb, event }) => {
  synchronize(tcb, event.segment)
  tcb.origin = 'active'
  return { event: withSegment(event, withoutSyn(event.segment)) }
}

/** "SND.UNA should be advanced to equal SEG.ACK". */
export const ackOurSyn: SegmentEffect = ({ tcb, event }) => {
  tcb.sndUna = event.segment.ack
}

/** "Any other control or text should be queued for processing later." */
export const queueSynText: SegmentEffect = ({ tcb, event: { segment } }) => {
  const from = textStart(segment)
  const to = endOf(segment)
  if (from !== to) tcb.held = hold(tcb.held, { from, to, fin: segment.fin })
}

/** Fast Open takes the text of the SYN at once, as far as the SYN+ACK acknowledged it (RFC 7413 section 3). */
export const takeSynText: SegmentEffect = ({ tcb, event: { segment, answer } }) => {
  const end = add(textStart(segment), segment.len)
  const acked = answer?.ack ?? tcb.rcvNxt
  tcb.rcvNxt = gt(acked, end) ? end : acked
}
