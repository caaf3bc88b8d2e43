/**
 * How states are spelled: RFC 9293 section 3.3.2, netstat of Linux (net-tools `tcp_state[]`), ss of iproute2 (`sstate_name[]`).
 *
 * In: a state, a spelling. Out: its name. The JSON keeps the names of report.ts.
 */
import type { State } from '../report.js'

export type Spelling = 'rfc' | 'netstat' | 'ss'
export const SPELLINGS: readonly Spelling[] = ['rfc', 'netstat', 'ss']

const NETSTAT: Readonly<Record<State, string>> = {
  // net-tools would print CLOSE, but it never lists such a socket; every reader knows CLOSED.
  CLOSED: 'CLOSED',
  LISTEN: 'LISTEN',
  SYN_SENT: 'SYN_SENT',
  SYN_RECEIVED: 'SYN_RECV',
  ESTABLISHED: 'ESTABLISHED',
  FIN_WAIT_1: 'FIN_WAIT1',
  FIN_WAIT_2: 'FIN_WAIT2',
  CLOSE_WAIT: 'CLOSE_WAIT',
  CLOSING: 'CLOSING',
  LAST_ACK: 'LAST_ACK',
  TIME_WAIT: 'TIME_WAIT',
}

const SS: Readonly<Record<State, string>> = {
  CLOSED: 'UNCONN',
  LISTEN: 'LISTEN',
  SYN_SENT: 'SYN-SENT',
  SYN_RECEIVED: 'SYN-RECV',
  ESTABLISHED: 'ESTAB',
  FIN_WAIT_1: 'FIN-WAIT-1',
  FIN_WAIT_2: 'FIN-WAIT-2',
  CLOSE_WAIT: 'CLOSE-WAIT',
  CLOSING: 'CLOSING',
  LAST_ACK: 'LAST-ACK',
  TIME_WAIT: 'TIME-WAIT',
}

/** The function that spells states in one way; without a spelling as in the JSON. */
export const speller = (spelling?: Spelling): ((state: State) => string) => {
  if (spelling === 'netstat') return (state) => NETSTAT[state]
  if (spelling === 'ss') return (state) => SS[state]
  if (spelling === 'rfc') return (state) => state.replaceAll('_', '-')
  return (state) => state
}
