/**
 * Very many `packet` lines that differ in their numbers only: each kind of row is worded once, then its numbers are
 * written straight into octets.
 *
 * In: kinds, and what a row of a kind says with given numbers. Out: the lines of `views/json.ts`, in large pieces. A kind
 * is worded with numbers that stand out, and cut where they stand. A test holds the lines to those worded one by one.
 */
import type { PacketRow } from '../report.js'
import { moment } from '../text/amount.js'
import type { Language } from '../text/table.js'
import { liveLine } from './json.js'
import { type Form, fill, formOf, HOW, type Mark } from './json-form.js'
import { Lines } from './json-lines.js'

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

/** In the order in which forms count them. */
const NAMES = [
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
  'seconds',
  'nanoseconds',
] as const satisfies readonly (keyof typeof MARKS)[]
type Name = (typeof NAMES)[number]
const mark = (name: Name, text: string | number = MARKS[name], how: Mark['how'] = HOW.plain): Mark => ({
  text: String(text),
  how,
  which: NAMES.indexOf(name),
})

export class RowLines extends Lines {
  /** By kind, or by the row that others are like. */
  readonly #forms = new Map<number | PacketRow, Form>()
  /** Whose rows the forms are. */
  #capture = 0
  readonly #values = new Float64Array(NAMES.length)

  constructor(
    private readonly language: Language,
    private readonly rowOf: (kind: number, numbers: Numbers) => PacketRow,
    write: (bytes: Uint8Array) => void,
  ) {
    super(write)
  }

  row(kind: number, numbers: Numbers): void {
    if (numbers.receivedByCapture >= 0) {
      this.line(liveLine(this.rowOf(kind, numbers), numbers.flow, this.language, false))
      return
    }
    const form = this.#formOf(kind, numbers) ?? this.#worded(kind, this.rowOf(kind, marked(numbers)))
    this.#put(form, numbers)
  }

  /** What it says of packets, times and bytes is only what it has of its own. */
  rowLike(example: PacketRow, numbers: Numbers): void {
    this.#put(
      this.#formOf(example, numbers) ?? this.#worded(example, like(example, marked(numbers))),
      numbers,
    )
  }

  #formOf(kind: number | PacketRow, { capture }: Numbers): Form | undefined {
    if (capture !== this.#capture) {
      this.#capture = capture
      this.#forms.clear()
    }
    return this.#forms.get(kind)
  }

  #put(form: Form, numbers: Numbers): void {
    fill(this.json, form, this.#inOrder(numbers), 0)
    this.handOn()
  }

  /** In the order of `NAMES`. Named one by one: to ask for a member by a name that changes takes several times as long. */
  #inOrder(numbers: Numbers): Float64Array {
    const values = this.#values
    values[0] = numbers.packet
    values[1] = numbers.flow
    values[2] = numbers.seq
    values[3] = numbers.ack
    values[4] = numbers.relativeSeq
    values[5] = numbers.relativeAck
    values[6] = numbers.len
    values[7] = numbers.window
    values[8] = numbers.receivedBy
    values[9] = numbers.at
    values[10] = numbers.until
    values[11] = numbers.seconds
    values[12] = numbers.nanoseconds
    return values
  }

  /** `row`: one of this kind, with marks for numbers. */
  #worded(kind: number | PacketRow, row: PacketRow): Form {
    const line = `${liveLine(row, MARKS.flow, this.language, false)}\n`
    const form = formOf(line, [
      ...NAMES.map((name) => mark(name, MARKS[name], name === 'at' ? HOW.seconds : HOW.plain)),
      mark('until', moment(MARKS.until), HOW.words),
      mark('seconds', row.time, HOW.time),
    ])
    this.#forms.set(kind, form)
    return form
  }
}

/** `numbers`: of a row of the kind that is to be worded. */
const marked = ({ len, capture }: Numbers): Numbers => ({
  ...MARKS,
  capture,
  receivedByCapture: -1,
  len: len > 1 ? MARKS.len : len,
})

/** The row with these numbers, where it has any. */
const like = (
  row: PacketRow,
  { packet, capture, at, seq, ack, relativeSeq, relativeAck, len, window }: Numbers,
): PacketRow => ({
  ...row,
  packet,
  capture,
  time: '@time',
  at,
  seq,
  ack: row.ack === null ? null : ack,
  relativeSeq,
  relativeAck: row.relativeAck === null ? null : relativeAck,
  len,
  window,
})
