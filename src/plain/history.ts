/**
 * How long both ends of a connection were in each state, and which timers ran, in columns that are used again for the
 * next connection.
 *
 * In: stretches, each with its times and the number of its words. Out: what `Flow.spans` and `Flow.timers` say, without
 * an object each: with millions of connections these would be most of what is made.
 */
import type { StateSpan, TimerSpan } from '../report.js'

/** What they say besides times and packets. */
export type SpanWords = Pick<StateSpan, 'state' | 'certainty' | 'cause' | 'rules'>
export type TimerWords = Pick<TimerSpan, 'side' | 'name'>

/** No plain connection has as many spans or timers at one end. */
export const MOST = 16
/** Numbers of a span: from, to, the packet that shows its beginning (NaN: none of these), and that packet's capture. */
const OF_SPAN = 4
/** Of a timer: from, expires, stopped (NaN: it was not). */
const OF_TIMER = 3

/** Few words, each said very often: numbered as they come. */
export class Numbered<W> {
  readonly all: W[] = []
  readonly #numbers = new Map<string, number>()

  /** `key`: the same for the same words. */
  numberOf(words: W, key = JSON.stringify(words)): number {
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    this.#numbers.set(key, this.all.length)
    return this.all.push(words) - 1
  }
}

/** Spans of one end, or timers, one after the other. */
export class Told {
  count = 0
  /** Of each one the number of its words. */
  readonly words = new Int32Array(MOST)
  /** Of each one `width` numbers. Seconds are those of the report. */
  readonly numbers: Float64Array

  constructor(readonly width: number) {
    this.numbers = new Float64Array(MOST * width)
  }

  span(words: number, from: number, to: number, packet: number, capture: number): void {
    const { numbers, count } = this
    const at = count * OF_SPAN
    this.words[count] = words
    numbers[at] = from
    numbers[at + 1] = to
    numbers[at + 2] = packet
    numbers[at + 3] = capture
    this.count++
  }

  timer(words: number, from: number, expires: number, stopped: number): void {
    const { numbers, count } = this
    const at = count * OF_TIMER
    this.words[count] = words
    numbers[at] = from
    numbers[at + 1] = expires
    numbers[at + 2] = stopped
    this.count++
  }
}

export class History {
  readonly client = new Told(OF_SPAN)
  readonly server = new Told(OF_SPAN)
  /** The client's, then the server's. */
  readonly timers = new Told(OF_TIMER)
  readonly spanWords = new Numbered<SpanWords>()
  readonly timerWords = new Numbered<TimerWords>()

  clear(): void {
    this.client.count = this.server.count = this.timers.count = 0
  }
}
