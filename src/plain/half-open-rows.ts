/**
 * The rows of SYNs that nobody answered: those of the one that they went like, with numbers of their own.
 *
 * In: such a flow. Out: the row that its own is like; its history, with the times moved. Null when what the other one says
 * may be true of that one only: where a note has a number in it, or a time has to do with how long an answer took.
 */
import type { EndState, Flow, Note, PacketRow, StateSpan } from '../report.js'
import { type History, MOST } from './history.js'
import type { UnopenedFlow } from './unopened-flow.js'

interface Example {
  /** Its place among the rows. */
  readonly number: number
  /** Numbers of the words of its spans and timers. */
  readonly client: readonly number[]
  readonly server: readonly number[]
  readonly timers: readonly number[]
}

export class HalfOpenRows {
  /** The rows that others are like. */
  readonly rows: PacketRow[] = []
  readonly #examples = new Map<Flow, Example | null>()

  constructor(private readonly history: History) {}

  /** Fills the history. Gives the place of the row that its own is like. */
  of(flow: UnopenedFlow): number | null {
    const { alike } = flow
    let example = this.#examples.get(alike)
    if (example === undefined) {
      example = this.#exampleOf(alike)
      this.#examples.set(alike, example)
    }
    if (example === null) return null
    const { history } = this
    const by = flow.startAt - alike.startAt
    const { packet, capture } = flow.syn
    const moved = (time: number | null): number => (time === null ? Number.NaN : time + by)
    history.clear()
    for (const side of ['client', 'server'] as const)
      for (const [n, span] of alike.spans[side].entries()) {
        const words = example[side][n] as number
        const shown = span.packet === null ? Number.NaN : packet
        history[side].span(words, moved(span.from), moved(span.to), shown, span.packet === null ? 0 : capture)
      }
    for (const [n, { from, expires, stopped }] of alike.timers.entries())
      history.timers.timer(example.timers[n] as number, moved(from), moved(expires), moved(stopped))
    return example.number
  }

  #exampleOf({ rows: [row, ...more], spans, timers }: Flow): Example | null {
    if (row === undefined || more.length > 0 || !holdsForAll(row)) return null
    if (Math.max(spans.client.length, spans.server.length, timers.length) > MOST) return null
    const { spanWords, timerWords } = this.history
    const words = ({ state, certainty, cause, rules }: StateSpan): number =>
      spanWords.numberOf({ state, certainty, cause, rules })
    return {
      number: this.rows.push(row) - 1,
      client: spans.client.map(words),
      server: spans.server.map(words),
      timers: timers.map(({ side, name }) => timerWords.numberOf({ side, name })),
    }
  }
}

/** It names no packet but its own. */
const holdsForAll = ({ receivedBy, client, server, notes }: PacketRow): boolean =>
  receivedBy === null && [client, server].every(isPlain) && notes.every(isPlain)
const isPlain = (said: EndState | Note): boolean =>
  !('hindsight' in said) && Object.values(said).every((value) => typeof value !== 'number')
