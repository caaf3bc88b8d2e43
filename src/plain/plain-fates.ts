/**
 * What became of each packet of a connection that went plainly: `infer/` for those without loss and reordering.
 *
 * In: a connection's columns, the ways to both ends. Out: for each row what proves that it was taken, and how far it
 * crossed the other end's; false when something has to be weighed. Each function names the rule that it shortens.
 */
import { BACK, LONGEST_FIRST_RTO } from '../infer/acknowledgments.js'
import { AHEAD } from '../infer/crossing.js'
import { CAME } from '../infer/hosts.js'
import { STEPS } from '../infer/origin.js'
import { AHEAD as FAR_AHEAD } from '../infer/sight.js'
import { leastOf } from '../infer/track.js'
import { ACK, FIN } from '../wire/packet.js'
import type { Columns } from './columns.js'

/** What is known of the connection as a whole. */
export interface Whole {
  /** How many rows its handshake has; 0 when that was before the capture. */
  readonly handshake: number
  /** Seconds from the capture point to each end and back; NaN: unknown. */
  readonly roundTrip: readonly [number, number]
  /** Next to which end it was captured: 0, 1, or -1. */
  readonly near: number
  /** Of each row what the capture of its receiver's host shows (`infer/hosts.ts`); null: there is none besides another. */
  readonly came: Int8Array | null
  /** How far each end's window is shifted. */
  readonly scale: readonly [number, number]
  /** Seconds as in `Segment.at`. */
  readonly captureEnd: number
  /** Length of TIME_WAIT of each end, seconds. */
  readonly timeWait: readonly [number, number]
}

/** No row proves it, but it was taken; nothing tells. */
export const TAKEN = -1
export const UNTOLD = -2

/** Time goes forward, and each end's packets are counted one after the other, if at all; before a FIN without a gap. */
export function isCounted({ count, at, from, flags, ipId }: Columns): boolean {
  const last = [-1, -1]
  for (let row = 0; row < count; row++) {
    if (row > 0 && (at[row] as number) < (at[row - 1] as number)) return false
    const id = ipId[row] as number
    if (id <= 0) continue
    const before = last[from[row] as number] as number
    last[from[row] as number] = row
    if (before < 0) continue
    const step = (id - (ipId[before] as number)) & 0xffff
    if (step === 0 || step > STEPS) return false
    // A gap in the count: it was perhaps sent before (`infer/sender/synchronized.ts`).
    if (step !== 1 && ((flags[row] as number) & FIN) !== 0) return false
  }
  return true
}

/** The first row that is no SYN. */
export const firstAfterSyns = ({ handshake }: Whole): number => Math.max(0, handshake - 1)

/** Fills `by`; false when a segment is not acknowledged by the end. `infer/sequence-space.ts`. */
export function proofs(columns: Columns, whole: Whole, by: Int32Array): boolean {
  const { count, from, ack, end } = columns
  /** Of each end the first row that waits for its ACK. */
  const head = [0, 0]
  let waiting = 0
  for (let row = 0; row < count; row++) {
    by[row] = UNTOLD
    if (columns.carries(row)) waiting++
    if (row === 0) continue
    const other = 1 - (from[row] as number)
    let first = head[other] as number
    for (; first < row; first++) {
      if (from[first] !== other || !columns.carries(first)) continue
      if ((((end[first] as number) - (ack[row] as number)) | 0) > 0) break
      by[first] = row
      waiting--
    }
    head[other] = first
  }
  if (waiting > 0) return false
  for (let row = firstAfterSyns(whole); row < count; row++)
    if (!columns.carries(row)) by[row] = proofOfAck(columns, row, whole)
  return true
}

/** `acknowledgmentFates()`: echoed, captured beside its receiver or at its host, or followed by long silence. */
function proofOfAck(columns: Columns, row: number, { near, came, captureEnd }: Whole): number {
  const echo = echoedBy(columns, row)
  if (echo >= 0) return echo
  const to = 1 - (columns.from[row] as number)
  return near === to || came?.[row] === CAME || moved(columns, row, captureEnd) ? TAKEN : UNTOLD
}

function echoedBy({ count, from, stamped, tsVal, tsEcr }: Columns, row: number): number {
  if (stamped[row] === 0) return -1
  const value = tsVal[row] as number
  for (let later = row + 1; later < count && later < row + FAR_AHEAD; later++) {
    if (stamped[later] === 0) continue
    if (from[later] === from[row]) {
      if (tsVal[later] === value) return -1
      continue
    }
    const ahead = ((tsEcr[later] as number) - value) | 0
    if (ahead === 0) return later
    if (ahead > 0) return -1
  }
  return -1
}

function moved(columns: Columns, row: number, captureEnd: number): boolean {
  const { count, at, from, flags, ack, end } = columns
  const own = from[row] as number
  const number = ack[row] as number
  let covers = false
  for (let k = row - 1; k >= 0 && k > row - BACK; k--) {
    if (from[k] === own) {
      if (ack[k] === number && ((flags[k] as number) & ACK) !== 0) return false
      continue
    }
    if (columns.carries(k) && (((end[k] as number) - number) | 0) <= 0) {
      covers = true
      break
    }
  }
  if (!covers) return false
  let next = captureEnd
  for (let later = row + 1; later < count; later++) {
    if (from[later] !== own && later <= row + FAR_AHEAD) continue
    next = at[later] as number
    break
  }
  return next - (at[row] as number) > LONGEST_FIRST_RTO
}

/** Fills `after`: the last row of its receiver that each row crossed, or -1. `infer/crossing.ts`. */
export function crossings(columns: Columns, whole: Whole, by: Int32Array, after: Int32Array): void {
  const { count, at, from, ack, end } = columns
  const slack = whole.roundTrip.map((time) => (Number.isNaN(time) ? 0 : leastOf(time)))
  for (let row = 0; row < count; row++) {
    after[row] = -1
    const to = 1 - (from[row] as number)
    const carries = columns.carries(row)
    for (let later = row + 1; later < count && later < row + AHEAD; later++) {
      if (from[later] !== to) continue
      if (carries && by[row] === later) break
      const tooSoon = (at[later] as number) - (at[row] as number) < (slack[to] as number)
      const unaware = carries && (((ack[later] as number) - (end[row] as number)) | 0) < 0
      if (!tooSoon && !(unaware && later < (by[row] as number))) break
      after[row] = later
    }
  }
}
