/**
 * The packets of conversations that need the full replay, until it is their turn: a segment as an object takes six times
 * as much.
 *
 * In: packets of such conversations and the ICMP errors that quote them, in capture order. Out: the conversations as
 * `flow/conversation.ts` gathers them, made anew each time somebody asks.
 */
import type { CaptureRecord } from '../capture/record.js'
import { firstOfEach } from '../flow/clocks.js'
import type { Conversation } from '../flow/conversation.js'
import {
  CLIENT,
  type End,
  type Epoch,
  type IcmpError,
  other,
  SERVER,
  type Segment,
  toIcmpError,
} from '../flow/segment.js'
import { ACK, type PacketView, RST, SYN } from '../wire/packet.js'
import { endOf, outerOf, type Row } from './address.js'
import { LONG } from './layout.js'
import { PacketLog } from './packet-log.js'
import type { PlainFlows } from './plain-flows.js'

/** Where the packets of one conversation lie in the log. */
interface Held {
  readonly row: Row
  /** The second end of the row's key sent its first packet: here ends are counted from that. */
  readonly turned: boolean
  readonly first: number
  last: number
  packets: number
  readonly errors: IcmpError[]
  /** Initial sequence number of each end, once its SYN was seen. */
  readonly isn: [number | null, number | null]
  /** No SYN of it can have begun another connection. */
  isOne: boolean
}

export type Frame = Pick<Segment, 'packet' | 'capture'>

/** One for each run: it leaves its numbers in the rows. */
export class OddPackets {
  /** By conversations, as they are numbered here. */
  readonly log: PacketLog
  readonly #held: Held[] = []

  constructor(
    private readonly flows: PlainFlows,
    epoch: Epoch,
  ) {
    this.log = new PacketLog(epoch, flows)
  }

  /** How many conversations; they are numbered from 0 in the order of their first packets. */
  get count(): number {
    return this.#held.length
  }

  segment(view: PacketView, record: CaptureRecord, capture: number): void {
    const row = this.flows.oddRow(view)
    if (row === null) return
    const known = this.#of(row)
    const { sender } = this.flows
    if (known === undefined) {
      const held = begun(row, this.log.push(view, record, capture, this.#held.length, CLIENT), sender)
      row.page[row.base + LONG] = this.#held.push(held)
      opens(held, view, CLIENT)
      return
    }
    const from = known.turned ? other(sender) : sender
    const place = this.log.push(view, record, capture, numberIn(row), from)
    this.log.link(known.last, place)
    known.last = place
    known.packets++
    opens(known, view, from)
  }

  /** False when no packet of its conversation came before. */
  error(view: PacketView, record: CaptureRecord, capture: number, epoch: Epoch): boolean {
    const row = this.flows.oddRow(view)
    const known = row === null ? undefined : this.#of(row)
    if (known === undefined) return false
    const { sender } = this.flows
    known.errors.push(toIcmpError(view, record, capture, epoch, known.turned ? other(sender) : sender))
    return true
  }

  /** Its first packet and how many there are, when it is one connection for sure; else null: its packets have to tell. */
  oneConnection(number: number): { readonly first: Frame; readonly packets: number } | null {
    const { isOne, first, packets } = this.#held[number] as Held
    return isOne ? { first: this.log.captured(first), packets } : null
  }

  /** Of each that stands in several captures the first segments in each: as `inSeveral()` of all conversations has it. */
  *inSeveral(): Generator<Iterable<Segment>> {
    for (const { first, last } of this.#held)
      if (this.log.captured(first).capture !== this.log.captured(last).capture) yield this.#someFrom(first)
  }

  *#someFrom(first: number): Generator<Segment> {
    for (const place of firstOfEach(this.#places(first), (place) => this.log.captured(place).capture))
      yield this.log.segment(place)
  }

  *#places(first: number): Generator<number> {
    for (let place = first; place >= 0; place = this.log.next(place)) yield place
  }

  conversation(number: number): Conversation {
    const { row, turned, first, errors } = this.#held[number] as Held
    const segments: Segment[] = []
    for (let place = first; place >= 0; place = this.log.next(place)) segments.push(this.log.segment(place))
    return {
      ends: [endOf(row, turned), endOf(row, !turned)],
      ipVersion: row.version,
      outer: this.flows.outers[outerOf(row)] ?? '',
      segments,
      icmp: errors.map((error) => ({ ...error })),
    }
  }

  #of(row: Row): Held | undefined {
    return this.#held[numberIn(row)]
  }
}

/** The row that is given is that of the last look. */
const begun = ({ page, base, version }: Row, place: number, sender: End): Held => ({
  row: { page, base, version },
  turned: sender === SERVER,
  first: place,
  last: place,
  packets: 1,
  errors: [],
  isn: [null, null],
  isOne: true,
})

/**
 * Only a SYN begins a connection. One that is the first packet, comes again or is answered as it should be begins no other
 * than `flow/incarnations.ts` has open; whatever else may, and that needs to look ahead.
 */
function opens(held: Held, view: PacketView, from: End): void {
  if ((view.flags & SYN) === 0) return
  const { isn } = held
  const peer = isn[other(from)] as number | null
  const answers = (view.flags & ACK) !== 0 && peer !== null && view.ack === ((peer + 1) | 0)
  const isKnown = held.packets === 1 || isn[from] === view.seq || (isn[from] === null && answers)
  if (!isKnown || (view.flags & RST) !== 0) held.isOne = false
  isn[from] = view.seq
}

/** -1: none yet. */
const numberIn = ({ page, base }: Row): number => (page[base + LONG] as number) - 1
