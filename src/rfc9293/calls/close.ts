/**
 * CLOSE (RFC 9293 3.10.4): "I have no more data to send". shutdown() for writing is the same call here.
 */
import { deleteTcb } from '../effects/open.js'
import { sendFin, sendFinAgain } from '../effects/send.js'
import type { CallEvent } from '../event.js'
import type { Rule } from '../row.js'

const section = '3.10.4'

export const CLOSE = [
  {
    id: '3.10.4/closed',
    section,
    in: ['CLOSED'],
    next: 'drop',
    signal: 'error: connection does not exist',
  },
  { id: '3.10.4/listen', section, in: ['LISTEN'], does: [deleteTcb], to: 'CLOSED', signal: 'error: closing' },
  {
    id: '3.10.4/syn-sent',
    section,
    in: ['SYN_SENT'],
    does: [deleteTcb],
    to: 'CLOSED',
    signal: 'error: closing',
  },
  { id: '3.10.4/syn-received', section, in: ['SYN_RECEIVED'], does: [sendFin], to: 'FIN_WAIT_1' },
  { id: '3.10.4/established', section, in: ['ESTABLISHED'], does: [sendFin], to: 'FIN_WAIT_1' },
  // "The first FIN may be retransmitted, though."
  { id: '3.10.4/fin-wait', section, in: ['FIN_WAIT_1', 'FIN_WAIT_2'], does: [sendFinAgain] },
  { id: '3.10.4/close-wait', section, in: ['CLOSE_WAIT'], does: [sendFin], to: 'LAST_ACK' },
  // An error for the caller; but a FIN that waited behind a shut window may leave only now.
  {
    id: '3.10.4/closing',
    section,
    in: ['CLOSING', 'LAST_ACK', 'TIME_WAIT'],
    does: [sendFinAgain],
    signal: 'error: connection closing',
  },
] as const satisfies readonly Rule<Extract<CallEvent, { call: 'close' }>>[]
