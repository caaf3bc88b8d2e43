/**
 * SEGMENT ARRIVES in CLOSED (RFC 9293 3.10.7.1): there is no TCB.
 */
import { sendReset } from '../effects/reply.js'
import type { SegmentEvent } from '../event.js'
import { ack, rst } from '../guards/flags.js'
import { not, type Rule } from '../row.js'

const section = '3.10.7.1'

export const CLOSED = [
  { id: '3.10.7.1/reset', section, in: ['CLOSED'], when: [rst], next: 'drop' },
  // <SEQ=0><ACK=SEG.SEQ+SEG.LEN><CTL=RST,ACK>
  { id: '3.10.7.1/no-ack', section, in: ['CLOSED'], when: [not(ack)], does: [sendReset], next: 'drop' },
  // <SEQ=SEG.ACK><CTL=RST>
  { id: '3.10.7.1/ack', section, in: ['CLOSED'], when: [ack], does: [sendReset], next: 'drop' },
] as const satisfies readonly Rule<SegmentEvent>[]
