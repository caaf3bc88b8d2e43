/**
 * ICMP errors (RFC 9293 3.9.2.2): which abort and which do not.
 */
import { deleteTcb } from './effects/open.js'
import type { IcmpEvent } from './event.js'
import { hardError } from './guards/flags.js'
import { not, OTHER_STATES, type Rule, SYNCHRONIZED } from './row.js'

const section = '3.9.2.2'

export const ICMP = [
  // SHLD-26: "TCP implementations SHOULD abort the connection."
  {
    id: '3.9.2.2/hard/opening',
    section,
    in: ['SYN_SENT', 'SYN_RECEIVED'],
    when: [hardError],
    does: [deleteTcb],
    to: 'CLOSED',
  },
  {
    id: '3.9.2.2/hard',
    section,
    in: SYNCHRONIZED,
    stack: { hardErrorAborts: true },
    when: [hardError],
    does: [deleteTcb],
    to: 'CLOSED',
  },
  // "Some implementations do not abort connections when an ICMP hard error is received for a connection that is in any
  // of the synchronized states."
  {
    id: '3.9.2.2/hard/ignored',
    section,
    source: 'RFC 5461 section 4',
    in: SYNCHRONIZED,
    stack: { hardErrorAborts: false },
    when: [hardError],
  },
  // "Widespread implementation behavior that treats soft errors as hard errors during connection establishment".
  {
    id: '3.9.2.2/soft/opening',
    section,
    source: 'RFC 5461 section 4; Linux tcp_v4_err()',
    in: ['SYN_SENT', 'SYN_RECEIVED'],
    stack: { softErrorAbortsOpening: true },
    when: [not(hardError)],
    does: [deleteTcb],
    to: 'CLOSED',
  },
  // MUST-56: "a TCP implementation MUST NOT abort the connection".
  {
    id: '3.9.2.2/soft',
    section,
    in: ['SYN_SENT', ...OTHER_STATES],
    when: [not(hardError)],
  },
] as const satisfies readonly Rule<IcmpEvent>[]
