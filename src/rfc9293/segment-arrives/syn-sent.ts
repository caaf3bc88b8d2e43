/**
 * SEGMENT ARRIVES in SYN-SENT (RFC 9293 3.10.7.3), its five checks in order. After the fourth, what is left of the
 * segment goes on "at the sixth step under Section 3.10.7.4".
 */
import { ackOurSyn, deleteTcb, queueSynText, takeSynInSynSent } from '../effects/open.js'
import { sendAck, sendReset, sendSynAck } from '../effects/reply.js'
import type { SegmentEvent } from '../event.js'
import { ackIsNotForOurSyn } from '../guards/acknowledgment.js'
import { ack, rst, syn } from '../guards/flags.js'
import { not, type Rule } from '../row.js'

export const SYN_SENT = [
  // SEG.ACK =< ISS or SEG.ACK > SND.NXT: "send a reset (unless the RST bit is set [...])".
  {
    id: '3.10.7.3/1-ack/unacceptable/reset',
    section: '3.10.7.3 first',
    in: ['SYN_SENT'],
    when: [ack, ackIsNotForOurSyn, rst],
    next: 'drop',
  },
  {
    id: '3.10.7.3/1-ack/unacceptable',
    section: '3.10.7.3 first',
    in: ['SYN_SENT'],
    when: [ack, ackIsNotForOurSyn],
    does: [sendReset],
    next: 'drop',
  },
  // The check SEG.SEQ = RCV.NXT that RFC 5961 would put first is not made: before the SYN there is no RCV.NXT.
  {
    id: '3.10.7.3/2-reset',
    section: '3.10.7.3 second',
    in: ['SYN_SENT'],
    when: [rst, ack],
    does: [deleteTcb],
    to: 'CLOSED',
    signal: 'error: connection reset',
  },
  {
    id: '3.10.7.3/2-reset/no-ack',
    section: '3.10.7.3 second',
    in: ['SYN_SENT'],
    when: [rst],
    next: 'drop',
  },
  // Third, security: see 3-security.ts.
  // SND.UNA > ISS: "our SYN has been ACKed".
  {
    id: '3.10.7.3/4-syn/ack',
    section: '3.10.7.3 fourth',
    in: ['SYN_SENT'],
    when: [syn, ack],
    does: [ackOurSyn, takeSynInSynSent, sendAck],
    to: 'ESTABLISHED',
    next: 'continue',
  },
  // "Otherwise, enter SYN-RECEIVED": both sides opened at once (section 3.5, figure 7, MUST-10).
  {
    id: '3.10.7.3/4-syn/simultaneous',
    section: '3.10.7.3 fourth',
    in: ['SYN_SENT'],
    when: [syn, not(ack)],
    does: [takeSynInSynSent, queueSynText, sendSynAck],
    to: 'SYN_RECEIVED',
  },
  { id: '3.10.7.3/5-other', section: '3.10.7.3 fifth', in: ['SYN_SENT'], next: 'drop' },
] as const satisfies readonly Rule<SegmentEvent>[]
