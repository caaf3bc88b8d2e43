/**
 * The rows of connections that are too long to be held (`long-connection.ts`), while their packets are read again.
 *
 * In: a survey, packets in capture order, which lie in a log. Out: the rows of each such connection one after the other, as soon as
 * it is clear what they say and no sooner than somebody asks: a packet in the log takes a tenth of what its row takes.
 */
import type { CaptureRecord } from './capture/record.js'
import { type Epoch, toIcmpError } from './flow/segment.js'
import { LongConnection } from './long-connection.js'
import type { PacketLog } from './plain/packet-log.js'
import type { Flow, PacketRow } from './report.js'
import type { Surveyed } from './survey.js'
import type { PacketView } from './wire/packet.js'

interface Long {
  readonly connection: LongConnection
  readonly flow: number
  /** Those that are not told, from `next` on. */
  rows: readonly PacketRow[]
  next: number
  /** Places in the log: of its latest packet, and of the first that was not replayed; -1: none. */
  latest: number
  fresh: number
  isOver: boolean
}

export class LongRows {
  readonly #survey: Surveyed
  /** By the number of its conversation. */
  readonly #all = new Map<number, Long>()

  /** `base`: what is added to the numbers of these conversations in the log. */
  constructor(
    survey: Surveyed,
    private readonly log: PacketLog,
    private readonly base: number,
  ) {
    this.#survey = survey
    const { replays, list, around, sizes } = survey
    // What was interrupted was not read to its end, and would take as long again.
    if (!replays.isWhole) return
    // An interrupted survey has not come to all turns.
    for (const [turn, { flow }] of list.replayed.entries()) {
      const { conversation, isLong } = replays.turns[turn] as (typeof replays.turns)[number]
      if (!isLong) continue
      const tell = (rows: readonly PacketRow[]): void => {
        long.rows = rows
        long.next = 0
      }
      const connection = new LongConnection(replays.odd.endsOf(conversation), around, tell, sizes)
      const long: Long = { connection, flow, rows: [], next: 0, latest: -1, fresh: -1, isOver: false }
      this.#all.set(base + conversation, long)
    }
  }

  get isEmpty(): boolean {
    return this.#all.size === 0
  }

  /** The conversation of such a packet, as it stands in the log now; -1: it is none. */
  take(view: PacketView, record: CaptureRecord, capture: number): number {
    if (this.isEmpty) return -1
    const { odd } = this.#survey.replays
    const conversation = this.base + odd.takenConversation(view)
    const long = this.#all.get(conversation)
    if (long === undefined) return -1
    const place = this.log.push(view, record, capture, conversation, odd.sender)
    if (long.latest >= 0) this.log.link(long.latest, place)
    long.latest = place
    if (long.fresh < 0) long.fresh = place
    return conversation
  }

  error(view: PacketView, record: CaptureRecord, capture: number, epoch: Epoch): void {
    const { odd } = this.#survey.replays
    const long = this.isEmpty ? undefined : this.#all.get(this.base + odd.takenConversation(view))
    long?.connection.error(toIcmpError(view, record, capture, epoch, odd.sender))
  }

  /** The next row of a conversation, and its flow; null: it is not clear yet. `isOver`: no more packets will come. */
  next(
    conversation: number,
    isOver: boolean,
  ): { readonly row: PacketRow; readonly flow: Flow['flow'] } | null {
    const long = this.#all.get(conversation) as Long
    while (long.next === long.rows.length && long.fresh >= 0) {
      const place = long.fresh
      long.fresh = this.log.next(place)
      long.connection.add(this.log.segment(place))
    }
    if (long.next === long.rows.length && isOver && !long.isOver) {
      long.isOver = true
      long.connection.end(long.flow, () => [])
    }
    const row = long.rows[long.next]
    if (row === undefined) return null
    long.next++
    return { row, flow: long.flow }
  }
}
