/**
 * OPEN (RFC 9293 3.10.1).
 */
import { awaitSyn, sendSyn } from '../effects/open.js'
import type { CallEvent } from '../event.js'
import type { Rule } from '../row.js'

const section = '3.10.1'

/** "If passive, enter the LISTEN state and return." */
export const OPEN_PASSIVE = [
  { id: '3.10.1/passive', section, in: ['CLOSED'], does: [awaitSyn], to: 'LISTEN' },
  {
    id: '3.10.1/passive/exists',
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
    next: 'drop',
    signal: 'error: connection already exists',
  },
] as const satisfies readonly Rule<Extract<CallEvent, { call: 'open-passive' }>>[]

/** "If active and the remote socket is specified, issue a SYN segment." */
export const OPEN_ACTIVE = [
  { id: '3.10.1/active', section, in: ['CLOSED'], does: [sendSyn], to: 'SYN_SENT' },
  // "Then change the connection from passive to active, select an ISS."
  { id: '3.10.1/active/listen', section, in: ['LISTEN'], does: [sendSyn], to: 'SYN_SENT' },
  {
    id: '3.10.1/active/exists',
    section,
    in: [
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
    next: 'drop',
    signal: 'error: connection already exists',
  },
] as const satisfies readonly Rule<Extract<CallEvent, { call: 'open-active' }>>[]
