/**
 * Guards of the sequence number check (RFC 9293 3.10.7.4 step 1, table 6) and of what depends on where a segment lies.
 */
import type { MachineSegment, Tcb } from '../event.js'
import type { SegmentGuard } from '../row.js'
import { endOf, SEG_LEN } from '../segment.js'
import { add, geq, gt, leq, lt } from '../sequence.js'

/** RCV.NXT =< number < RCV.NXT+RCV.WND */
const inWindow = (number: number, tcb: Tcb): boolean =>
  leq(tcb.rcvNxt, number) && lt(number, add(tcb.rcvNxt, tcb.rcvWnd))

/**
 * Table 6, its four lines in order:
 * SEG.LEN 0, RCV.WND 0: SEG.SEQ = RCV.NXT;
 * 0, >0: RCV.NXT =< SEG.SEQ < RCV.NXT+RCV.WND;
 * >0, 0: not acceptable;
 * >0, >0: RCV.NXT =< SEG.SEQ < RCV.NXT+RCV.WND or RCV.NXT =< SEG.SEQ+SEG.LEN-1 < RCV.NXT+RCV.WND.
 */
const table6 = (seg: MachineSegment, tcb: Tcb): boolean => {
  const length = SEG_LEN(seg)
  if (tcb.rcvWnd === 0) return length === 0 && seg.seq === tcb.rcvNxt
  if (length === 0) return inWindow(seg.seq, tcb)
  return inWindow(seg.seq, tcb) || inWindow(add(endOf(seg), -1), tcb)
}

/** Table 6; and "special allowance should be made to accept valid [...] RSTs" when the window is zero. */
export const acceptable: SegmentGuard = ({ tcb, event: { segment } }) =>
  table6(segment, tcb) || (segment.rst && segment.seq === tcb.rcvNxt)

/** RCV.WND = 0, and the segment begins where it should: SEG.SEQ = RCV.NXT. */
export const atZeroWindow: SegmentGuard = ({ tcb, event }) =>
  tcb.rcvWnd === 0 && event.segment.seq === tcb.rcvNxt

/** SEG.SEQ = RCV.NXT */
export const atRcvNxt: SegmentGuard = ({ tcb, event }) => event.segment.seq === tcb.rcvNxt

/** SEG.SEQ > RCV.NXT */
export const beyondRcvNxt: SegmentGuard = ({ tcb, event }) => gt(event.segment.seq, tcb.rcvNxt)

/** SEG.SEQ < RCV.NXT */
export const beforeRcvNxt: SegmentGuard = ({ tcb, event }) => lt(event.segment.seq, tcb.rcvNxt)

/** SEG.SEQ+SEG.LEN > RCV.NXT+RCV.WND */
export const exceedsWindow: SegmentGuard = ({ tcb, event }) =>
  gt(endOf(event.segment), add(tcb.rcvNxt, tcb.rcvWnd))

/** SEG.SEQ < RCV.NXT = SEG.SEQ+SEG.LEN: all of it is old, and it ends exactly where new would begin. */
export const endsAtRcvNxt: SegmentGuard = ({ tcb, event }) =>
  lt(event.segment.seq, tcb.rcvNxt) && endOf(event.segment) === tcb.rcvNxt

/** SEG.LEN = 0 and SEG.SEQ = RCV.NXT+RCV.WND: an ACK of a sender that has filled the window. */
export const emptyAtRightEdge: SegmentGuard = ({ tcb, event }) =>
  SEG_LEN(event.segment) === 0 && event.segment.seq === add(tcb.rcvNxt, tcb.rcvWnd)

/** SEG.SEQ = RCV.NXT and SEG.SEQ+SEG.LEN = RCV.NXT+RCV.WND+1: only the FIN lies beyond the window. */
export const onlyFinBeyondWindow: SegmentGuard = ({ tcb, event: { segment } }) =>
  segment.fin && segment.seq === tcb.rcvNxt && segment.len === tcb.rcvWnd

/** SEG.SEQ = RCV.NXT-1 */
export const justBeforeRcvNxt: SegmentGuard = ({ tcb, event }) => event.segment.seq === add(tcb.rcvNxt, -1)

/** SEG.SEQ = the end of the last block that is held. */
export const atHeldEnd: SegmentGuard = ({ tcb, event }) => tcb.held.at(-1)?.to === event.segment.seq

/** SEG.SEQ = IRS: the SYN that was taken, again. */
export const synAgain: SegmentGuard = ({ tcb, event }) => event.segment.seq === tcb.irs

/** Its end without the FIN is beyond RCV.NXT: it carries new text, or its FIN says that there is some before it. */
export const newText: SegmentGuard = ({ tcb, event: { segment } }) =>
  (segment.len > 0 || segment.fin) && gt(add(segment.seq, segment.len), tcb.rcvNxt)

/** Once this segment's text is taken, RCV.NXT reaches the first block that is held. */
export const reachesHeld: SegmentGuard = ({ tcb, event: { segment } }) => {
  const first = tcb.held[0]
  return first !== undefined && !segment.fin && geq(add(segment.seq, segment.len), first.from)
}

/** The FIN is next: SEG.SEQ+SEG.LEN-1 = RCV.NXT once the text before it is taken. */
export const finIsNext: SegmentGuard = ({ tcb, event: { segment } }) =>
  segment.fin && add(segment.seq, segment.len) === tcb.rcvNxt
