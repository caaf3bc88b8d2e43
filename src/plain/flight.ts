/**
 * Segments of one side that wait for their ACK, to tell how long the way there and back takes.
 *
 * In: ends of segments with their times, ACKs. Out: the segment that an ACK answers exactly. What the row has no
 * place for; rings are used again, since many connections have more in flight only for a moment.
 */
const WORDS = 4
/** Places at first; always a power of two. */
const FIRST = 16

export class Ring {
  private words = new Int32Array(FIRST * WORDS)
  private head = 0
  count = 0

  clear(): void {
    this.head = 0
    this.count = 0
  }

  push(end: number, seconds: number, nanoseconds: number, tsVal: number): void {
    if (this.count * WORDS === this.words.length) this.grow()
    const at = ((this.head + this.count) * WORDS) & (this.words.length - 1)
    this.words[at] = end
    this.words[at + 1] = seconds
    this.words[at + 2] = nanoseconds
    this.words[at + 3] = tsVal
    this.count++
  }

  /** Takes out what `ack` covers, and copies the segment that ends exactly there to `into`; false when none does. */
  take(ack: number, into: Int32Array): boolean {
    let exact = false
    while (this.count > 0) {
      const at = this.head * WORDS
      const beyond = ((this.words[at] as number) - ack) | 0
      if (beyond > 0) break
      if (beyond === 0) {
        exact = true
        for (let k = 0; k < WORDS; k++) into[k] = this.words[at + k] as number
      }
      this.next()
    }
    return exact
  }

  /** Moves the oldest to `into` from `place` on; false when there is none. */
  shift(into: Int32Array, place: number): boolean {
    if (this.count === 0) return false
    const at = this.head * WORDS
    for (let k = 0; k < WORDS; k++) into[place + k] = this.words[at + k] as number
    this.next()
    return true
  }

  private next(): void {
    this.head = (this.head + 1) & (this.words.length / WORDS - 1)
    this.count--
  }

  private grow(): void {
    const room = this.words.length / WORDS
    const words = new Int32Array(2 * this.words.length)
    for (let k = 0; k < this.count; k++) {
      const at = ((this.head + k) % room) * WORDS
      words.set(this.words.subarray(at, at + WORDS), k * WORDS)
    }
    this.words = words
    this.head = 0
  }
}
