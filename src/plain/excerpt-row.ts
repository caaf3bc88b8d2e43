/**
 * A row of a connection of which most rows are gone, as numbers, and read from them: rules over all connections go through
 * such rows several times, and rows as objects would be most of what a survey makes.
 *
 * In: a row; numbers as they were put. Out: numbers; a row that says what rules over many still ask for (`diagnose/excerpt.ts`).
 */
import { flagLetters } from '../flow/segment.js'
import type { EndState, PacketRow, Side } from '../report.js'

/** Numbers one after the other, in pages: growing copies nothing. Null is held as NaN. */
export class Numbers {
  end = 0
  readonly #pages: Float64Array[] = []

  put(number: number | null): void {
    const place = this.end++
    if ((place & MASK) === 0) this.#pages.push(new Float64Array(MASK + 1))
    const page = this.#pages[place >>> SHIFT] as Float64Array
    page[place & MASK] = number ?? Number.NaN
  }

  at(place: number): number {
    return this.#pages[place >>> SHIFT]?.[place & MASK] ?? Number.NaN
  }

  orNull(place: number): number | null {
    const number = this.at(place)
    return Number.isNaN(number) ? null : number
  }
}

/** Numbers of a page, as a power of two. */
const SHIFT = 16
const MASK = (1 << SHIFT) - 1

/** Numbers of a row, in the order of {@link putRow}. */
export const OF_ROW = 7

export function putRow(numbers: Numbers, row: PacketRow): void {
  const copy = row.notes.find(({ code }) => code === 'capture-duplicate')
  numbers.put(row.packet)
  numbers.put(row.capture)
  numbers.put(row.at)
  numbers.put((BITS.get(row.flags) ?? 0) | (row.from === 'client' ? 0 : FROM_SERVER))
  numbers.put(row.seq)
  numbers.put(row.len)
  numbers.put(copy?.code === 'capture-duplicate' ? copy.of : null)
}

const BITS: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 256 }, (_, bits) => [flagLetters(bits), bits]),
)
const FROM_SERVER = 1 << 8
const ACK = 1 << 4

const NONE: readonly never[] = []
const UNTOLD: EndState = { state: 'CLOSED', was: 'CLOSED', certainty: 'assumed', rules: NONE }

/** What nobody asks of such rows (states, numbers relative to others) is not in them. */
export class ExcerptRow implements PacketRow {
  constructor(
    private readonly numbers: Numbers,
    /** Where its numbers begin. */
    private readonly place: number,
  ) {}

  get packet(): number {
    return this.numbers.at(this.place)
  }
  get capture(): number {
    return this.numbers.at(this.place + 1)
  }
  get at(): number {
    return this.numbers.at(this.place + 2)
  }
  get #bits(): number {
    return this.numbers.at(this.place + 3)
  }
  get from(): Side {
    return (this.#bits & FROM_SERVER) === 0 ? 'client' : 'server'
  }
  get flags(): string {
    return flagLetters(this.#bits)
  }
  get seq(): number {
    return this.numbers.at(this.place + 4)
  }
  get len(): number {
    return this.numbers.at(this.place + 5)
  }
  get notes(): PacketRow['notes'] {
    const of = this.numbers.orNull(this.place + 6)
    return of === null ? NONE : [{ code: 'capture-duplicate', of }]
  }
  get ack(): number | null {
    return (this.#bits & ACK) === 0 ? null : 0
  }
  get relativeAck(): number | null {
    return this.ack
  }
  get time(): string {
    return ''
  }
  get relativeSeq(): number {
    return 0
  }
  get window(): number {
    return 0
  }
  get client(): EndState {
    return UNTOLD
  }
  get server(): EndState {
    return UNTOLD
  }
  get received(): null {
    return null
  }
  get receivedBy(): null {
    return null
  }
  get crossing(): boolean {
    return false
  }
}
