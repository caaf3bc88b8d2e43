/**
 * Effects of text and FINs that leave (RFC 9293 3.10.2, 3.10.4) and of the window that this end announces (3.8.6).
 */
import type { CallEvent, Tcb, WindowEvent } from '../event.js'
import type { Effect } from '../row.js'
import { add, gt, leq } from '../sequence.js'

/** SND.NXT <- max(SND.NXT, end), as long as SND.UNA =< SND.NXT still holds. */
const sent = (tcb: Tcb, end: number): number =>
  gt(end, tcb.sndNxt) && leq(tcb.sndUna, end) ? end : tcb.sndNxt

/** SND.NXT <- max(SND.NXT, SEG.SEQ+SEG.LEN) */
export const sendText: Effect<Extract<CallEvent, { call: 'send' }>> = ({ tcb, event }) => {
  tcb.sndNxt = sent(tcb, add(event.seq, event.len))
}

/** The FIN gets its number; SND.NXT moves over it unless it still waits behind text. */
export const sendFin: Effect<Extract<CallEvent, { call: 'close' }>> = ({ tcb, event }) => {
  tcb.fin = event.fin
  tcb.orphan = event.orphan === true
  if (event.queued !== true) tcb.sndNxt = sent(tcb, add(event.fin, 1))
}

/** "A second FIN is not emitted (the first FIN may be retransmitted, though)": or it leaves only now. */
export const sendFinAgain: Effect<Extract<CallEvent, { call: 'close' }>> = ({ tcb, event }) => {
  tcb.orphan = tcb.orphan || event.orphan === true
  if (event.queued !== true && event.fin === tcb.fin) tcb.sndNxt = sent(tcb, add(event.fin, 1))
}

/** RCV.WND as announced. */
export const announceWindow: Effect<WindowEvent> = ({ tcb, event }) => {
  tcb.rcvWnd = event.wnd
}
