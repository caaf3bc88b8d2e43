/**
 * JSON straight into octets: for very many lines, of which `JSON.stringify()` would make strings first.
 *
 * In: plain values. Out: octets, exactly those of `JSON.stringify()` in UTF-8. Values with a `toJSON()` are none of these.
 */

import { FAR, inTenths, TENTH } from './json-time.js'

const FIRST_SIZE = 1 << 16
const encoder = new TextEncoder()

const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c]
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x5b, 0x5d, 0x7b, 0x7d]
const [SPACE, TILDE, DIGIT, POINT, MINUS, ZULU] = [0x20, 0x7e, 0x30, 0x2e, 0x2d, 0x5a]
/** Below this JavaScript prints an exponent; from this on nanoseconds need more than fifteen digits. */
const [LEAST_FRACTION, MOST_FRACTION] = [1e-6, 1e6]
/** Names come from our own code; nothing else is to fill the memory. */
const MOST_NAMES = 512
const BASE64 = encoder.encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
const PAD = 0x3d
/** Octets. */
const SHORT = 12

export class JsonBytes {
  /** The first `length` octets are written. */
  bytes = new Uint8Array(FIRST_SIZE)
  length = 0
  /** Names of members with their quotes and colon. */
  readonly #names = new Map<string, Uint8Array>()
  /** Times come many a second: date and time of the last one up to its point. */
  #second = Number.NaN
  #date = new Uint8Array(0)

  clear(): void {
    this.length = 0
  }

  /** As it is: no quotes, no escapes. */
  raw(text: string): void {
    this.#reserve(3 * text.length)
    this.length += encoder.encodeInto(text, this.bytes.subarray(this.length)).written
  }

  /** The same for a text without anything but ASCII. */
  ascii(text: string): void {
    this.#reserve(text.length)
    const { bytes, length } = this
    for (let n = 0; n < text.length; n++) bytes[length + n] = text.charCodeAt(n)
    this.length = length + text.length
  }

  /** What is JSON already. */
  octets(written: Uint8Array): void {
    const count = written.length
    this.#reserve(count)
    // For a few octets a call costs more than a loop.
    if (count > SHORT) this.bytes.set(written, this.length)
    else {
      const { bytes, length } = this
      for (let n = 0; n < count; n++) bytes[length + n] = written[n] as number
    }
    this.length += count
  }

  value(value: unknown): void {
    if (typeof value === 'string') this.string(value)
    else if (typeof value === 'number') this.number(value)
    else if (typeof value !== 'object' || value === null) this.ascii(JSON.stringify(value) ?? 'null')
    else if (Array.isArray(value)) this.#list(value)
    else this.#object(value as Readonly<Record<string, unknown>>)
  }

  /** `"name":` and the value, behind a comma unless it is the first. */
  member(name: string, value: unknown): void {
    if (this.bytes[this.length - 1] !== OPEN_OBJECT) this.octet(COMMA)
    const written = this.#names.get(name) ?? this.#nameOf(name)
    this.octets(written)
    this.value(value)
  }

  octet(octet: number): void {
    this.#reserve(1)
    this.bytes[this.length++] = octet
  }

  #list(list: readonly unknown[]): void {
    this.octet(OPEN_LIST)
    for (let n = 0; n < list.length; n++) {
      if (n > 0) this.octet(COMMA)
      this.value(list[n])
    }
    this.octet(CLOSE_LIST)
  }

  #object(object: Readonly<Record<string, unknown>>): void {
    this.octet(OPEN_OBJECT)
    for (const name of Object.keys(object)) {
      const value = object[name]
      if (value !== undefined) this.member(name, value)
    }
    this.octet(CLOSE_OBJECT)
  }

  #nameOf(name: string): Uint8Array {
    const written = encoder.encode(`${JSON.stringify(name)}:`)
    if (this.#names.size < MOST_NAMES) this.#names.set(name, written)
    return written
  }

  number(value: number): void {
    if (value >>> 0 === value && !Object.is(value, -0)) this.digits(value, 1)
    else if (!this.#fraction(value)) this.ascii(Number.isFinite(value) ? String(value) : 'null')
  }

  /**
   * Nearly all fractions are seconds in micro- or nanoseconds. A double is the nearest one to at most one number of
   * fifteen digits, so when these digits give it they are the shortest that do, which is what JavaScript prints.
   */
  #fraction(value: number): boolean {
    if (!(value >= LEAST_FRACTION && value < MOST_FRACTION)) return false
    let places = 6
    let scaled = Math.round(value * 1e6)
    if (scaled / 1e6 !== value) {
      places = 9
      scaled = Math.round(value * 1e9)
      if (scaled / 1e9 !== value) return false
    }
    const unit = places === 6 ? 1e6 : 1e9
    const whole = Math.floor(scaled / unit)
    let rest = scaled - whole * unit
    for (; rest % 10 === 0; rest /= 10) places--
    this.digits(whole, 1)
    this.octet(POINT)
    this.digits(rest, places)
    return true
  }

  /** What `inTenths()` makes of `value`; NaN is null, as everywhere. */
  seconds(value: number): void {
    const size = Math.abs(value)
    if (!(size >= LEAST_FRACTION && size < FAR)) {
      this.number(inTenths(value))
      return
    }
    // Rounded with its sign: halves go up.
    const scaled = Math.abs(Math.round(value * TENTH))
    const whole = Math.floor(scaled / TENTH)
    if (value < 0) this.octet(MINUS)
    this.digits(whole, 1)
    const rest = scaled - whole * TENTH
    if (rest === 0) return
    this.octet(POINT)
    // Ten digits are more than a word holds; and few times have more than six.
    const millionths = Math.floor(rest / 1e4)
    const below = rest - millionths * 1e4
    if (below === 0) this.#places(millionths, 6)
    else {
      this.digits(millionths, 6)
      this.#places(below, 4)
    }
  }

  /** ISO 8601 with nanoseconds, without quotes. `seconds`: whole, 0 to 2^32 - 1. */
  time(seconds: number, nanoseconds: number): void {
    if (seconds !== this.#second) {
      this.#second = seconds
      this.#date = encoder.encode(new Date(seconds * 1000).toISOString().slice(0, 20))
    }
    this.octets(this.#date)
    this.digits(nanoseconds, 9)
    this.octet(ZULU)
  }

  /** `word`: an IPv4 address. */
  dotted(word: number): void {
    for (let shift = 24; shift >= 0; shift -= 8) {
      this.digits((word >>> shift) & 0xff, 1)
      if (shift > 0) this.octet(POINT)
    }
  }

  /** The five words from `at` on as 28 characters, RFC 4648 section 4. */
  base64(words: Float64Array, at: number): void {
    this.#reserve(28)
    const { bytes } = this
    let { length } = this
    let bits = 0
    let count = 0
    for (let n = 0; n < 5; n++) {
      const word = (words[at + n] as number) | 0
      for (let shift = 24; shift >= 0; shift -= 8) {
        bits = (bits << 8) | ((word >>> shift) & 0xff)
        count += 8
        for (; count >= 6; count -= 6) bytes[length++] = BASE64[(bits >>> (count - 6)) & 0x3f] as number
      }
    }
    // Twenty octets leave two of three: four bits, and one character for what is missing.
    bytes[length++] = BASE64[(bits << 2) & 0x3f] as number
    bytes[length++] = PAD
    this.length = length
  }

  /** What stands so many places behind a point, without the zeros at the end; not 0. */
  #places(value: number, most: number): void {
    let rest = value >>> 0
    let places = most
    for (; rest % 10 === 0; rest = (rest / 10) >>> 0) places--
    this.digits(rest, places)
  }

  /** `value`: whole, 0 to 2^32 - 1; with at least so many digits. */
  digits(value: number, least: number): void {
    this.#reserve(10)
    // An unsigned word: its division by ten is a multiplication, that of a double takes ten times as long.
    let rest = value >>> 0
    let count = digitsOf(rest)
    if (count < least) count = least
    const { bytes, length } = this
    for (let at = length + count - 1; at >= length; at--) {
      const less = (rest / 10) >>> 0
      bytes[at] = DIGIT + rest - less * 10
      rest = less
    }
    this.length = length + count
  }

  string(text: string): void {
    this.#reserve(text.length + 2)
    const { bytes, length } = this
    let at = length
    bytes[at++] = QUOTE
    for (let n = 0; n < text.length; n++) {
      const code = text.charCodeAt(n)
      if (code < SPACE || code > TILDE || code === QUOTE || code === BACKSLASH) {
        // What must be escaped, or takes more than an octet: from the front again.
        this.raw(JSON.stringify(text))
        return
      }
      bytes[at++] = code
    }
    bytes[at++] = QUOTE
    this.length = at
  }

  #reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const bytes = new Uint8Array(2 * (this.length + more))
    bytes.set(this.bytes.subarray(0, this.length))
    this.bytes = bytes
  }
}

/** By exponent. */
const POWERS = Float64Array.from({ length: 11 }, (_, exponent) => 10 ** exponent)
/** Binary digits times 1233 / 4096, which is log 2, are the decimal ones, or one less. */
const digitsOf = (word: number): number => {
  // Zero has a digit too; no other number of digits changes with this bit.
  const odd = (word | 1) >>> 0
  const about = ((32 - Math.clz32(odd)) * 1233) >>> 12
  return odd < (POWERS[about] as number) ? about : about + 1
}
