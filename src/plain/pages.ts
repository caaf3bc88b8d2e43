/**
 * Rows of 32-bit words in pages, so that growing never copies what is there.
 *
 * In: words a row. Out: rows by number, from 0; freed ones are given out again.
 */

/** Rows a page: 2^13. A page is some hundred kilobytes, so that few flows take little. */
const SHIFT = 13
const MASK = (1 << SHIFT) - 1

export class Pages {
  count = 0
  private readonly pages: Int32Array[] = []
  private readonly free: number[] = []

  constructor(private readonly words: number) {}

  page(row: number): Int32Array {
    return this.pages[row >>> SHIFT] as Int32Array
  }

  base(row: number): number {
    return (row & MASK) * this.words
  }

  /** Number of a row; its words are those of whoever had it before, or zero. */
  add(): number {
    const again = this.free.pop()
    if (again !== undefined) return again
    const row = this.count++
    if ((row & MASK) === 0) this.pages.push(new Int32Array(this.words << SHIFT))
    return row
  }

  release(row: number): void {
    this.free.push(row)
  }

  /** Bytes that are held. */
  get bytes(): number {
    return this.pages.length * (this.words << SHIFT) * 4
  }
}
