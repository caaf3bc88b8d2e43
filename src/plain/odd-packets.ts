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
  toSegment,
} from '../flow/segment.js'
import type { Place } from '../report.js'
import { synChecksum } from '../wire/checksum.js'
import { ACK, type PacketView, RST, SYN } from '../wire/packet.js'
import { endOf, outerOf, type Row } from './address.js'
import { LONG } from './layout.js'
import { PacketLog } from './packet-log.js'
import type { PlainFlows } from './plain-flows.js'

/** Takes the packets of a conversation that are too many to be held. */
export interface Taker {
  add(segment: Segment): void
  error(error: IcmpError): void
}

/** Who takes those of each conversation of more than so many packets, which are all of one connection. */
export interface Takers<T extends Taker> {
  readonly above: number
  takerOf(conversation: Ends): T
}

/** A conversation without its packets. */
export type Ends = Omit<Conversation, 'segments' | 'icmp'>

/** Where the packets of one conversation lie in the log. */
interface Held<T> {
  readonly row: Row
  /** Who takes its packets instead: none lies in the log. */
  readonly taker: T | null
  /** The frame of its first packet. */
  readonly begins: Place
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

/** One for each run: it leaves its numbers in the rows. */
export class OddPackets<T extends Taker = Taker> {
  /** By conversations, as they are numbered here. */
  readonly log: PacketLog
  /** After `takenConversation`. */
  sender: End = CLIENT
  readonly #held: Held<T>[] = []

  constructor(
    private readonly flows: PlainFlows,
    private readonly epoch: Epoch,
    private readonly takers: Takers<T> | null = null,
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
      const held = this.#begun(row, view, record, capture, sender)
      row.page[row.base + LONG] = this.#held.push(held)
      opens(held, view, CLIENT)
      return
    }
    const from = known.turned ? other(sender) : sender
    known.packets++
    opens(known, view, from)
    if (known.taker !== null) {
      known.taker.add(toSegment(view, record, capture, this.epoch, from, synChecksum(view)))
      return
    }
    const place = this.log.push(view, record, capture, numberIn(row), from)
    this.log.link(known.last, place)
    known.last = place
  }

  /** The row that is given is that of the last look. */
  #begun(
    { page, base, version }: Row,
    view: PacketView,
    record: CaptureRecord,
    capture: number,
    sender: End,
  ): Held<T> {
    const row = { page, base, version }
    const turned = sender === SERVER
    const { takers } = this
    const isTaken = takers !== null && this.flows.isLong(view, takers.above)
    const taker = isTaken ? takers.takerOf(this.#endsOf(row, turned)) : null
    taker?.add(toSegment(view, record, capture, this.epoch, CLIENT, synChecksum(view)))
    const first = taker === null ? this.log.push(view, record, capture, this.#held.length, CLIENT) : -1
    const begins = { packet: record.number, capture }
    const isn: Held<T>['isn'] = [null, null]
    return { row, taker, begins, turned, first, last: first, packets: 1, errors: [], isn, isOne: true }
  }

  #endsOf(row: Row, turned: boolean): Ends {
    return {
      ends: [endOf(row, turned), endOf(row, !turned)],
      ipVersion: row.version,
      outer: this.flows.outers[outerOf(row)] ?? '',
    }
  }

  /** False when no packet of its conversation came before. */
  error(view: PacketView, record: CaptureRecord, capture: number, epoch: Epoch): boolean {
    const row = this.flows.oddRow(view)
    const known = row === null ? undefined : this.#of(row)
    if (known === undefined) return false
    const { sender } = this.flows
    const error = toIcmpError(view, record, capture, epoch, known.turned ? other(sender) : sender)
    if (known.taker === null) known.errors.push(error)
    else known.taker.error(error)
    return true
  }

  /** When all are taken: the conversation of a packet that somebody has taken, -1 for any other. `sender` is then its sender. */
  takenConversation(view: PacketView): number {
    const row = this.flows.oddRow(view)
    const known = row === null ? undefined : this.#of(row)
    if (row === null || known === undefined || known.taker === null) return -1
    this.sender = known.turned ? other(this.flows.sender) : this.flows.sender
    return numberIn(row)
  }

  /** The ends of a conversation. */
  endsOf(number: number): Ends {
    const { row, turned } = this.#held[number] as Held<T>
    return this.#endsOf(row, turned)
  }

  /** Its first packet and how many there are, when it is one connection for sure; else null: its packets have to tell. */
  oneConnection(number: number): { readonly first: Place; readonly packets: number } | null {
    const { isOne, begins, packets } = this.#held[number] as Held<T>
    return isOne ? { first: begins, packets } : null
  }

  /** Who has taken its packets, the first of them and how many there are; null: they lie in the log. */
  taken(number: number): { readonly taker: T; readonly first: Place; readonly packets: number } | null {
    const { taker, begins, packets } = this.#held[number] as Held<T>
    return taker === null ? null : { taker, first: begins, packets }
  }

  /** Of each that stands in several captures the first segments in each: as `inSeveral()` of all conversations has it. */
  *inSeveral(): Generator<Iterable<Segment>> {
    for (const { taker, first, last } of this.#held)
      if (taker === null && this.log.captured(first).capture !== this.log.captured(last).capture)
        yield this.#someFrom(first)
  }

  *#someFrom(first: number): Generator<Segment> {
    for (const place of firstOfEach(this.#places(first), (place) => this.log.captured(place).capture))
      yield this.log.segment(place)
  }

  *#places(first: number): Generator<number> {
    for (let place = first; place >= 0; place = this.log.next(place)) yield place
  }

  conversation(number: number): Conversation {
    const { row, turned, first, errors } = this.#held[number] as Held<T>
    const segments: Segment[] = []
    for (let place = first; place >= 0; place = this.log.next(place)) segments.push(this.log.segment(place))
    return { ...this.#endsOf(row, turned), segments, icmp: errors.map((error) => ({ ...error })) }
  }

  #of(row: Row): Held<T> | undefined {
    return this.#held[numberIn(row)]
  }
}

/**
 * Only a SYN begins a connection. One that is the first packet, comes again or is answered as it should be begins no other
 * than `flow/incarnations.ts` has open; whatever else may, and that needs to look ahead.
 */
function opens(held: Held<unknown>, view: PacketView, from: End): void {
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
