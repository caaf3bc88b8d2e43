/**
 * Flows of which very many say the same, but for numbers: who writes them as text words one of each sort, and writes
 * numbers for the others.
 *
 * In: such a flow. Out: its numbers, at the places below; what it has in common with others.
 */
import type { Flow } from './report.js'

export const FLOW = 0
/** Addresses, and ports: of IPv4 as words; of IPv6 nothing, they are texts. */
export const CLIENT = 1
export const CLIENT_PORT = 2
export const SERVER = 3
export const SERVER_PORT = 4
/** Seconds since 1970, whole and below 2^32, then nanoseconds; and the same as in `Flow.startAt`. */
export const START = 5
export const START_AT = 7
export const END = 8
export const END_AT = 10
export const PACKETS = 11
export const BYTES = 12
/** Five words: what the community ID is the base64 of. */
export const COMMUNITY = 13
/** Arguments of the note that says why it was captured where, in their order; NaN: null. */
export const REASON = 18
export const MOST_REASONS = 2
export const FLOW_NUMBERS = REASON + MOST_REASONS

export interface NumberedFlow extends Flow {
  readonly version: 4 | 6
  /**
   * Writes its numbers. What is given is the same for flows that differ in nothing but these; null: there is more that
   * is its own.
   */
  numbers(into: Float64Array): unknown
}

export const isNumbered = (flow: Flow): flow is NumberedFlow => 'numbers' in flow
