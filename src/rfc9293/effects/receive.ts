/**
 * Effects of the eight steps of RFC 9293 3.10.7.4 on the TCB and on the segment that later steps see.
 */
import type { MachineSegment } from '../event.js'
import { hold, release } from '../held.js'
import type { SegmentEffect } from '../row.js'
import { bringsNewerWindow, endOf, trimmed, withExtent, withSegment } from '../segment.js'
import { add, max } from '../sequence.js'
import type { Draft } from '../tcb.js'

/** Step 1: "only the new parts are processed". */
export const trim: SegmentEffect = ({ tcb, event }) => ({
  event: withSegment(event, trimmed(event.segment, tcb)),
})

/** Step 1, zero window: the ACK, URG and RST of a segment count, its text and FIN do not. */
export const dropText: SegmentEffect = ({ event }) => ({
  event: withSegment(
    event,
    withExtent(event.segment, { seq: event.segment.seq, len: 0, syn: event.segment.syn, fin: false }),
  ),
})

/** SND.WND <- SEG.WND, SND.WL1 <- SEG.SEQ, SND.WL2 <- SEG.ACK, MAX.SND.WND <- max(MAX.SND.WND, SEG.WND) */
export const setWindow = (tcb: Draft, seg: MachineSegment): void => {
  tcb.sndWnd = seg.wnd
  tcb.sndWl1 = seg.seq
  tcb.sndWl2 = seg.ack
  tcb.maxSndWnd = Math.max(tcb.maxSndWnd, seg.wnd)
}

/** Step 5: SND.UNA <- SEG.ACK, and the send window when the segment is not older than the last that set it. */
export const takeAck: SegmentEffect = ({ tcb, event: { segment } }) => {
  tcb.sndUna = max(tcb.sndUna, segment.ack)
  if (bringsNewerWindow(segment, tcb)) setWindow(tcb, segment)
}

/** Step 5, SYN-RECEIVED: SND.UNA <- SEG.ACK, SND.WND <- SEG.WND, SND.WL1 <- SEG.SEQ, SND.WL2 <- SEG.ACK. */
export const takeAckOfSyn: SegmentEffect = ({ tcb, event: { segment } }) => {
  tcb.sndUna = segment.ack
  setWindow(tcb, segment)
}

/** Step 5: SND.WND <- SEG.WND, SND.WL1 <- SEG.SEQ, SND.WL2 <- SEG.ACK. */
export const updateWindow: SegmentEffect = ({ tcb, event }) => {
  setWindow(tcb, event.segment)
}

/** Step 1: "Segments with higher beginning sequence numbers SHOULD be held for later processing (SHLD-31)." */
export const holdText: SegmentEffect = ({ tcb, event: { segment } }) => {
  tcb.held = hold(tcb.held, { from: segment.seq, to: endOf(segment), fin: segment.fin })
}

/** Step 7: "advances RCV.NXT over the data accepted". */
export const takeText: SegmentEffect = ({ tcb, event: { segment } }) => {
  tcb.rcvNxt = add(tcb.rcvNxt, segment.len)
}

/**
 * Step 7: the gap is filled, and what was held is processed in SEG.SEQ order. A FIN at its end is handed to step 8 as
 * if it came alone.
 */
export const takeHeld: SegmentEffect = ({ tcb, event }) => {
  const { rcvNxt, held, fin } = release(tcb.held, tcb.rcvNxt)
  tcb.held = held
  tcb.rcvNxt = fin ? add(rcvNxt, -1) : rcvNxt
  if (!fin) return undefined
  const alone = withExtent(event.segment, { seq: tcb.rcvNxt, len: 0, syn: event.segment.syn, fin })
  return { event: withSegment(event, alone) }
}

/** Step 8: "advance RCV.NXT over the FIN". Nothing lies beyond a FIN, so nothing stays held. */
export const takeFin: SegmentEffect = ({ tcb }) => {
  tcb.rcvNxt = add(tcb.rcvNxt, 1)
  tcb.held = []
}
