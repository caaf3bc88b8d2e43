/**
 * 3.10.7.4 step 5: "Fifth, check the ACK field".
 */
import { deleteTcb } from '../effects/open.js'
import { takeAck, takeAckOfSyn, updateWindow } from '../effects/receive.js'
import { sendAck, sendChallengeAck, sendReset } from '../effects/reply.js'
import type { SegmentEvent } from '../event.js'
import {
  ackCoversOurFin,
  ackIsAcceptable,
  ackIsFuture,
  ackIsTooOld,
  windowMoves,
} from '../guards/acknowledgment.js'
import { ack } from '../guards/flags.js'
import { not, OTHER_STATES, type Rule } from '../row.js'

const section = '3.10.7.4 step 5'

export const ACK = [
  { id: '3.10.7.4/5-ack/no-ack', section, in: OTHER_STATES, when: [not(ack)], next: 'drop' },

  // SND.UNA < SEG.ACK =< SND.NXT. An unacceptable one draws <SEQ=SEG.ACK><CTL=RST>; 3.5.2 group 2 says so too, so
  // RFC 5961's check comes after these two.
  {
    id: '3.10.7.4/5-ack/syn-received',
    section,
    in: ['SYN_RECEIVED'],
    when: [ackIsAcceptable],
    does: [takeAckOfSyn],
    to: 'ESTABLISHED',
    next: 'continue',
  },
  {
    id: '3.10.7.4/5-ack/syn-received/unacceptable',
    section,
    in: ['SYN_RECEIVED'],
    when: [not(ackIsAcceptable)],
    does: [sendReset],
    next: 'drop',
  },

  // ((SND.UNA - MAX.SND.WND) =< SEG.ACK =< SND.NXT), MAY-12; "discarded and an ACK sent back".
  {
    id: '3.10.7.4/5-ack/too-old',
    section,
    source: 'RFC 5961 section 5.2',
    in: ['ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'CLOSE_WAIT', 'CLOSING', 'LAST_ACK'],
    when: [ackIsTooOld],
    does: [sendChallengeAck],
    next: 'drop',
  },
  {
    id: '3.10.7.4/5-ack/future/silent',
    section,
    source: 'Linux tcp_rcv_established()',
    in: ['ESTABLISHED'],
    stack: { answersFutureAck: false },
    when: [ackIsFuture],
    next: 'drop',
  },
  // "If the ACK acks something not yet sent (SEG.ACK > SND.NXT), then send an ACK, drop the segment, and return."
  {
    id: '3.10.7.4/5-ack/future',
    section,
    in: ['ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'CLOSE_WAIT', 'CLOSING', 'LAST_ACK'],
    when: [ackIsFuture],
    does: [sendAck],
    next: 'drop',
  },

  // "[...] if the FIN segment is now acknowledged, then enter FIN-WAIT-2 and continue processing in that state."
  {
    id: '3.10.7.4/5-ack/fin-wait-1/our-fin',
    section,
    in: ['FIN_WAIT_1'],
    when: [ackCoversOurFin],
    does: [takeAck],
    to: 'FIN_WAIT_2',
    next: 'continue',
  },
  // "If the ACK acknowledges our FIN, then enter the TIME-WAIT state".
  {
    id: '3.10.7.4/5-ack/closing/our-fin',
    section,
    in: ['CLOSING'],
    when: [ackCoversOurFin],
    does: [takeAck],
    to: 'TIME_WAIT',
    timeWaitTimer: 'start',
  },
  // "Otherwise, ignore the segment", after the processing for the ESTABLISHED state.
  {
    id: '3.10.7.4/5-ack/closing',
    section,
    in: ['CLOSING'],
    when: [not(ackCoversOurFin)],
    does: [takeAck],
  },
  // "If our FIN is now acknowledged, delete the TCB, enter the CLOSED state, and return."
  {
    id: '3.10.7.4/5-ack/last-ack/our-fin',
    section,
    in: ['LAST_ACK'],
    when: [ackCoversOurFin],
    does: [deleteTcb],
    to: 'CLOSED',
  },

  // "If SND.UNA < SEG.ACK =< SND.NXT, then set SND.UNA <- SEG.ACK."
  {
    id: '3.10.7.4/5-ack/new',
    section,
    in: ['ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'CLOSE_WAIT', 'LAST_ACK'],
    when: [ackIsAcceptable],
    does: [takeAck],
    next: 'continue',
  },
  // "If the ACK is a duplicate (SEG.ACK =< SND.UNA), it can be ignored", but the window may move.
  {
    id: '3.10.7.4/5-ack/window',
    section,
    in: ['ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'CLOSE_WAIT', 'LAST_ACK'],
    when: [windowMoves],
    does: [updateWindow],
    next: 'continue',
  },
  // "Acknowledge it, and restart the 2 MSL timeout": the acknowledging is step 8's, a bare ACK must not draw an ACK.
  {
    id: '3.10.7.4/5-ack/time-wait',
    section,
    in: ['TIME_WAIT'],
    next: 'continue',
    timeWaitTimer: 'restart',
  },
] as const satisfies readonly Rule<SegmentEvent>[]
