/**
 * The eleven states of RFC 9293 section 3.3.2, spelled with underscores as in the project's JSON.
 * CLOSED "is fictional because it represents the state when there is no TCB".
 */
export const STATES = [
  'CLOSED',
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
] as const

export type State = (typeof STATES)[number]
