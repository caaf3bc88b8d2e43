/**
 * Lines, or parts of lines, of which very many differ in their numbers only: each is worded once, with numbers that stand
 * out, and cut where they stand; then numbers are written between the pieces, straight into octets.
 *
 * In: a text and its marks; numbers. Out: octets.
 */
import { moment } from '../text/amount.js'
import type { JsonBytes } from './json-bytes.js'

/** How a number is written. */
export const HOW = {
  /** As JSON has it; NaN is null. */
  plain: 0,
  /** As `inTenths()` has it; NaN is null. */
  seconds: 1,
  /** Date and time from two: seconds since 1970, nanoseconds. No quotes. */
  time: 2,
  /** Seconds as `text/` says them. */
  words: 3,
  /** `,"capture":` and it; nothing for the first. */
  capture: 4,
  /** An IPv4 address as a word, with dots. */
  address: 5,
  /** Five words as 28 characters of base64. */
  base64: 6,
  /** The text of this place, of which nothing needs an escape. */
  text: 7,
} as const

/** What stands for a number in a text: how that is written, and which of the numbers it is. */
export interface Mark {
  readonly text: string
  readonly how: (typeof HOW)[keyof typeof HOW]
  readonly which: number
}

export interface Form {
  /** One more than there are numbers. */
  readonly pieces: readonly Uint8Array[]
  readonly how: Uint8Array
  readonly which: Uint8Array
}

const encoder = new TextEncoder()

/** A mark may stand anywhere and several times, and must occur in nothing else. */
export function formOf(text: string, marks: readonly Mark[]): Form {
  const pieces: Uint8Array[] = []
  const found: Mark[] = []
  let begin = 0
  for (let at = 0; at < text.length; ) {
    const mark = marks.find((each) => text.startsWith(each.text, at))
    if (mark === undefined) {
      at++
      continue
    }
    pieces.push(encoder.encode(text.slice(begin, at)))
    found.push(mark)
    at += mark.text.length
    begin = at
  }
  pieces.push(encoder.encode(text.slice(begin)))
  return {
    pieces,
    how: Uint8Array.from(found, ({ how }) => how),
    which: Uint8Array.from(found, ({ which }) => which),
  }
}

const NONE: readonly never[] = []
const CAPTURE = encoder.encode(',"capture":')

/** The numbers are those from `at` on. */
export function fill(
  json: JsonBytes,
  { pieces, how, which }: Form,
  numbers: Float64Array,
  at: number,
  texts: readonly string[] = NONE,
): void {
  for (let n = 0; n < how.length; n++) {
    json.octets(pieces[n] as Uint8Array)
    const place = at + (which[n] as number)
    const number = numbers[place] as number
    switch (how[n]) {
      case HOW.plain:
        json.number(number)
        break
      case HOW.seconds:
        json.seconds(number)
        break
      case HOW.time:
        json.time(number, numbers[place + 1] as number)
        break
      case HOW.address:
        json.dotted(number)
        break
      case HOW.base64:
        json.base64(numbers, place)
        break
      case HOW.text:
        json.ascii(texts[which[n] as number] ?? '')
        break
      case HOW.capture:
        if (number > 0) {
          json.octets(CAPTURE)
          json.number(number)
        }
        break
      default:
        json.ascii(moment(number))
    }
  }
  json.octets(pieces[how.length] as Uint8Array)
}
