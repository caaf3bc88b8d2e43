/**
 * Segments of one direction that wait for a word of their receiver, oldest first.
 *
 * In: segments as they are sent, ACKs as they come. Out: what each ACK covers. Each look is bounded: what was sent
 * once lies in order of its numbers and is found by bisection; of what was sent again a bounded number is kept in mind.
 * RFC 9293 section 3.4 (acknowledgments are cumulative), RFC 2018 (SACK).
 */
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

export const covered = (entry: Segment, by: Segment): boolean =>
  leq(lastNeeded(entry), by.ack) ||
  by.sack.some(([left, right]) => geq(entry.seq, left) && leq(entry.end, right))

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
    this.#takeFrom(0, fresh, ({ segment }) => leq(lastNeeded(segment), s.ack))
    for (const [left, right] of s.sack)
      this.#takeFrom(this.#startingAt(left), fresh, ({ segment }) => leq(segment.end, right))
    if (this.#repeats.length === 0) return { fresh, repeats: NONE }
    const repeats: Waiting[] = []
    const rest: Waiting[] = []
    for (const entry of this.#repeats) (covered(entry.segment, s) ? repeats : rest).push(entry)
    if (repeats.length > 0) this.#repeats = rest
    return { fresh, repeats }
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

  #takeFrom(from: number, into: Waiting[], matches: (entry: Waiting) => boolean): void {
    for (let k = this.#present(from); k < this.#fresh.length; k = this.#present(k + 1)) {
      const entry = this.#fresh[k] as Waiting
      if (!matches(entry)) return
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
    let low = this.#present(0)
    let high = this.#fresh.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (lt((this.#fresh[middle] as Waiting).segment.seq, left)) low = middle + 1
      else high = middle
    }
    return low
  }
}
