/**
 * Bytes of one direction that were jumped over: what became of them is told where the jump was.
 *
 * In: stretches as they open, copies that fill them, ACKs that pass them. Out: the kind in each one's note, in
 * hindsight. Gaps open at growing positions, so that they lie in order; each is found by bisection.
 */
import { firstThat } from '../../bisection.js'
import type { Note } from '../../notes.js'

type Missing = Extract<Note, { code: 'previous-segment-missing' }>
export type OpenMissing = { -readonly [K in keyof Missing]: Missing[K] }

export interface Gap {
  readonly from: number
  readonly to: number
  /** Row that jumped over it, seconds as in `Segment.at`, and its notes. */
  readonly row: number
  readonly at: number
  readonly note: OpenMissing
  readonly notes: Note[]
}

export class Gaps {
  readonly #gaps: Gap[] = []
  /** Gaps before this one are acknowledged: nothing can change about them. */
  #settled = 0

  open(gap: Gap): void {
    this.#gaps.push(gap)
  }

  /** The gap that holds `position`, or undefined. */
  find(position: number): Gap | undefined {
    const gaps = this.#gaps
    const gap = gaps[firstThat(0, gaps.length, (n) => (gaps[n] as Gap).from > position) - 1]
    return gap !== undefined && position < gap.to ? gap : undefined
  }

  /** Everything below `position` has arrived: gaps that nothing filled were there, but not captured. */
  acknowledged(position: number): void {
    for (; this.#settled < this.#gaps.length; this.#settled++) {
      const gap = this.#gaps[this.#settled] as Gap
      if (gap.to > position) return
      if (gap.note.kind === 'unknown') gap.note.kind = 'not-captured'
    }
  }
}

/** Its bytes came after all: they were lost, and sent again. */
export function filledAgain(gap: Gap): void {
  gap.note.kind = 'lost'
}

/** Its bytes came late, but as sent: nothing had been missing. */
export function filledLate(gap: Gap): void {
  const at = gap.notes.indexOf(gap.note)
  if (at >= 0 && gap.note.kind === 'unknown') gap.notes.splice(at, 1)
}
