/**
 * Very many `packet` lines that differ in their numbers only: each kind of row is worded once, then its numbers are
 * written straight into octets.
 *
 * In: kinds, and what a row of a kind says with given numbers. Out: the lines of `views/json.ts`, in large pieces. A kind
 * is worded with numbers that stand out, and cut where they stand. A test holds the lines to those worded one by one.
 */
import type { Flow, PacketRow } from '../report.js'
import { moment } from '../text/amount.js'
import type { Language } from '../text/table.js'
import { liveLine, writeFlow } from './json.js'
import { JsonBytes } from './json-bytes.js'

/** What a row has of its own. Whole numbers but for the last two. */
export interface Numbers {
  readonly packet: number
  /** Worded with the kind: it seldom changes from one line to the next. */
  readonly capture: number
  /** Since 1970. */
  readonly seconds: number
  readonly nanoseconds: number
  readonly flow: number
  readonly seq: number
  readonly ack: number
  readonly relativeSeq: number
  readonly relativeAck: number
  /** 0 and 1 may be worded otherwise than more: a kind has only one of the three. */
  readonly len: number
  readonly window: number
  readonly receivedBy: number
  /** Negative for nearly all rows: those that a packet of another capture proves are worded one by one, with its name. */
  readonly receivedByCapture: number
  readonly at: number
  readonly until: number
}

/** Stand-ins that occur nowhere else in a line. */
const MARKS = {
  packet: 987_654_301,
  flow: 987_654_302,
  seq: 987_654_303,
  ack: 987_654_304,
  relativeSeq: 987_654_305,
  relativeAck: 987_654_306,
  len: 987_654_307,
  window: 987_654_308,
  receivedBy: 987_654_309,
  seconds: 987_654_310,
  nanoseconds: 987_654_311,
  at: 987_654_312.125,
  until: 987_654_313.123456,
} as const satisfies Omit<Numbers, 'capture' | 'receivedByCapture'>

/** What fills a hole of a line: a number as it is, or one of the forms of time behind them. */
const HOLES = [
  'packet',
  'flow',
  'seq',
  'ack',
  'relativeSeq',
  'relativeAck',
  'len',
  'window',
  'receivedBy',
  'at',
  'until',
  'untilInWords',
  'time',
] as const
type Hole = (typeof HOLES)[number]
const HOLE = Object.fromEntries(HOLES.map((name, n) => [name, n])) as Readonly<Record<Hole, number>>

/** To ask for a member by a name that changes takes several times as long. */
const numberFor = (hole: number, numbers: Numbers): number => {
  switch (hole) {
    case HOLE.packet:
      return numbers.packet
    case HOLE.flow:
      return numbers.flow
    case HOLE.seq:
      return numbers.seq
    case HOLE.ack:
      return numbers.ack
    case HOLE.relativeSeq:
      return numbers.relativeSeq
    case HOLE.relativeAck:
      return numbers.relativeAck
    case HOLE.len:
      return numbers.len
    case HOLE.window:
      return numbers.window
    case HOLE.receivedBy:
      return numbers.receivedBy
    default:
      return numbers.until
  }
}

interface Template {
  /** One more than holes. */
  readonly pieces: readonly Uint8Array[]
  readonly holes: Uint8Array
}

const encoder = new TextEncoder()
/** Octets of the pieces in which lines are handed on, about. */
const PIECE = 1 << 16
const ZULU = 0x5a

export class RowLines {
  readonly #json = new JsonBytes()
  readonly #templates = new Map<number, Template>()
  /** Whose rows the templates are. */
  #capture = 0
  #second = Number.NaN
  /** Date and time to the second, and the point. */
  #date = new Uint8Array(0)

  constructor(
    private readonly language: Language,
    private readonly rowOf: (kind: number, numbers: Numbers) => PacketRow,
    private readonly write: (bytes: Uint8Array) => void,
  ) {}

  /** A line of its own. */
  line(text: string): void {
    this.#json.raw(text)
    this.#json.raw('\n')
    this.#full()
  }

  row(kind: number, numbers: Numbers): void {
    if (numbers.receivedByCapture >= 0) {
      this.line(liveLine(this.rowOf(kind, numbers), numbers.flow, this.language, false))
      return
    }
    if (numbers.capture !== this.#capture) {
      this.#capture = numbers.capture
      this.#templates.clear()
    }
    let template = this.#templates.get(kind)
    if (template === undefined) {
      template = this.#worded(kind, numbers)
      this.#templates.set(kind, template)
    }
    const { pieces, holes } = template
    const json = this.#json
    for (let k = 0; k < holes.length; k++) {
      json.octets(pieces[k] as Uint8Array)
      const hole = holes[k] as number
      if (hole < HOLE.at) json.number(numberFor(hole, numbers))
      else if (hole === HOLE.at) json.seconds(numbers.at)
      else if (hole === HOLE.time) this.#time(numbers)
      else if (hole === HOLE.until) json.number(numbers.until)
      else json.ascii(moment(numbers.until))
    }
    json.octets(pieces[holes.length] as Uint8Array)
    this.#full()
  }

  flow(flow: Flow): void {
    writeFlow(this.#json, flow, true)
    this.#full()
  }

  flush(): void {
    const { bytes, length } = this.#json
    if (length > 0) this.write(bytes.subarray(0, length))
    this.#json.clear()
  }

  #full(): void {
    if (this.#json.length >= PIECE) this.flush()
  }

  #time({ seconds, nanoseconds }: Numbers): void {
    const json = this.#json
    if (seconds !== this.#second) {
      this.#second = seconds
      this.#date = encoder.encode(new Date(seconds * 1000).toISOString().slice(0, 20))
    }
    json.octets(this.#date)
    json.digits(nanoseconds, 9)
    json.octet(ZULU)
  }

  /** `numbers`: of a row of this kind. */
  #worded(kind: number, { len, capture }: Numbers): Template {
    const row = this.rowOf(kind, {
      ...MARKS,
      capture,
      receivedByCapture: -1,
      len: len > 1 ? MARKS.len : len,
    })
    const line = `${liveLine(row, MARKS.flow, this.language, false)}\n`
    const texts: Readonly<Record<Hole, string | number>> = {
      ...MARKS,
      untilInWords: moment(MARKS.until),
      time: row.time,
    }
    const marks = HOLES.map((name): [string, number] => [String(texts[name]), HOLE[name]])
    const pieces: Uint8Array[] = []
    const holes: number[] = []
    let begin = 0
    for (let at = 0; at < line.length; ) {
      const mark = marks.find(([text]) => line.startsWith(text, at))
      if (mark === undefined) {
        at++
        continue
      }
      pieces.push(encoder.encode(line.slice(begin, at)))
      holes.push(mark[1])
      at += mark[0].length
      begin = at
    }
    pieces.push(encoder.encode(line.slice(begin)))
    return { pieces, holes: Uint8Array.from(holes) }
  }
}
