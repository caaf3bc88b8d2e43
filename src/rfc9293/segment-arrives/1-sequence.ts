/**
 * 3.10.7.4 step 1: "First, check sequence number".
 */
import { deleteTcb } from '../effects/open.js'
import { dropText, trim } from '../effects/receive.js'
import { sendAck, sendSynAck } from '../effects/reply.js'
import type { SegmentEvent } from '../event.js'
import { ackIsAcceptable } from '../guards/acknowledgment.js'
import {
  ack,
  fin,
  newerTimestamp,
  occupiesSpace,
  oldTimestamp,
  passive,
  rst,
  syn,
  text,
} from '../guards/flags.js'
import {
  acceptable,
  atZeroWindow,
  beforeRcvNxt,
  beyondRcvNxt,
  emptyAtRightEdge,
  endsAtRcvNxt,
  exceedsWindow,
  justBeforeRcvNxt,
  onlyFinBeyondWindow,
  synAgain,
} from '../guards/window.js'
import { not, OTHER_STATES, RECEIVING, type Rule } from '../row.js'

const section = '3.10.7.4 step 1'

export const SEQUENCE = [
  // A new connection from TIME-WAIT. The old one ends here; the caller gives the SYN to a new TCB in LISTEN.
  {
    id: '3.10.7.4/1-sequence/time-wait/new-syn',
    section,
    source: 'RFC 9293 3.6.1 MAY-2; RFC 6191 section 2',
    in: ['TIME_WAIT'],
    stack: { reopensFromTimeWait: true },
    when: [syn, not(rst), not(ack), not(oldTimestamp), beyondRcvNxt],
    does: [deleteTcb],
    to: 'CLOSED',
  },
  {
    id: '3.10.7.4/1-sequence/time-wait/new-syn-timestamp',
    section,
    source: 'RFC 9293 3.6.1 SHLD-4; RFC 6191 section 2',
    in: ['TIME_WAIT'],
    stack: { reopensFromTimeWait: true },
    when: [syn, not(rst), not(ack), not(oldTimestamp), newerTimestamp],
    does: [deleteTcb],
    to: 'CLOSED',
  },
  // The SYN again: the RFC's step 1 would send an ACK, figures 6 and 8 would like the SYN,ACK.
  {
    id: '3.10.7.4/1-sequence/syn-received/old-syn',
    section,
    source: 'Linux tcp_check_req()',
    in: ['SYN_RECEIVED'],
    stack: { answersOldSynWithSynAck: true },
    when: [passive, syn, not(ack), not(rst), not(oldTimestamp), synAgain],
    does: [sendSynAck],
    next: 'drop',
  },
  {
    id: '3.10.7.4/1-sequence/paws',
    section,
    source: 'RFC 7323 section 5.3 R1',
    in: OTHER_STATES,
    when: [oldTimestamp, not(rst)],
    does: [sendAck],
    next: 'drop',
  },
  // Simultaneous open, figure 7 lines 6 and 7: the SYN is a duplicate, table 6 would drop the ACK with it (appendix A.2).
  {
    id: '3.10.7.4/1-sequence/syn-received/syn-ack',
    section,
    source: 'RFC 9293 figure 7, appendix A.2; Linux tcp_validate_incoming()',
    in: ['SYN_RECEIVED'],
    when: [syn, not(rst), synAgain, ackIsAcceptable],
    does: [trim],
    next: 'continue',
  },
  // Text behind the SYN that was taken already: the SYN is trimmed, lest step 4 take it for a new one.
  {
    id: '3.10.7.4/1-sequence/syn-received/syn-text',
    section,
    in: ['SYN_RECEIVED'],
    when: [syn, not(rst), synAgain, text, acceptable],
    does: [trim],
    next: 'continue',
  },
  {
    id: '3.10.7.4/1-sequence/reset-at-fin',
    section,
    source: 'Linux tcp_reset_check()',
    in: ['CLOSE_WAIT', 'CLOSING', 'LAST_ACK'],
    stack: { resetAtFin: true },
    when: [rst, justBeforeRcvNxt],
    does: [deleteTcb],
    to: 'CLOSED',
    signal: 'connection reset',
  },
  // "Unless the RST bit is set, if so drop the segment and return"; step 2, first check, says the same.
  {
    id: '3.10.7.4/1-sequence/unacceptable/reset',
    section,
    in: OTHER_STATES,
    when: [rst, not(acceptable), not(emptyAtRightEdge)],
    next: 'drop',
  },
  {
    id: '3.10.7.4/1-sequence/unacceptable/reset-at-edge',
    section,
    in: OTHER_STATES,
    stack: { laxWindowEdges: false },
    when: [rst, not(acceptable)],
    next: 'drop',
  },
  // Steps 5 and 8 speak of the remote FIN again in TIME-WAIT, but it always fails step 1 already.
  {
    id: '3.10.7.4/1-sequence/time-wait/fin-again',
    section,
    source: 'RFC 9293 3.10.7.4 steps 5 and 8',
    in: ['TIME_WAIT'],
    when: [fin, not(syn), not(rst), endsAtRcvNxt],
    does: [sendAck],
    next: 'drop',
    timeWaitTimer: 'restart',
  },
  {
    id: '3.10.7.4/1-sequence/time-wait/unacceptable',
    section,
    source: 'Linux tcp_timewait_state_process()',
    in: ['TIME_WAIT'],
    stack: { anyAckRestartsTimeWait: true },
    when: [ack, not(rst), not(acceptable)],
    does: [sendAck],
    next: 'drop',
    timeWaitTimer: 'restart',
  },
  // All of it is old, but the ACK field is read: what saves a FIN that comes again with the ACK of ours.
  {
    id: '3.10.7.4/1-sequence/old-but-adjacent',
    section,
    source: 'Linux tcp_sequence(); RFC 9293 appendix A.2',
    in: ['ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'CLOSE_WAIT', 'CLOSING', 'LAST_ACK'],
    stack: { laxWindowEdges: true },
    when: [not(syn), not(rst), endsAtRcvNxt],
    does: [trim, sendAck],
    next: 'continue',
  },
  {
    id: '3.10.7.4/1-sequence/right-edge',
    section,
    source: 'Linux tcp_sequence(); RFC 9293 appendix A.2',
    in: ['ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'CLOSE_WAIT', 'CLOSING', 'LAST_ACK'],
    stack: { laxWindowEdges: true },
    when: [emptyAtRightEdge],
    next: 'continue',
  },
  {
    id: '3.10.7.4/1-sequence/fin-beyond-window',
    section,
    source: 'Linux tcp_sequence(), tcp_data_queue()',
    in: RECEIVING,
    stack: { takesFinBeyondWindow: true },
    when: [not(syn), not(rst), onlyFinBeyondWindow],
    next: 'continue',
  },
  // "Special allowance should be made to accept valid ACKs, URGs, and RSTs": a window probe.
  {
    id: '3.10.7.4/1-sequence/zero-window',
    section,
    source: 'RFC 9293 3.8.6.1',
    in: OTHER_STATES,
    when: [atZeroWindow, occupiesSpace, not(syn), not(rst), ack],
    does: [dropText, sendAck],
    next: 'continue',
  },
  // "An acknowledgment should be sent in reply": <SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>
  {
    id: '3.10.7.4/1-sequence/unacceptable',
    section,
    in: OTHER_STATES,
    when: [not(acceptable), not(rst)],
    does: [sendAck],
    next: 'drop',
  },
  // "If a segment's contents straddle the boundary between old and new, only the new parts are processed."
  {
    id: '3.10.7.4/1-sequence/trim-old',
    section,
    in: OTHER_STATES,
    when: [not(syn), not(rst), beforeRcvNxt],
    does: [trim],
    next: 'continue',
  },
  // "Trimming off any portions that lie outside the window (including SYN and FIN)."
  {
    id: '3.10.7.4/1-sequence/trim-beyond',
    section,
    in: OTHER_STATES,
    when: [not(syn), not(rst), exceedsWindow],
    does: [trim],
    next: 'continue',
  },
] as const satisfies readonly Rule<SegmentEvent>[]
