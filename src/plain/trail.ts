/**
 * Where in its file each packet lies, and to which connection it belongs, so that those of a few connections are found
 * again without a second look at all others.
 *
 * In: records in the order of their files, each with its row. Out: the places of those whose rows are wanted. Only of
 * captures that are not too long: eight bytes a packet are little where rows take ten times that, and much in a download.
 */
import type { Place } from '../capture/picked.js'
import type { CaptureRecord } from '../capture/record.js'

/** Records a page: 2^13. Even those of full 64 KiB lie within what 32 bits can count; see `add()` for longer ones. */
const SHIFT = 13
const MASK = (1 << SHIFT) - 1
/** Of each record the number of its row plus one (0: it has none), and where it begins, counted from the page's own. */
const ROW = 0
const BEGINS = 1
const WORDS = 2

/** Records in all: 32 MiB. */
export const MOST_RECORDS = 1 << 22

interface Page {
  readonly words: Int32Array
  /** Number of its first record, from 0, and where the first that was added begins. */
  readonly first: number
  readonly offset: number
}

/** No record is in it. */
const NONE: Page = { words: new Int32Array(0), first: Number.POSITIVE_INFINITY, offset: 0 }

/** One in so many packets wanted: then it costs no less to read them all. */
const FEW = 8

export class Trail {
  #captures: Page[][] = []
  #pages: Page[] = []
  #page = NONE
  #left: number
  #isWhole = true

  /** `most`: of more records none is known any more. */
  constructor(most = MOST_RECORDS) {
    this.#left = most >>> SHIFT
  }

  /** Another capture begins. */
  beginCapture(): void {
    this.#pages = []
    this.#captures.push(this.#pages)
    this.#page = NONE
  }

  /** `row`: its number, at least 0. */
  add({ number, offset }: CaptureRecord, row: number): void {
    let page = this.#page
    const at = number - 1 - page.first
    if (at < 0 || at > MASK) {
      if (!this.#isWhole || !this.#begin(number - 1, offset)) return
      page = this.#page
    }
    const word = ((number - 1) & MASK) * WORDS
    const begins = offset - page.offset
    // Records may be as long as 16 MiB, by the file's own word on where it cut them.
    if (begins > 0xffff_ffff) {
      this.letGo()
      return
    }
    page.words[word + ROW] = row + 1
    page.words[word + BEGINS] = begins
  }

  /**
   * The places of all records whose rows are marked, in each capture; null when they are not known, or so many that to
   * read everything costs no more.
   */
  places(isWanted: Uint8Array): readonly (readonly Place[])[] | null {
    if (!this.#isWhole) return null
    const captures = this.#captures
    const places: Place[][] = []
    let records = 0
    let wanted = 0
    for (const pages of captures) {
      const found: Place[] = []
      places.push(found)
      for (const { words, first, offset } of pages) {
        records += MASK + 1
        for (let word = 0; word < words.length; word += WORDS) {
          const row = words[word + ROW] as number
          if (row === 0 || isWanted[row - 1] !== 1) continue
          found.push({
            number: first + word / WORDS + 1,
            offset: offset + ((words[word + BEGINS] as number) >>> 0),
          })
        }
      }
      wanted += found.length
      if (wanted * FEW > records) return null
    }
    return places
  }

  /** Not needed, or not to be relied on: none is known from now on, whatever is added. */
  letGo(): void {
    this.#isWhole = false
    this.#captures = []
    this.#pages = []
    this.#page = NONE
  }

  #begin(record: number, offset: number): boolean {
    if (this.#left-- <= 0 || offset < 0) {
      this.letGo()
      return false
    }
    this.#page = { words: new Int32Array(WORDS << SHIFT), first: record & ~MASK, offset }
    this.#pages.push(this.#page)
    return true
  }
}
