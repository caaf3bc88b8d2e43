/**
 * Pairs of words, numbered from 0 in the order in which they first come.
 *
 * In: two 32-bit words. Out: the pair's number. Open addressing on typed arrays: a `Map` would want an object for most
 * keys, and there may be a million.
 */
export class Numbering {
  count = 0
  private slots = new Int32Array(1 << 8)
  private pairs = new Int32Array(1 << 8)

  of(a: number, b: number): number {
    const { slots, pairs } = this
    const mask = slots.length - 1
    for (let at = hash(a, b) & mask; ; at = (at + 1) & mask) {
      const number = (slots[at] as number) - 1
      if (number < 0) return this.add(a, b, at)
      if (pairs[2 * number] === a && pairs[2 * number + 1] === b) return number
    }
  }

  /** The second word of a pair. */
  second(number: number): number {
    return this.pairs[2 * number + 1] as number
  }

  private add(a: number, b: number, at: number): number {
    const number = this.count++
    this.pairs[2 * number] = a
    this.pairs[2 * number + 1] = b
    this.slots[at] = number + 1
    if (2 * this.count >= this.slots.length) this.grow()
    return number
  }

  private grow(): void {
    const { pairs, count } = this
    this.slots = new Int32Array(2 * this.slots.length)
    this.pairs = new Int32Array(this.slots.length)
    this.pairs.set(pairs)
    const mask = this.slots.length - 1
    for (let number = 0; number < count; number++) {
      let at = hash(pairs[2 * number] as number, pairs[2 * number + 1] as number) & mask
      while (this.slots[at] !== 0) at = (at + 1) & mask
      this.slots[at] = number + 1
    }
  }
}

/** Whoever made the packets may have chosen them to collide. */
const SEED = (Math.random() * 0x1_0000_0000) | 0

function hash(a: number, b: number): number {
  const first = Math.imul(a ^ SEED, 0x9e3779b1)
  const second = Math.imul(b ^ first ^ (first >>> 15), 0x85ebca6b)
  return second ^ (second >>> 13)
}
