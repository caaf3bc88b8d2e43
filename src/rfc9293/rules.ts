/**
 * All tables, in the RFC's order, and which of them an event goes through.
 *
 * In: the tables. Out: `RULES` as plain data, the names of all rules as a type, and the steps for every event.
 */
import { ABORT } from './calls/abort.js'
import { CLOSE } from './calls/close.js'
import { OPEN_ACTIVE, OPEN_PASSIVE } from './calls/open.js'
import { SEND } from './calls/send.js'
import type { CallEvent } from './event.js'
import { ICMP } from './icmp.js'
import type { Row } from './row.js'
import { SEQUENCE } from './segment-arrives/1-sequence.js'
import { RESET } from './segment-arrives/2-reset.js'
import { SECURITY } from './segment-arrives/3-security.js'
import { SYN } from './segment-arrives/4-syn.js'
import { ACK } from './segment-arrives/5-ack.js'
import { URGENT } from './segment-arrives/6-urgent.js'
import { TEXT } from './segment-arrives/7-text.js'
import { FIN } from './segment-arrives/8-fin.js'
import { CLOSED } from './segment-arrives/closed.js'
import { LISTEN } from './segment-arrives/listen.js'
import { SYN_SENT } from './segment-arrives/syn-sent.js'
import { TIMEOUTS } from './timeouts.js'
import { WINDOW } from './window.js'

const ALL = [
  ...WINDOW,
  ...ICMP,
  ...OPEN_PASSIVE,
  ...OPEN_ACTIVE,
  ...SEND,
  ...CLOSE,
  ...ABORT,
  ...CLOSED,
  ...LISTEN,
  ...SYN_SENT,
  ...SEQUENCE,
  ...RESET,
  ...SECURITY,
  ...SYN,
  ...ACK,
  ...URGENT,
  ...TEXT,
  ...FIN,
  ...TIMEOUTS,
] as const

/** The name of every rule: tables of sentences are keyed by it, so that a missing one does not compile. */
export type RuleId = (typeof ALL)[number]['id']

/** Every row of the machine, as data. */
export const RULES: readonly (Row & { readonly id: RuleId })[] = ALL

/** The tables of the user calls. */
export const CALLS = {
  'open-passive': OPEN_PASSIVE,
  'open-active': OPEN_ACTIVE,
  send: SEND,
  close: CLOSE,
  abort: ABORT,
} as const satisfies Record<CallEvent['call'], unknown>

/** 3.10.7.1 to 3.10.7.3: one table holds the checks of one state, in order; the first row that holds is the answer. */
export const FIRST_STATES = { CLOSED, LISTEN, SYN_SENT } as const

/** 3.10.7.4: its eight steps. In each the first row that holds fires, and says whether processing goes on. */
export const EIGHT_STEPS = [SEQUENCE, RESET, SECURITY, SYN, ACK, URGENT, TEXT, FIN] as const

/** Where SYN-SENT goes on: "continue processing at the sixth step under Section 3.10.7.4". */
export const FROM_SIXTH_STEP = [URGENT, TEXT, FIN] as const

export { ICMP, TIMEOUTS, WINDOW }
