/**
 * The SEG. variables of RFC 9293 section 3.3.1, and the trimming of a segment to the window.
 *
 * In: a segment. Out: numbers, or the part of it that the window lets in.
 */
import type { MachineSegment, SegmentEvent, Tcb } from './event.js'
import { add, diff, gt, leq, lt } from './sequence.js'

/** SEG.LEN: "the number of octets occupied by the data in the segment (counting SYN and FIN)". */
export const SEG_LEN = (seg: MachineSegment): number => seg.len + (seg.syn ? 1 : 0) + (seg.fin ? 1 : 0)

/** SEG.SEQ+SEG.LEN: the number after the last one that the segment occupies. */
export const endOf = (seg: MachineSegment): number => add(seg.seq, SEG_LEN(seg))

/** The number of the first octet of text: "SYN is considered to occur before the first actual data octet". */
export const textStart = (seg: MachineSegment): number => (seg.syn ? add(seg.seq, 1) : seg.seq)

/** The segment with another extent. Field by field, so that all segments have one shape: it is made very often. */
export const withExtent = (
  seg: MachineSegment,
  { seq, len, syn, fin }: Pick<MachineSegment, 'seq' | 'len' | 'syn' | 'fin'>,
): MachineSegment => ({
  seq,
  ack: seg.ack,
  len,
  wnd: seg.wnd,
  syn,
  ackBit: seg.ackBit,
  fin,
  rst: seg.rst,
  urg: seg.urg === true,
  paws: seg.paws === true,
  newerTimestamp: seg.newerTimestamp === true,
})

/** The event as later steps see it. */
export const withSegment = ({ answer }: SegmentEvent, segment: MachineSegment): SegmentEvent => ({
  kind: 'segment',
  segment,
  answer,
})

/** The segment behind its SYN. */
export const withoutSyn = (seg: MachineSegment): MachineSegment =>
  withExtent(seg, { seq: textStart(seg), len: seg.len, syn: false, fin: seg.fin })

/** "Trimming off any portions that lie outside the window (including SYN and FIN)", 3.10.7.4 step 1. */
export const trimmed = (whole: MachineSegment, tcb: Tcb): MachineSegment => {
  let seg = whole
  if (lt(seg.seq, tcb.rcvNxt)) {
    if (seg.syn) seg = withoutSyn(seg)
    const old = Math.max(0, diff(tcb.rcvNxt, seg.seq))
    const len = Math.max(0, seg.len - old)
    seg = withExtent(seg, { seq: tcb.rcvNxt, len, syn: seg.syn, fin: seg.fin && old <= seg.len })
  }
  const edge = add(tcb.rcvNxt, tcb.rcvWnd)
  if (!gt(endOf(seg), edge)) return seg
  const len = Math.min(seg.len, Math.max(0, diff(edge, textStart(seg))))
  return withExtent(seg, { seq: seg.seq, len, syn: seg.syn, fin: false })
}

/**
 * SND.WL1 < SEG.SEQ or (SND.WL1 = SEG.SEQ and SND.WL2 =< SEG.ACK): "the check here prevents using old segments to
 * update the window", 3.10.7.4 step 5.
 */
export const bringsNewerWindow = (seg: MachineSegment, tcb: Tcb): boolean =>
  lt(tcb.sndWl1, seg.seq) || (tcb.sndWl1 === seg.seq && leq(tcb.sndWl2, seg.ack))
