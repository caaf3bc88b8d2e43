/**
 * The rows of connections that are too long to be held (`long-connection.ts`), while their packets are read again.
 *
 * In: a survey, packets in capture order. Out: the rows of each such connection one after the other, as soon as it is clear what
 * they say.
 */
import type { CaptureRecord } from './capture/record.js'
import { type Epoch, toIcmpError, toSegment } from './flow/segment.js'
import { LongConnection } from './long-connection.js'
import { checksumOf } from './plain/odd-packets.js'
import type { Flow, PacketRow } from './report.js'
import type { Surveyed } from './survey.js'
import type { PacketView } from './wire/packet.js'

interface Long {
  readonly connection: LongConnection
  readonly flow: number
  /** Those that are not told, from `next` on. */
  rows: readonly PacketRow[]
  next: number
}

export class LongRows {
  readonly #survey: Surveyed
  /** By the number of its conversation. */
  readonly #all = new Map<number, Long>()

  constructor(survey: Surveyed) {
    this.#survey = survey
    const { replays, list, around, sizes } = survey
    // What was interrupted was not read to its end, and would take as long again.
    if (!replays.isWhole) return
    // An interrupted survey has not come to all turns.
    for (const [turn, { flow }] of list.replayed.entries()) {
      if (!replays.isLong(turn)) continue
      const { conversation } = replays.turns[turn] as (typeof replays.turns)[number]
      const tell = (rows: readonly PacketRow[]): void => {
        long.rows = [...long.rows.slice(long.next), ...rows]
        long.next = 0
      }
      const connection = new LongConnection(replays.odd.endsOf(conversation), around, tell, sizes)
      const long: Long = { connection, flow, rows: [], next: 0 }
      this.#all.set(conversation, long)
    }
  }

  get isEmpty(): boolean {
    return this.#all.size === 0
  }

  /** The conversation of such a packet, which is taken; -1: it is none. */
  take(view: PacketView, record: CaptureRecord, capture: number): number {
    const { replays, around } = this.#survey
    if (this.isEmpty) return -1
    const conversation = replays.odd.takenConversation(view)
    const long = this.#all.get(conversation)
    if (long === undefined) return -1
    const { sender } = replays.odd
    long.connection.add(toSegment(view, record, capture, around.epoch, sender, checksumOf(view)))
    return conversation
  }

  error(view: PacketView, record: CaptureRecord, capture: number, epoch: Epoch): void {
    const { odd } = this.#survey.replays
    const long = this.isEmpty ? undefined : this.#all.get(odd.takenConversation(view))
    long?.connection.error(toIcmpError(view, record, capture, epoch, odd.sender))
  }

  /** The next row of a conversation, and its flow; null: it is not clear yet. */
  next(conversation: number): { readonly row: PacketRow; readonly flow: Flow['flow'] } | null {
    const long = this.#all.get(conversation) as Long
    const row = long.rows[long.next]
    if (row === undefined) return null
    long.next++
    return { row, flow: long.flow }
  }

  /** It is known what a row of the conversation says. */
  hasNext(conversation: number): boolean {
    const long = this.#all.get(conversation) as Long
    return long.next < long.rows.length
  }

  /** No more packets will come. */
  end(): void {
    for (const { connection, flow } of this.#all.values()) connection.end(flow, () => [])
  }
}
