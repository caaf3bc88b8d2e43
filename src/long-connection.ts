/**
 * A connection of so many packets that they can't all be held: it is replayed in parts, as its packets come.
 *
 * In: the segments of one connection, in capture order. Out: its rows, part after part; its flow.
 *
 * Each part is replayed behind the beginning of the connection and what was said of SYN, FIN and RST since (`beginning.ts`).
 * What lies too near to the gap before a part is told with the part before it, what lies too near to its end with the part behind
 * it: so each row is told with all that was under way when it was captured, and with what became of it.
 */
import { type Around, inOrder, replayed } from './analyze.js'
import { Beginning } from './beginning.js'
import { Eventful } from './diagnose/eventful.js'
import { unturn } from './flow/incarnations.js'
import { CLIENT, type IcmpError, SERVER, type Segment, sequenceLength } from './flow/segment.js'
import type { Watch } from './flow/watch.js'
import type { Ends, Taker } from './plain/odd-packets.js'
import type { Flow, PacketRow } from './report.js'
import { geq, gt } from './rfc9293/sequence.js'

/** How many packets are held at a time. */
export interface Sizes {
  /** Connections of no more packets are held whole. */
  readonly above: number
  /** So many are told at a time. */
  readonly part: number
  /** So many at least are looked at on either side of these, and at most: as many as are under way. */
  readonly near: number
  readonly most: number
}

/** Held whole, a connection of 100,000 packets takes some 100 MB. */
export const SIZES: Sizes = { above: 100_000, part: 32_768, near: 2048, most: 32_768 }

export class LongConnection implements Taker {
  readonly #beginning = new Beginning()
  /** Packets since; so many of them are told. */
  #window: Segment[] = []
  #told = 0
  /** When to look whether a part is complete. */
  #due: number
  #errors: IcmpError[] = []
  #packets = 0
  #bytes = 0

  constructor(
    private readonly of: Ends,
    private readonly around: Around,
    private readonly tell: (rows: readonly PacketRow[]) => void,
    private readonly sizes: Sizes,
  ) {
    this.#due = sizes.part + sizes.near
  }

  add(segment: Segment): void {
    this.#packets++
    this.#bytes += segment.len
    this.#window.push(segment)
    if (this.#window.length >= this.#due) this.#part()
  }

  error(error: IcmpError): void {
    this.#errors.push(error)
  }

  /**
   * No more will come: tells what is left, and gives the flow, of which `rows` are the rows that somebody has kept. `isWhole`:
   * there are no more; else it is told as it stood.
   */
  end(flow: number, rows: () => readonly PacketRow[], isWhole = true): Flow {
    const { packets, last } = this.#replay(flow, isWhole ? this.around.watch : this.#upToHere)
    this.tell(packets.slice(this.#beginning.length + this.#told))
    // Whoever has asked for its flow keeps this for a while yet: not with all that it holds.
    this.#window = []
    this.#errors = []
    return Object.assign(last, { packets: this.#packets, bytes: this.#bytes, rows: rows() })
  }

  /** What comes later is not known to be silence. */
  get #upToHere(): Watch {
    return { end: (this.#window.at(-1) as Segment).at, ends: null, lasts: null }
  }

  #part(): void {
    const { part, near, most } = this.sizes
    const window = this.#window
    const until = this.#told + part
    if (!isAnswered(window, until) && window.length < until + most) {
      this.#due = window.length + near
      return
    }
    const { packets } = this.#replay(0, this.#upToHere)
    this.tell(packets.slice(this.#beginning.length + this.#told, this.#beginning.length + until))
    const underWay = Math.max(firstUnanswered(window, until), until - most)
    const gone = Math.max(0, Math.min(underWay, until - near))
    this.#beginning.letGo(window.slice(0, gone))
    this.#window = window.slice(gone)
    this.#told = until - gone
    this.#due = this.#told + part + near
  }

  #replay(number: number, watch: Watch): { readonly packets: readonly PacketRow[]; readonly last: Flow } {
    const { of } = this
    const segments = [...this.#beginning.segments(), ...this.#window]
    const tied = inOrder([{ ...of, segments, icmp: this.#errorsUntil(watch.end) }])
    const flows = tied.map((each) => replayed(each, number, { ...this.around, watch }))
    const sameEnds = tied[0]?.connection.sameEnds !== false
    for (const { connection } of tied) unturn(connection)
    const packets = flows.flatMap(({ rows }) => rows)
    this.#beginning.restore(packets, sameEnds)
    return { packets, last: flows.at(-1) as Flow }
  }

  /** Who adds segments later than they came may have added errors before. */
  #errorsUntil(end: number): IcmpError[] {
    return this.#errors.flatMap((error) => (error.at <= end ? [{ ...error }] : []))
  }
}

/** The same for who wants no more of its rows than what rules ask for. */
export class LongConnectionInBrief extends LongConnection {
  readonly #eventful: Eventful

  constructor(of: Ends, around: Around, sizes: Sizes) {
    const eventful = new Eventful()
    super(of, around, (rows) => eventful.add(rows), sizes)
    this.#eventful = eventful
  }

  /** `isWhole`: as in `end()`. */
  flow(number: number, isWhole: boolean): Flow {
    return this.end(number, () => this.#eventful.rows(), isWhole)
  }
}

/** What was sent before `until` is all acknowledged behind it, as far as it was not before. */
function isAnswered(segments: readonly Segment[], until: number): boolean {
  return [CLIENT, SERVER].every((end) => {
    const before = segments.findLast((s, row) => row < until && s.from === end && sequenceLength(s) > 0)
    const answer = segments.findLast((s) => s.from !== end && s.ackBit && !s.rst)
    return before === undefined || (answer !== undefined && geq(answer.ack, before.end))
  })
}

/** The first segment before `until` that was not acknowledged then. */
function firstUnanswered(segments: readonly Segment[], until: number): number {
  const acked = [CLIENT, SERVER].map(
    (end) => segments.findLast((s, row) => row < until && s.from !== end && s.ackBit && !s.rst)?.ack,
  )
  const first = segments.findIndex((s, row) => {
    const own = acked[s.from]
    return row < until && own !== undefined && sequenceLength(s) > 0 && gt(s.end, own)
  })
  return first < 0 ? until : first
}
