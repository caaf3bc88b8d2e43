/**
 * The states of both ends and their timers, as `annotate --json` adds them to a flow's line, straight from numbers.
 *
 * In: numbers, the words that go with them. Out: octets, those of the same spans and timers as objects: a test compares
 * the two.
 */
import type { StateSpan, TimerSpan } from '../report.js'
import type { JsonBytes } from './json-bytes.js'
import { type Form, fill, formOf, HOW, type Mark } from './json-form.js'

/** Of each one the number of its words, and `width` numbers. */
interface Told {
  readonly count: number
  readonly words: Int32Array
  readonly numbers: Float64Array
  readonly width: number
}

/** What is said besides numbers. */
interface Words<W> {
  readonly all: readonly W[]
}

/** Seconds as in the report, NaN for null; so is a packet that there is none. */
export interface History {
  /** From, to, packet, capture. */
  readonly client: Told
  readonly server: Told
  /** From, expires, stopped. */
  readonly timers: Told
  readonly spanWords: Words<Pick<StateSpan, 'state' | 'certainty' | 'cause' | 'rules'>>
  readonly timerWords: Words<Pick<TimerSpan, 'side' | 'name'>>
}

const octets = (text: string): Uint8Array => new TextEncoder().encode(text)
const CLIENT = octets(',"spans":{"client":[')
const SERVER = octets('],"server":[')
const TIMERS = octets(']},"timers":[')
const COMMA = 0x2c
const CLOSE_LIST = 0x5d

const mark = (text: string, which: number, how: Mark['how']): Mark => ({ text, which, how })
const SPAN_MARKS = [
  mark('"@from"', 0, HOW.seconds),
  mark('"@to"', 1, HOW.seconds),
  mark('"@packet"', 2, HOW.plain),
  mark(',"capture":"@"', 3, HOW.capture),
]
const TIMER_MARKS = [
  mark('"@from"', 0, HOW.seconds),
  mark('"@expires"', 1, HOW.seconds),
  mark('"@stopped"', 2, HOW.seconds),
]

/** For histories whose words come from one source. */
export class HistoryBytes {
  readonly #spans: Form[] = []
  readonly #timers: Form[] = []

  put(json: JsonBytes, history: History): void {
    const { client, server, timers, spanWords, timerWords } = history
    for (let n = this.#spans.length; n < spanWords.all.length; n++)
      this.#spans.push(spanForm(spanWords.all[n]))
    for (let n = this.#timers.length; n < timerWords.all.length; n++)
      this.#timers.push(timerForm(timerWords.all[n]))
    json.octets(CLIENT)
    putAll(json, client, this.#spans)
    json.octets(SERVER)
    putAll(json, server, this.#spans)
    json.octets(TIMERS)
    putAll(json, timers, this.#timers)
    json.octet(CLOSE_LIST)
  }
}

function putAll(json: JsonBytes, { count, words, numbers, width }: Told, forms: readonly Form[]): void {
  for (let n = 0; n < count; n++) {
    if (n > 0) json.octet(COMMA)
    fill(json, forms[words[n] as number] as Form, numbers, n * width)
  }
}

const spanForm = (words: History['spanWords']['all'][number] | undefined): Form => {
  const { state, certainty, cause, rules } = words ?? {}
  const shown = { packet: '@packet', capture: '@' }
  return formOf(
    JSON.stringify({ state, from: '@from', to: '@to', certainty, cause, ...shown, rules }),
    SPAN_MARKS,
  )
}

const timerForm = (words: History['timerWords']['all'][number] | undefined): Form =>
  formOf(JSON.stringify({ ...words, from: '@from', expires: '@expires', stopped: '@stopped' }), TIMER_MARKS)
