/**
 * Challenge ACKs that the machine says an end now owes: a bare ACK that looks like a duplicate is told by its cause.
 *
 * In: rows that draw one, in order. Out: the row that a bare ACK answers. RFC 5961 sections 3 to 5.
 */
import type { Segment } from '../../flow/segment.js'

export interface Owed {
  /** The row that draws it, and the last row of the same end that left before it came. */
  readonly row: number
  readonly after: number
  /** It comes until then, seconds as in `Segment.at`. */
  readonly until: number
  readonly seq: number
  readonly ack: number | null
}

/** Linux sends few of them (tcp_challenge_ack_limit), so most are never paid; so many are remembered. */
const REMEMBERED = 16

export class Predictions {
  readonly #owed: Owed[] = []

  owe(owed: Owed): void {
    this.#owed.push(owed)
    if (this.#owed.length > REMEMBERED) this.#owed.shift()
  }

  /** The row that the bare ACK at `row` answers, or -1. */
  paid(row: number, s: Segment): number {
    if (this.#owed.length === 0) return -1
    const at = this.#owed.findIndex(
      ({ after, until, seq, ack }) => after < row && s.at <= until && seq === s.seq && ack === s.ack,
    )
    if (at < 0) return -1
    const [owed] = this.#owed.splice(at, 1)
    return owed?.row ?? -1
  }
}
