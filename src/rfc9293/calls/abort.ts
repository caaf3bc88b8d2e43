/**
 * ABORT (RFC 9293 3.10.5).
 */
import { deleteTcb } from '../effects/open.js'
import { sendAbortReset } from '../effects/reply.js'
import type { CallEvent } from '../event.js'
import type { Rule } from '../row.js'

const section = '3.10.5'

export const ABORT = [
  {
    id: '3.10.5/closed',
    section,
    in: ['CLOSED'],
    next: 'drop',
    signal: 'error: connection does not exist',
  },
  {
    id: '3.10.5/listen',
    section,
    in: ['LISTEN'],
    does: [deleteTcb],
    to: 'CLOSED',
    signal: 'error: connection reset',
  },
  {
    id: '3.10.5/syn-sent',
    section,
    in: ['SYN_SENT'],
    does: [deleteTcb],
    to: 'CLOSED',
    signal: 'connection reset',
  },
  // "Send a reset segment <SEQ=SND.NXT><CTL=RST> [...] Delete the TCB, enter CLOSED state, and return."
  {
    id: '3.10.5/reset',
    section,
    in: ['SYN_RECEIVED', 'ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'CLOSE_WAIT'],
    stack: { resetSenderCloses: true },
    does: [sendAbortReset, deleteTcb],
    to: 'CLOSED',
    signal: 'connection reset',
  },
  // 3.5.2 and note 3 of figure 5 say something else than 3.10.5: "should enter the TIME-WAIT state".
  {
    id: '3.10.5/reset/time-wait',
    section: '3.5.2',
    source: 'RFC 9293 figure 5 note 3',
    in: ['SYN_RECEIVED', 'ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'CLOSE_WAIT'],
    stack: { resetSenderCloses: false },
    does: [sendAbortReset],
    to: 'TIME_WAIT',
    signal: 'connection reset',
    timeWaitTimer: 'start',
  },
  // "Respond with "ok" and delete the TCB": both sides have closed, no RST is needed.
  {
    id: '3.10.5/closing',
    section,
    in: ['CLOSING', 'LAST_ACK', 'TIME_WAIT'],
    does: [deleteTcb],
    to: 'CLOSED',
  },
] as const satisfies readonly Rule<Extract<CallEvent, { call: 'abort' }>>[]
