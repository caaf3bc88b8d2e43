/**
 * The rows of connections that were replayed, in capture order. Most of these have kept no rows: they are replayed again when
 * their first packet is due, and hold their rows until the last one is told.
 *
 * In: a survey. Out: rows and ICMP errors, one after the other, once: the packets that are told are let go.
 */
import type { FlowList } from './plain/flow-list.js'
import type { PlainFlows } from './plain/plain-flows.js'
import type { Replays } from './replays.js'
import type { Flow, IcmpRow, PacketRow } from './report.js'

export interface Placed {
  readonly row: PacketRow | IcmpRow
  readonly flow: number
}

/** A connection of which some rows are told. */
export interface Open {
  readonly flow: number
  readonly rows: readonly PacketRow[]
  next: number
}

export class ReplayedRows {
  /** By conversation: the turns of those connections that have not begun; those that have. */
  readonly #waiting = new Map<number, number[]>()
  readonly #open = new Map<number, Open[]>()
  /** The place in the log of packets that is told next, and what is told there. */
  #place = 0
  #here: { readonly placed: Placed; readonly open: Open } | null
  readonly #errors: readonly Placed[]
  #error = 0

  constructor(
    private readonly plain: PlainFlows,
    private readonly replays: Replays,
    private readonly list: FlowList,
  ) {
    const errors: Placed[] = []
    // An interrupted survey has not come to all turns.
    for (const [turn, { flow, icmp }] of list.replayed.entries()) {
      const { conversation } = replays.turns[turn] as Replays['turns'][number]
      const waiting = this.#waiting.get(conversation)
      if (waiting === undefined) this.#waiting.set(conversation, [turn])
      else waiting.push(turn)
      for (const row of icmp) errors.push({ row, flow })
    }
    this.#errors = errors.sort((a, b) => this.numberOf(a.row) - this.numberOf(b.row))
    this.#here = this.#find()
  }

  /** The packet's number over all captures. */
  numberOf({ packet, capture }: Pick<PacketRow, 'packet' | 'capture'>): number {
    return this.plain.numberAt(packet, capture)
  }

  /** What is told next; null: nothing any more. */
  get next(): Placed | null {
    const error = this.#errors[this.#error]
    const here = this.#here?.placed
    if (error === undefined) return here ?? null
    return here === undefined || this.numberOf(error.row) < this.numberOf(here.row) ? error : here
  }

  /** It is told. */
  goOn(): void {
    const here = this.#here
    if (here === null || this.next !== here.placed) {
      this.#error++
      return
    }
    here.open.next++
    if (here.open.next === here.open.rows.length) this.#close(here.open)
    this.#goBehind()
    this.#here = this.#find()
  }

  /** All of its rows are told: they need not be held any more. */
  #close(done: Open): void {
    const conversation = this.replays.odd.log.conversation(this.#place)
    const left = (this.#open.get(conversation) ?? []).filter((open) => open !== done)
    if (left.length === 0) this.#open.delete(conversation)
    else this.#open.set(conversation, left)
  }

  #goBehind(): void {
    const { log } = this.replays.odd
    this.#place = log.behind(this.#place)
    log.letGo(this.#place)
  }

  #find(): { readonly placed: Placed; readonly open: Open } | null {
    const { log } = this.replays.odd
    for (; this.#place < log.end; this.#goBehind()) {
      const open = this.#at(log.conversation(this.#place), log.number(this.#place))
      const row = open?.rows[open.next]
      if (open !== null && row !== undefined) return { placed: { row, flow: open.flow }, open }
    }
    return null
  }

  /** The connection of a conversation whose next row is packet `number` of all captures; null: it was not replayed. */
  #at(conversation: number, number: number): Open | null {
    const open = this.#open.get(conversation) ?? []
    const isNext = ({ rows, next }: Open): boolean => {
      const row = rows[next]
      return row !== undefined && this.numberOf(row) === number
    }
    const known = open.find(isNext)
    if (known !== undefined) return known
    const turn = this.#waiting.get(conversation)?.shift()
    if (turn === undefined) return null
    const { flow, rows } = this.#whole(turn)
    const begun: Open = { flow, rows, next: 0 }
    this.#open.set(conversation, [...open, begun])
    return isNext(begun) ? begun : null
  }

  #whole(turn: number): Flow {
    const flow = this.list.replayed[turn] as Flow
    const own = this.replays.turns[turn] as Replays['turns'][number]
    // What one connection leaves to the next on its 4-tuple only a replay tells.
    return own.isOnly && !this.list.said.has(flow) ? flow : own.flow(flow.flow)
  }
}
