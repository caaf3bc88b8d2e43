/**
 * 3.10.7.4 step 4: "Fourth, check the SYN bit".
 */
import { awaitSyn } from '../effects/open.js'
import { sendChallengeAck, sendReset } from '../effects/reply.js'
import type { SegmentEvent } from '../event.js'
import { passive, syn } from '../guards/flags.js'
import { OTHER_STATES, type Rule } from '../row.js'

const section = '3.10.7.4 step 4'

export const SYN = [
  // "If the connection was initiated with a passive OPEN, then return this connection to the LISTEN state and return."
  {
    id: '3.10.7.4/4-syn/syn-received/passive',
    section,
    in: ['SYN_RECEIVED'],
    stack: { resetsNewSyn: false },
    when: [syn, passive],
    does: [awaitSyn],
    to: 'LISTEN',
  },
  {
    id: '3.10.7.4/4-syn/syn-received/passive/reset',
    section,
    source: 'Linux tcp_check_req()',
    in: ['SYN_RECEIVED'],
    stack: { resetsNewSyn: true },
    when: [syn, passive],
    does: [sendReset, awaitSyn],
    to: 'LISTEN',
  },
  // "TCP endpoints MUST send a "challenge ACK" to the remote peer".
  {
    id: '3.10.7.4/4-syn/challenge',
    section,
    source: 'RFC 5961 section 4.2',
    in: OTHER_STATES,
    when: [syn],
    does: [sendChallengeAck],
    next: 'drop',
  },
] as const satisfies readonly Rule<SegmentEvent>[]
