/**
 * SEND (RFC 9293 3.10.2): text leaves. A retransmission passes here too and changes nothing.
 */
import { sendSynForText } from '../effects/open.js'
import { sendText } from '../effects/send.js'
import type { CallEvent } from '../event.js'
import { beforeOurFin } from '../guards/acknowledgment.js'
import type { Rule } from '../row.js'

const section = '3.10.2'

export const SEND = [
  {
    id: '3.10.2/closed',
    section,
    in: ['CLOSED'],
    next: 'drop',
    signal: 'error: connection does not exist',
  },
  // "Change the connection from passive to active, select an ISS. Send a SYN segment."
  { id: '3.10.2/listen', section, in: ['LISTEN'], does: [sendSynForText], to: 'SYN_SENT' },
  // The RFC queues it; what is seen to leave before ESTABLISHED is Fast Open's (RFC 7413).
  {
    id: '3.10.2/opening',
    section,
    source: 'RFC 7413 section 3',
    in: ['SYN_SENT', 'SYN_RECEIVED'],
    does: [sendText],
  },
  { id: '3.10.2/send', section, in: ['ESTABLISHED', 'CLOSE_WAIT'], does: [sendText] },
  // Text that was accepted before CLOSE: 3.10.4, "queue this until all preceding SENDs have been segmentized".
  {
    id: '3.10.2/before-our-fin',
    section: '3.10.4',
    in: ['FIN_WAIT_1', 'CLOSING', 'LAST_ACK'],
    when: [beforeOurFin],
    does: [sendText],
  },
  {
    id: '3.10.2/closing',
    section,
    in: ['FIN_WAIT_1', 'FIN_WAIT_2', 'CLOSING', 'LAST_ACK', 'TIME_WAIT'],
    next: 'drop',
    signal: 'error: connection closing',
  },
] as const satisfies readonly Rule<Extract<CallEvent, { call: 'send' }>>[]
