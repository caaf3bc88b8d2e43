/**
 * What lies behind each row of one direction, told once for all rows: whether a look ahead can find anything at all.
 *
 * In: a track and the receiving end. Out: answers by row. Captures of one direction, and floods, would otherwise look
 * through everything behind each of their segments.
 */
import { type End, type Segment, sequenceLength } from '../flow/segment.js'
import { diff } from '../rfc9293/sequence.js'
import { isGenuine, type Track } from './track.js'

/** How far to look ahead for what tells the fate of a segment, in rows. */
export const AHEAD = 1024

export interface Sight {
  /** The earliest time of a RST at or behind each row, seconds as in `Segment.at`; Infinity: none. */
  readonly resetAt: Float64Array
  /** Where each segment starts, and the lowest start of all of its sender at or behind each row. */
  readonly start: Float64Array
  readonly lowest: Float64Array
  /** Last row of the receiver that carries an ACK, or -1. */
  readonly lastAnswer: number
}

export function sightOf(track: Track, to: End): Sight {
  const { segments } = track
  const size = segments.length
  const start = new Float64Array(size).fill(Number.POSITIVE_INFINITY)
  let lastAnswer = -1
  let highest = 0
  let before: Segment | null = null
  for (let row = 0; row < size; row++) {
    const s = segments[row] as Segment
    if (s.rst || !isGenuine(track, row)) continue
    if (s.from === to) {
      if (s.ackBit) lastAnswer = row
      continue
    }
    if (sequenceLength(s) === 0) continue
    // Positions do not wrap: each is counted from the one before.
    if (before !== null) highest += diff(s.seq, before.seq)
    before = s
    start[row] = highest
  }
  const resetAt = new Float64Array(size + 1).fill(Number.POSITIVE_INFINITY)
  const lowest = new Float64Array(size + 1).fill(Number.POSITIVE_INFINITY)
  for (let row = size - 1; row >= 0; row--) {
    const s = segments[row] as Segment
    resetAt[row] = Math.min(s.rst ? s.at : Number.POSITIVE_INFINITY, resetAt[row + 1] as number)
    lowest[row] = Math.min(start[row] as number, lowest[row + 1] as number)
  }
  return { resetAt, start, lowest, lastAnswer }
}

/** Something behind the segment at `row` may tell what became of it: a copy of it, or a word of its receiver. */
export function mayBeTold(track: Track, row: number, { start, lowest, lastAnswer }: Sight): boolean {
  const s = track.segments[row] as Segment
  const own = start[row] as number
  // A segment that the sight left out (foreign, a copy) has no place: look.
  if (!Number.isFinite(own)) return true
  return lastAnswer > row || (lowest[row + 1] as number) < own + sequenceLength(s)
}
