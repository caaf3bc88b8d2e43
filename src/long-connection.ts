/**
 * A connection of so many packets that they can't all be held: it is replayed in parts, as its packets come.
 *
 * In: the segments of one connection, in capture order. Out: its rows, part after part; its flow.
 *
 * Each part is replayed behind the beginning of the connection, on which numbers and options rest, and whatever was said of
 * SYN, FIN and RST since: nothing else moves an end from state to state (RFC 9293 section 3.3.2, figure 5). What lies too near to
 * the gap before a part is told with the part before it, what lies too near to its end with the part behind it: so each row is told
 * with all that was under way when it was captured, and with what became of it.
 */
import { type Around, inOrder, replayed } from './analyze.js'
import { Eventful } from './diagnose/eventful.js'
import { unturn } from './flow/incarnations.js'
import { type Bytes, movedUp, Positions } from './flow/moved-up.js'
import { CLIENT, type IcmpError, other, SERVER, type Segment, sequenceLength } from './flow/segment.js'
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
export const SIZES: Sizes = { above: 100_000, part: 16_384, near: 2048, most: 32_768 }

/** The packets at the beginning that every part stands behind. */
const BEGINNING = 16
/** Of a SYN, FIN or RST so many packets before it and behind it. */
const BEFORE = 8
const BEHIND = 64
/** So many of these in all: the first, and the latest. */
const MOST_SAID = 2048

export class LongConnection implements Taker {
  /** What parts stand behind, and how much of it is the beginning. */
  readonly #said: Segment[] = []
  /** Packets since; so many of them are told. */
  #window: Segment[] = []
  #told = 0
  /** When to look whether a part is complete. */
  #due: number
  readonly #errors: IcmpError[] = []
  #packets = 0
  #bytes = 0
  /** Each end has sent something: from the first that it sends its numbers are counted. */
  readonly #heard: [boolean, boolean] = [false, false]
  /** How far each end had come where the window begins; what it sent in all that is left out. */
  readonly #positions = new Positions()
  readonly #leftOut: Bytes = [0, 0]
  /** Packets that still belong to the beginning, or to what was said of a SYN, FIN or RST. */
  #behind = BEGINNING

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

  /** No more will come: tells what is left, and gives the flow, of which `rows` are the rows that somebody has kept. */
  end(flow: number, rows: () => readonly PacketRow[]): Flow {
    const { packets, last } = this.#replay(flow, this.around.watch)
    this.tell(packets.slice(this.#said.length + this.#told))
    return Object.assign(last, { packets: this.#packets, bytes: this.#bytes, rows: rows() })
  }

  #part(): void {
    const { part, near, most } = this.sizes
    const window = this.#window
    const until = this.#told + part
    if (!isAnswered(window, until) && window.length < until + most) {
      this.#due = window.length + near
      return
    }
    // What comes later is not known to be silence.
    const { packets } = this.#replay(0, { end: (window.at(-1) as Segment).at, ends: null })
    this.tell(packets.slice(this.#said.length + this.#told, this.#said.length + until))
    const underWay = Math.max(firstUnanswered(window, until), until - most)
    this.#letGo(Math.max(0, Math.min(underWay, until - near)))
    this.#told = until - (window.length - this.#window.length)
    this.#due = this.#told + part + near
  }

  #replay(number: number, watch: Watch): { readonly packets: readonly PacketRow[]; readonly last: Flow } {
    const { of } = this
    const segments = [...this.#said, ...this.#window]
    const tied = inOrder([{ ...of, segments, icmp: this.#errors.map((error) => ({ ...error })) }])
    const flows = tied.map((each) => replayed(each, number, { ...this.around, watch }))
    const sameEnds = tied[0]?.connection.sameEnds !== false
    for (const { connection } of tied) unturn(connection)
    const packets = flows.flatMap(({ rows }) => rows)
    for (const row of packets) this.#countFromBeginning(row, sameEnds)
    return { packets, last: flows.at(-1) as Flow }
  }

  /** Relative numbers count from the beginning, not from where it was moved to. */
  #countFromBeginning(row: { -readonly [K in keyof PacketRow]: PacketRow[K] }, sameEnds: boolean): void {
    const own = (row.from === 'client') === sameEnds ? CLIENT : SERVER
    const peer = other(own)
    row.relativeSeq = (row.relativeSeq + this.#leftOut[own]) | 0
    if (row.relativeAck !== null) row.relativeAck = (row.relativeAck + this.#leftOut[peer]) | 0
  }

  /** The first so many packets of the window, but for what they say of SYN, FIN and RST. */
  #letGo(count: number): void {
    const keeps = this.#keeps(count)
    let leftOut: Bytes = [0, 0]
    for (let row = 0; row < count; row++) {
      const s = this.#window[row] as Segment
      const by = this.#positions.advance(s)
      if (keeps[row] !== true) {
        leftOut[s.from] += by
        continue
      }
      this.#moveUp(this.#said.length, leftOut)
      leftOut = [0, 0]
      this.#said.push(s)
    }
    this.#moveUp(this.#said.length, leftOut)
    this.#window = this.#window.slice(count)
    if (this.#said.length > 2 * MOST_SAID) this.#shorten()
  }

  /** Leaves out the middle of what was said. */
  #shorten(): void {
    const positions = new Positions()
    for (const s of this.#said.slice(0, MOST_SAID)) positions.advance(s)
    const leftOut: Bytes = [0, 0]
    for (const s of this.#said.splice(MOST_SAID, this.#said.length - 2 * MOST_SAID))
      leftOut[s.from] += positions.advance(s)
    this.#moveUp(MOST_SAID, leftOut)
  }

  /** Behind the first so many segments that were kept so much is left out. */
  #moveUp(count: number, leftOut: Bytes): void {
    if (leftOut[CLIENT] + leftOut[SERVER] === 0) return
    for (let n = 0; n < count; n++) this.#said[n] = movedUp(this.#said[n] as Segment, leftOut)
    for (const end of [CLIENT, SERVER] as const) this.#leftOut[end] = (this.#leftOut[end] + leftOut[end]) | 0
  }

  /** Which of the first so many packets of the window every part stands behind. */
  #keeps(count: number): readonly boolean[] {
    const keeps: boolean[] = []
    for (let row = 0; row < count; row++) {
      const s = this.#window[row] as Segment
      const isFirst = !this.#heard[s.from]
      this.#heard[s.from] = true
      if (isFirst || isControl(s)) {
        keeps.fill(true, Math.max(0, row - BEFORE))
        this.#behind = Math.max(this.#behind, BEHIND)
      }
      keeps.push(this.#behind > 0)
      if (this.#behind > 0) this.#behind--
    }
    return keeps
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

  flow(number: number): Flow {
    return this.end(number, () => this.#eventful.rows())
  }
}

const isControl = ({ syn, fin, rst }: Segment): boolean => syn || fin || rst

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
