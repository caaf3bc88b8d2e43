/**
 * Effects that make or unmake a TCB (RFC 9293 3.10.1, 3.10.7.2, 3.10.7.3).
 */
import type { CallEvent, MachineSegment, Tcb } from '../event.js'
import { hold } from '../held.js'
import type { AnyEffect, Effect, SegmentEffect } from '../row.js'
import { endOf, textStart, withoutSyn } from '../segment.js'
import { add, gt } from '../sequence.js'
import { closed } from '../tcb.js'

/** "Delete the TCB." */
export const deleteTcb: AnyEffect = () => ({ tcb: closed() })

const WAITING: Tcb = Object.freeze({ ...closed(), state: 'LISTEN', origin: 'passive' })

/** Back to LISTEN, or into it: a TCB that waits for any peer. */
export const awaitSyn: AnyEffect = () => ({ tcb: WAITING })

/** SND.UNA <- ISS, SND.NXT <- ISS+1 */
const selectIss = (tcb: Tcb, iss: number): Tcb => ({
  ...tcb,
  iss,
  sndUna: iss,
  sndNxt: add(iss, 1),
  fin: null,
})

/** `<SEQ=ISS><CTL=SYN>` leaves: SND.UNA <- ISS, SND.NXT <- ISS+1. */
export const sendSyn: Effect<Extract<CallEvent, { call: 'open-active' }>> = ({ tcb, event }) => ({
  tcb: { ...selectIss(tcb, event.iss), origin: 'active', rcvWnd: event.wnd },
})

/** The SYN that a SEND in LISTEN causes; "data associated with SEND may be sent with SYN segment". */
export const sendSynForText: Effect<Extract<CallEvent, { call: 'send' }>> = ({ tcb, event }) => ({
  tcb: { ...selectIss(tcb, event.seq), sndNxt: add(event.seq, 1 + event.len), origin: 'active' },
})

/** RCV.NXT <- SEG.SEQ+1, IRS <- SEG.SEQ, SND.WND <- SEG.WND, SND.WL1 <- SEG.SEQ, SND.WL2 <- SEG.ACK */
const synchronize = (tcb: Tcb, seg: MachineSegment): Tcb => ({
  ...tcb,
  rcvNxt: add(seg.seq, 1),
  irs: seg.seq,
  sndWnd: seg.wnd,
  maxSndWnd: seg.wnd,
  sndWl1: seg.seq,
  sndWl2: seg.ack,
})

/** LISTEN takes a SYN: the above, and ISS is selected, SND.NXT <- ISS+1, SND.UNA <- ISS. */
export const takeSynInListen: SegmentEffect = ({ tcb, event: { segment, answer } }) => ({
  tcb: { ...selectIss(synchronize(tcb, segment), answer?.iss ?? tcb.iss), origin: 'passive', held: [] },
})

/** SYN-SENT takes a SYN. What follows it in the segment is left for the later steps. */
export const takeSynInSynSent: SegmentEffect = ({ tcb, event }) => ({
  tcb: { ...synchronize(tcb, event.segment), origin: 'active' },
  event: { ...event, segment: withoutSyn(event.segment) },
})

/** "SND.UNA should be advanced to equal SEG.ACK". */
export const ackOurSyn: SegmentEffect = ({ tcb, event }) => ({ tcb: { ...tcb, sndUna: event.segment.ack } })

/** "Any other control or text should be queued for processing later." */
export const queueSynText: SegmentEffect = ({ tcb, event: { segment } }) => {
  const from = textStart(segment)
  const to = endOf(segment)
  return from === to ? {} : { tcb: { ...tcb, held: hold(tcb.held, { from, to, fin: segment.fin }) } }
}

/** Fast Open takes the text of the SYN at once, as far as the SYN+ACK acknowledged it (RFC 7413 section 3). */
export const takeSynText: SegmentEffect = ({ tcb, event: { segment, answer } }) => {
  const end = add(textStart(segment), segment.len)
  const acked = answer?.ack ?? tcb.rcvNxt
  return { tcb: { ...tcb, rcvNxt: gt(acked, end) ? end : acked } }
}
