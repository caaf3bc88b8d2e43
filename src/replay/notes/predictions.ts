/**
 * Challenge ACKs that the machine says an end now owes: a bare ACK that looks like a duplicate is told by its cause.
 *
 * In: rows that draw one, in order. Out: the row that a bare ACK answers. RFC 5961 sections 3 to 5.
 */
import type { Reply } from '../../rfc9293/event.js'

interface Owed {
  readonly row: number
  readonly after: number
  readonly reply: Reply
}

/** Linux sends few of them (tcp_challenge_ack_limit), so most are never paid; so many are remembered. */
const REMEMBERED = 16

export class Predictions {
  readonly #owed: Owed[] = []

  owe(row: number, after: number, reply: Reply): void {
    this.#owed.push({ row, after, reply })
    if (this.#owed.length > REMEMBERED) this.#owed.shift()
  }

  /** The row that the bare ACK <SEQ=seq><ACK=ack> at `row` answers, or -1. */
  paid(row: number, seq: number, ack: number): number {
    const at = this.#owed.findIndex(
      ({ reply, after }) => after < row && reply.seq === seq && reply.ack === ack,
    )
    if (at < 0) return -1
    const [owed] = this.#owed.splice(at, 1)
    return owed?.row ?? -1
  }
}
