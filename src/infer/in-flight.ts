/**
 * Segments of one direction that wait for a word of their receiver, oldest first.
 *
 * In: segments as they are sent, ACKs as they come. Out: what each ACK covers. Each look is bounded: what was sent
 * once lies in order of its numbers and is found by bisection; of what was sent again a bounded number is kept in mind.
 * RFC 9293 section 3.4 (acknowledgments are cumulative), RFC 2018 (SACK).
 */
import { firstThat } from '../bisection.js'
import type { Segment } from '../flow/segment.js'
import { add, geq, leq, lt } from '../rfc9293/sequence.js'

export interface Waiting {
  readonly row: number
  readonly segment: Segment
  /** It starts below what its sender had already sent: some copy of these bytes went before. */
  readonly again: boolean
}

/** So many segments that were sent again are kept in mind, and so far an ACK looks back for a duplicate. */
export const REMEMBERED = 1024

/** A SYN counts as covered when its SYN is: Fast Open data may be left out (RFC 7413 section 3). */
export const lastNeeded = (s: Segment): number => (s.syn ? add(s.seq, 1) : s.end)

const lastOf = (s: Segment): number => s.end

export const covered = (entry: Segment, by: Segment): boolean =>
  leq(lastNeeded(entry), by.ack) || isSacked(entry, by)

/** One of the SACK blocks holds all of it. Every ACK asks this of many segments: nothing is made on the way. */
export function isSacked({ seq, end }: Segment, { sack }: Segment): boolean {
  for (let n = 0; n < sack.length; n++) {
    const block = sack[n] as readonly [number, number]
    if (geq(seq, block[0]) && leq(end, block[1])) return true
  }
  return false
}

const NONE: readonly never[] = []

export class InFlight {
  /** Sent once, ascending; taken ones leave a hole, and `#next` leads to the first that is still there. */
  readonly #fresh: Waiting[] = []
  readonly #next: number[] = []
  #repeats: Waiting[] = []
  readonly #forgotten: Waiting[] = []

  add(entry: Waiting): void {
    if (!entry.again) {
      this.#next.push(this.#fresh.length)
      this.#fresh.push(entry)
      return
    }
    this.#repeats.push(entry)
    if (this.#repeats.length <= REMEMBERED) return
    const oldest = this.#repeats.shift()
    if (oldest !== undefined) this.#forgotten.push(oldest)
  }

  /** Takes out what `s` covers. */
  take(s: Segment): { readonly fresh: readonly Waiting[]; readonly repeats: readonly Waiting[] } {
    const fresh: Waiting[] = []
    this.#takeUpTo(s.ack, 0, fresh, lastNeeded)
    for (let n = 0; n < s.sack.length; n++) {
      const block = s.sack[n] as readonly [number, number]
      this.#takeUpTo(block[1], this.#startingAt(block[0]), fresh, lastOf)
    }
    return { fresh, repeats: this.#takeRepeats(s) }
  }

  #takeRepeats(s: Segment): readonly Waiting[] {
    const all = this.#repeats
    let first = 0
    while (first < all.length && !covered((all[first] as Waiting).segment, s)) first++
    if (first === all.length) return NONE
    const repeats: Waiting[] = []
    const rest = all.slice(0, first)
    for (let n = first; n < all.length; n++) {
      const entry = all[n] as Waiting
      if (covered(entry.segment, s)) repeats.push(entry)
      else rest.push(entry)
    }
    this.#repeats = rest
    return repeats
  }

  /** The latest of those that `matches`. */
  latest(matches: (entry: Waiting) => boolean): Waiting | undefined {
    const repeat = this.#repeats.findLast(matches)
    for (let k = this.#fresh.length - 1; k >= Math.max(0, this.#fresh.length - REMEMBERED); k--) {
      const entry = this.#fresh[k] as Waiting
      if (repeat !== undefined && entry.row < repeat.row) return repeat
      if (this.#next[k] === k && matches(entry)) return entry
    }
    return repeat
  }

  /** What nobody took, oldest first. */
  rest(): Waiting[] {
    const fresh = this.#fresh.filter((_, k) => this.#next[k] === k)
    return [...this.#forgotten, ...this.#repeats, ...fresh].sort((a, b) => a.row - b.row)
  }

  /** Those from place `from` on that end at `end` or before. */
  #takeUpTo(end: number, from: number, into: Waiting[], endOf: (s: Segment) => number): void {
    for (let k = this.#present(from); k < this.#fresh.length; k = this.#present(k + 1)) {
      const entry = this.#fresh[k] as Waiting
      if (!leq(endOf(entry.segment), end)) return
      into.push(entry)
      this.#next[k] = k + 1
    }
  }

  /** The first at or after `k` that nobody took; paths are halved on the way, so that holes cost next to nothing. */
  #present(k: number): number {
    let at = k
    for (;;) {
      const next = this.#next[at]
      if (next === undefined || next === at) return at
      this.#next[at] = this.#next[next] ?? next
      at = next
    }
  }

  /** The first that starts at `left` or later. */
  #startingAt(left: number): number {
    const fresh = this.#fresh
    return firstThat(this.#present(0), fresh.length, (at) => !lt((fresh[at] as Waiting).segment.seq, left))
  }
}
