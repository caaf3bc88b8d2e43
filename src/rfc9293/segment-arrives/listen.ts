/**
 * SEGMENT ARRIVES in LISTEN (RFC 9293 3.10.7.2), its four checks in order.
 */
import { queueSynText, takeSynInListen, takeSynText } from '../effects/open.js'
import { sendReset, sendSynAck } from '../effects/reply.js'
import type { SegmentEvent } from '../event.js'
import { answerTookText } from '../guards/acknowledgment.js'
import { ack, fin, rst, syn, textOrFin } from '../guards/flags.js'
import type { Rule } from '../row.js'

export const LISTEN = [
  // "An incoming RST should be ignored."
  { id: '3.10.7.2/1-reset', section: '3.10.7.2 first', in: ['LISTEN'], when: [rst], next: 'drop' },
  // "Any acknowledgment is bad if it arrives on a connection still in the LISTEN state."
  {
    id: '3.10.7.2/2-ack',
    section: '3.10.7.2 second',
    in: ['LISTEN'],
    when: [ack],
    does: [sendReset],
    next: 'drop',
  },
  {
    id: '3.10.7.2/3-syn/fin',
    section: '3.10.7.2 third',
    source: 'Linux tcp_rcv_state_process()',
    in: ['LISTEN'],
    stack: { dropsSynFin: true },
    when: [syn, fin],
    next: 'drop',
  },
  {
    id: '3.10.7.2/3-syn/fast-open',
    section: '3.10.7.2 third',
    source: 'RFC 7413 section 3',
    in: ['LISTEN'],
    when: [syn, answerTookText],
    does: [takeSynInListen, takeSynText, sendSynAck],
    to: 'SYN_RECEIVED',
  },
  // "Any other control or text should be queued for processing later."
  {
    id: '3.10.7.2/3-syn/queue',
    section: '3.10.7.2 third',
    in: ['LISTEN'],
    stack: { keepsSynText: true },
    when: [syn, textOrFin],
    does: [takeSynInListen, queueSynText, sendSynAck],
    to: 'SYN_RECEIVED',
  },
  {
    id: '3.10.7.2/3-syn',
    section: '3.10.7.2 third',
    in: ['LISTEN'],
    when: [syn],
    does: [takeSynInListen, sendSynAck],
    to: 'SYN_RECEIVED',
  },
  // "This should not be reached. Drop the segment and return."
  { id: '3.10.7.2/4-other', section: '3.10.7.2 fourth', in: ['LISTEN'], next: 'drop' },
] as const satisfies readonly Rule<SegmentEvent>[]
