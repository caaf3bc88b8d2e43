/**
 * 3.10.7.4 step 2: "Second, check the RST bit". The first of its three checks (outside the window: "silently drop")
 * is step 1's already.
 */
import { awaitSyn, deleteTcb } from '../effects/open.js'
import { sendChallengeAck } from '../effects/reply.js'
import type { SegmentEvent } from '../event.js'
import { passive, rst } from '../guards/flags.js'
import { atHeldEnd, atRcvNxt } from '../guards/window.js'
import { not, OTHER_STATES, RECEIVING, type Rule } from '../row.js'

const section = '3.10.7.4 step 2'

export const RESET = [
  {
    id: '3.10.7.4/2-reset/time-wait/inexact',
    section,
    source: 'Linux tcp_timewait_state_process()',
    in: ['TIME_WAIT'],
    stack: { challengesResetInTimeWait: false },
    when: [rst, not(atRcvNxt)],
    next: 'drop',
  },
  {
    id: '3.10.7.4/2-reset/syn-received/in-window',
    section,
    source: 'Linux tcp_check_req()',
    in: ['SYN_RECEIVED'],
    stack: { exactResetInSynReceived: false },
    when: [rst, not(atRcvNxt), passive],
    does: [awaitSyn],
    to: 'LISTEN',
  },
  {
    id: '3.10.7.4/2-reset/held-end',
    section,
    source: 'Linux tcp_validate_incoming()',
    in: RECEIVING,
    stack: { resetAtHeldEnd: true },
    when: [rst, not(atRcvNxt), atHeldEnd],
    does: [deleteTcb],
    to: 'CLOSED',
    signal: 'connection reset',
  },
  // Third check: in the window, not SEG.SEQ = RCV.NXT.
  {
    id: '3.10.7.4/2-reset/challenge',
    section,
    source: 'RFC 5961 section 3.2',
    in: OTHER_STATES,
    when: [rst, not(atRcvNxt)],
    does: [sendChallengeAck],
    next: 'drop',
  },
  // Second check: SEG.SEQ = RCV.NXT. "The user need not be informed."
  {
    id: '3.10.7.4/2-reset/syn-received/passive',
    section,
    in: ['SYN_RECEIVED'],
    when: [rst, passive],
    does: [awaitSyn],
    to: 'LISTEN',
  },
  {
    id: '3.10.7.4/2-reset/syn-received/active',
    section,
    in: ['SYN_RECEIVED'],
    when: [rst, not(passive)],
    does: [deleteTcb],
    to: 'CLOSED',
    signal: 'connection refused',
  },
  {
    id: '3.10.7.4/2-reset/open',
    section,
    in: ['ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'CLOSE_WAIT'],
    when: [rst],
    does: [deleteTcb],
    to: 'CLOSED',
    signal: 'connection reset',
  },
  {
    id: '3.10.7.4/2-reset/closing',
    section,
    in: ['CLOSING', 'LAST_ACK'],
    when: [rst],
    does: [deleteTcb],
    to: 'CLOSED',
  },
  {
    id: '3.10.7.4/2-reset/time-wait',
    section,
    in: ['TIME_WAIT'],
    stack: { resetEndsTimeWait: true },
    when: [rst],
    does: [deleteTcb],
    to: 'CLOSED',
  },
  // RFC 1337 section 3 fix F1: "Ignore RST segments in TIME-WAIT state."
  {
    id: '3.10.7.4/2-reset/time-wait/ignored',
    section,
    source: 'RFC 1337 section 3 (F1); Linux tcp_rfc1337',
    in: ['TIME_WAIT'],
    stack: { resetEndsTimeWait: false },
    when: [rst],
    next: 'drop',
  },
] as const satisfies readonly Rule<SegmentEvent>[]
