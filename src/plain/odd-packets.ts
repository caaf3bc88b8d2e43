/**
 * The packets of conversations that need the full replay, until it is their turn: a segment as an object takes six times
 * as much.
 *
 * In: packets of such conversations and the ICMP errors that quote them, in capture order. Out: the conversations as
 * `flow/conversation.ts` gathers them, made anew each time somebody asks.
 */
import type { CaptureRecord } from '../capture/record.js'
import type { Conversation } from '../flow/conversation.js'
import { type Epoch, type IcmpError, type Segment, toIcmpError } from '../flow/segment.js'
import type { PacketView } from '../wire/packet.js'
import { endOf, outerOf, type Row } from './address.js'
import { LONG } from './layout.js'
import { PacketLog } from './packet-log.js'
import type { PlainFlows } from './plain-flows.js'

/** Where the packets of one conversation lie in the log. */
interface Held {
  readonly row: Row
  readonly first: number
  last: number
  readonly errors: IcmpError[]
}

/** One for each run: it leaves its numbers in the rows. */
export class OddPackets {
  readonly #log: PacketLog
  readonly #held: Held[] = []

  constructor(
    private readonly flows: PlainFlows,
    epoch: Epoch,
  ) {
    this.#log = new PacketLog(epoch, flows)
  }

  /** How many conversations; they are numbered from 0 in the order of their first packets. */
  get count(): number {
    return this.#held.length
  }

  segment(view: PacketView, record: CaptureRecord, capture: number): void {
    const row = this.flows.oddRow(view)
    if (row === null) return
    const known = this.#of(row)
    const number = known === undefined ? this.#held.length : numberIn(row)
    const place = this.#log.push(view, record, capture, number, this.flows.sender)
    if (known === undefined) {
      row.page[row.base + LONG] = this.#held.push({ row: kept(row), first: place, last: place, errors: [] })
      return
    }
    this.#log.link(known.last, place)
    known.last = place
  }

  /** False when no packet of its conversation came before. */
  error(view: PacketView, record: CaptureRecord, capture: number, epoch: Epoch): boolean {
    const row = this.flows.oddRow(view)
    const known = row === null ? undefined : this.#of(row)
    known?.errors.push(toIcmpError(view, record, capture, epoch, this.flows.sender))
    return known !== undefined
  }

  conversation(number: number): Conversation {
    const { row, first, errors } = this.#held[number] as Held
    const segments: Segment[] = []
    for (let place = first; place >= 0; place = this.#log.next(place)) segments.push(this.#log.segment(place))
    return {
      ends: [endOf(row, false), endOf(row, true)],
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

/** What is given is that of the last look. */
const kept = ({ page, base, version }: Row): Row => ({ page, base, version })

/** -1: none yet. */
const numberIn = ({ page, base }: Row): number => (page[base + LONG] as number) - 1
