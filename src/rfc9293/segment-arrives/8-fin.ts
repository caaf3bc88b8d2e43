/**
 * 3.10.7.4 step 8: "Eighth, check the FIN bit". "Advance RCV.NXT over the FIN, and send an acknowledgment for the FIN."
 */
import { takeFin } from '../effects/receive.js'
import { sendAck } from '../effects/reply.js'
import type { SegmentEvent } from '../event.js'
import { ackCoversOurFin } from '../guards/acknowledgment.js'
import { fin } from '../guards/flags.js'
import { finIsNext } from '../guards/window.js'
import { not, type Rule } from '../row.js'

const section = '3.10.7.4 step 8'

export const FIN = [
  {
    id: '3.10.7.4/8-fin/open',
    section,
    in: ['SYN_RECEIVED', 'ESTABLISHED'],
    when: [finIsNext],
    does: [takeFin, sendAck],
    to: 'CLOSE_WAIT',
    signal: 'connection closing',
  },
  // "If our FIN has been ACKed (perhaps in this segment), then enter TIME-WAIT": note 2 of figure 5. Step 5 has moved
  // on to FIN-WAIT-2 by then, so that the row after the next does it.
  {
    id: '3.10.7.4/8-fin/fin-wait-1/our-fin',
    section,
    source: 'RFC 9293 figure 5 note 2',
    in: ['FIN_WAIT_1'],
    when: [finIsNext, ackCoversOurFin],
    does: [takeFin, sendAck],
    to: 'TIME_WAIT',
    signal: 'connection closing',
    timeWaitTimer: 'start',
  },
  {
    id: '3.10.7.4/8-fin/fin-wait-1',
    section,
    in: ['FIN_WAIT_1'],
    when: [finIsNext, not(ackCoversOurFin)],
    does: [takeFin, sendAck],
    to: 'CLOSING',
    signal: 'connection closing',
  },
  {
    id: '3.10.7.4/8-fin/fin-wait-2',
    section,
    in: ['FIN_WAIT_2'],
    when: [finIsNext],
    does: [takeFin, sendAck],
    to: 'TIME_WAIT',
    signal: 'connection closing',
    timeWaitTimer: 'start',
  },
  // "Remain in the [...] state." The FIN was counted once; it is not counted again.
  {
    id: '3.10.7.4/8-fin/again',
    section,
    in: ['CLOSE_WAIT', 'CLOSING', 'LAST_ACK'],
    when: [fin],
    does: [sendAck],
  },
  {
    id: '3.10.7.4/8-fin/time-wait',
    section,
    in: ['TIME_WAIT'],
    when: [fin],
    does: [sendAck],
    timeWaitTimer: 'restart',
  },
] as const satisfies readonly Rule<SegmentEvent>[]
