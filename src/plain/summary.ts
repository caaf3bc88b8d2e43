/**
 * What is told of a plain connection in the end, wherever it stands: in the long row while it is open, in the short one
 * when it has closed.
 *
 * In: a row. Out: its numbers. A closed connection gives its long row back: nothing more is expected of it, and
 * whatever comes all the same escalates it.
 */
import type { End } from '../flow/segment.js'
import { getDouble } from './doubles.js'
import {
  BYTES_HIGH,
  BYTES_LOW,
  BYTES_MOST,
  BYTES_SHIFT,
  CLOSED,
  CLOSED_BYTES,
  CLOSED_ROUNDS,
  LAST_N,
  LAST_S,
  LONG,
  OPEN_LAST_N,
  OPEN_LAST_S,
  OPEN_PACKETS,
  PACKETS,
  PHASE,
  ROUND,
  SIDE_WORDS,
  STATE,
} from './layout.js'
import type { PlainFlows } from './plain-flows.js'

/** The connection has closed: its short row holds all that is told of it. False when it has no room for so many bytes. */
export function fold(
  flows: PlainFlows,
  page: Int32Array,
  base: number,
  long: Int32Array,
  at: number,
): boolean {
  const number = (page[base + LONG] as number) - 1
  const high = long[at + BYTES_HIGH] as number
  if (high > BYTES_MOST) return false
  page[base + STATE] = ((page[base + STATE] as number) & ~PHASE) | CLOSED | (high << BYTES_SHIFT)
  page[base + CLOSED_BYTES] = long[at + BYTES_LOW] as number
  page[base + PACKETS] = long[at + OPEN_PACKETS] as number
  page[base + LAST_S] = long[at + OPEN_LAST_S] as number
  page[base + LAST_N] = long[at + OPEN_LAST_N] as number
  for (let end = 0; end < 2; end++) {
    const round = at + end * SIDE_WORDS + ROUND
    page[base + CLOSED_ROUNDS + 2 * end] = long[round] as number
    page[base + CLOSED_ROUNDS + 2 * end + 1] = long[round + 1] as number
  }
  flows.releaseLong(number)
  return true
}

const phaseIn = (page: Int32Array, base: number): number => (page[base + STATE] as number) & PHASE

/** It has a long row: it is open, or closes. */
const hasLong = (page: Int32Array, base: number): boolean => {
  const phase = phaseIn(page, base)
  return phase < CLOSED && (page[base + LONG] as number) > 0
}

const numberIn = (page: Int32Array, base: number): number => (page[base + LONG] as number) - 1

/** A word of the long row. */
const longWord = (flows: PlainFlows, page: Int32Array, base: number, at: number): number => {
  const number = numberIn(page, base)
  return flows.long.page(number)[flows.long.base(number) + at] as number
}

export const packetsIn = (flows: PlainFlows, page: Int32Array, base: number): number =>
  hasLong(page, base) ? longWord(flows, page, base, OPEN_PACKETS) : (page[base + PACKETS] as number)

/** When the last packet was captured: seconds, as a signed word, and nanoseconds. */
export const lastIn = (flows: PlainFlows, page: Int32Array, base: number): readonly [number, number] =>
  hasLong(page, base)
    ? [longWord(flows, page, base, OPEN_LAST_S), longWord(flows, page, base, OPEN_LAST_N)]
    : [page[base + LAST_S] as number, page[base + LAST_N] as number]

/** Payload of both directions, of one that is open or closed. */
export const bytesIn = (flows: PlainFlows, page: Int32Array, base: number): number =>
  phaseIn(page, base) === CLOSED
    ? (page[base + CLOSED_BYTES] as number) +
      (((page[base + STATE] as number) >>> BYTES_SHIFT) & BYTES_MOST) * 2 ** 30
    : longWord(flows, page, base, BYTES_LOW) + longWord(flows, page, base, BYTES_HIGH) * 2 ** 30

/** Seconds from the capture point to `end` and back, of a connection that is open or closed; NaN: unknown. */
export function roundTripIn(flows: PlainFlows, page: Int32Array, base: number, end: End): number {
  if (phaseIn(page, base) === CLOSED) return getDouble(page, base + CLOSED_ROUNDS + 2 * end)
  const number = numberIn(page, base)
  return getDouble(flows.long.page(number), flows.long.base(number) + end * SIDE_WORDS + ROUND)
}
