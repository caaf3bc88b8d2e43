/**
 * A connection without its middle: the numbers of what came before are moved up to those of what came behind, as if nothing
 * had been sent between. Numbers farther apart than 2 GiB can't be compared (RFC 9293 section 3.4).
 *
 * In: segments in their order, of which some are left out. Out: by how many bytes each end's numbers before them have to be
 * moved; segments with moved numbers.
 */
import { add, diff } from '../rfc9293/sequence.js'
import { copyOf, other, type Segment, sequenceLength } from './segment.js'

/** Bytes that each end has sent in a stretch that is left out. */
export type Bytes = [number, number]

/** The same segment with the numbers of each end so much higher. */
export const movedUp = (s: Segment, by: Bytes): Segment => {
  const own = by[s.from]
  const peer = by[other(s.from)]
  // A copy field by field: all segments keep one shape, on which the replay's speed depends.
  return Object.assign(copyOf(s), {
    seq: add(s.seq, own),
    end: add(s.end, own),
    ack: s.ackBit ? add(s.ack, peer) : s.ack,
    sack: s.sack.map(([left, right]) => [add(left, peer), add(right, peer)] as const),
  })
}

/** A segment this far ahead of those before it is none of theirs: somebody else has made up its number. */
const FAR = 2 ** 30

/** How far each end has come. */
export class Positions {
  readonly #next: [number | null, number | null] = [null, null]

  /** Takes a segment; so many bytes farther its sender is than before. */
  advance(s: Segment): number {
    const before = this.#next[s.from]
    if (s.rst || (before !== null && sequenceLength(s) === 0)) return 0
    const by = before === null ? 0 : diff(s.end, before)
    if (by < 0 || by > FAR) return 0
    this.#next[s.from] = s.end
    return by
  }
}
