/**
 * Sequence numbers counted from a first one, on beyond 4 GiB: RFC 9293 section 3.4 counts modulo 2^32, people don't.
 *
 * In: the numbers of one direction, in their order. Out: how far each is from the first; negative: before it.
 */
export class Relative {
  #highest = 0

  /** `base`: the number that is 0. Signed or unsigned 32-bit words, as all numbers here. */
  constructor(private readonly base: number) {}

  /** Of all places that a number may stand for the one nearest to the highest so far; `isOwn`: nobody else has made it up. */
  of(number: number, isOwn = true): number {
    const place = this.#highest + ((number - this.base - this.#highest) | 0)
    if (isOwn && place > this.#highest) this.#highest = place
    return place
  }
}
