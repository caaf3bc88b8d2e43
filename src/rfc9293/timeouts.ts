/**
 * Timeouts (RFC 9293 3.10.8).
 */
import { deleteTcb } from './effects/open.js'
import type { TimeoutEvent } from './event.js'
import { somethingInFlight } from './guards/acknowledgment.js'
import { retransmissionTimeout, timeWaitTimeout, userTimeout } from './guards/flags.js'
import type { Rule } from './row.js'

const section = '3.10.8'

export const TIMEOUTS = [
  // "For any state if the user timeout expires, [...] delete the TCB, enter the CLOSED state". R2 ends here too (3.8.3).
  {
    id: '3.10.8/user',
    section,
    in: [
      'LISTEN',
      'SYN_SENT',
      'SYN_RECEIVED',
      'ESTABLISHED',
      'FIN_WAIT_1',
      'FIN_WAIT_2',
      'CLOSE_WAIT',
      'CLOSING',
      'LAST_ACK',
      'TIME_WAIT',
    ],
    when: [userTimeout],
    does: [deleteTcb],
    to: 'CLOSED',
    signal: 'error: connection aborted due to user timeout',
  },
  // "Send the segment at the front of the retransmission queue again". In the states left out nothing is queued.
  {
    id: '3.10.8/retransmission',
    section,
    in: ['SYN_SENT', 'SYN_RECEIVED', 'ESTABLISHED', 'FIN_WAIT_1', 'CLOSE_WAIT', 'CLOSING', 'LAST_ACK'],
    when: [retransmissionTimeout, somethingInFlight],
  },
  {
    id: '3.10.8/time-wait',
    section,
    in: ['TIME_WAIT'],
    when: [timeWaitTimeout],
    does: [deleteTcb],
    to: 'CLOSED',
  },
] as const satisfies readonly Rule<TimeoutEvent>[]
