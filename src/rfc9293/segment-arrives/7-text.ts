/**
 * 3.10.7.4 step 7: "Seventh, process the segment text".
 *
 * The RFC holds the whole of a segment that comes early. As all stacks do, its ACK field was read in step 5, and only
 * its text and its FIN are held here.
 */
import { deleteTcb } from '../effects/open.js'
import { holdText, takeHeld, takeText } from '../effects/receive.js'
import { sendAck, sendReset } from '../effects/reply.js'
import type { SegmentEvent } from '../event.js'
import { orphaned, text, textOrFin } from '../guards/flags.js'
import { beyondRcvNxt, newText, reachesHeld } from '../guards/window.js'
import { PEER_CLOSED, RECEIVING, type Rule } from '../row.js'

const section = '3.10.7.4 step 7'

export const TEXT = [
  // 3.6.1: "if new data is received after CLOSE is called, its TCP implementation SHOULD send a RST to show that data
  // was lost (SHLD-3)". A FIN behind a hole tells of such data as well.
  {
    id: '3.10.7.4/7-text/orphan',
    section,
    source: 'RFC 9293 3.6.1 SHLD-3; Linux tcp_rcv_state_process(), TCPABORTONDATA',
    in: ['FIN_WAIT_1', 'FIN_WAIT_2'],
    when: [newText, orphaned],
    does: [sendReset, deleteTcb],
    to: 'CLOSED',
    next: 'drop',
  },
  // SHLD-31; "MAY send an ACK segment acknowledging RCV.NXT when a valid segment arrives that is in the window but not
  // at the left window edge (MAY-13)".
  {
    id: '3.10.7.4/7-text/held',
    section,
    source: 'RFC 9293 3.10.7.4 step 1, SHLD-31',
    in: RECEIVING,
    when: [textOrFin, beyondRcvNxt],
    does: [holdText, sendAck],
  },
  {
    id: '3.10.7.4/7-text/gap-filled',
    section,
    source: 'RFC 9293 3.10.7.4 step 1, SHLD-31',
    in: RECEIVING,
    when: [reachesHeld],
    does: [takeText, takeHeld, sendAck],
    next: 'continue',
  },
  // "It advances RCV.NXT over the data accepted".
  {
    id: '3.10.7.4/7-text',
    section,
    in: RECEIVING,
    when: [text],
    does: [takeText, sendAck],
    next: 'continue',
  },
  // "This should not occur since a FIN has been received from the remote side. Ignore the segment text."
  { id: '3.10.7.4/7-text/ignored', section, in: PEER_CLOSED, when: [text], next: 'continue' },
] as const satisfies readonly Rule<SegmentEvent>[]
