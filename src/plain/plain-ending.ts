/**
 * How long a plain connection was in each state, and which timers ran, with no more than the packets that changed a
 * state: what `replay/spans.ts` finds with all of them.
 *
 * In: a connection that `PlainReplay` has folded. Out: its history; when TIME_WAIT ends.
 */
import { CLIENT, type End, SERVER } from '../flow/segment.js'
import { synAckBudget, type TimerName, waitAfterSyns } from '../infer/timers.js'
import type { Surroundings } from '../replay/annotate.js'
import { EXPIRY_RULES } from '../replay/spans.js'
import type { State } from '../rfc9293/state.js'
import type { History, Told } from './history.js'
import { HANDSHAKE } from './layout.js'
import type { Whole } from './plain-fates.js'
import type { PlainReplay } from './plain-replay.js'
import { ASSUMED, CELL_COUNT, cellIn, certaintyIn, stateIn } from './row-kinds.js'
import type { RowLog } from './row-log.js'

/** The states that a timer ends. */
const TIMERS: readonly (readonly [State, TimerName])[] = [
  ['SYN_SENT', 'syn'],
  ['SYN_RECEIVED', 'syn-ack'],
  ['FIN_WAIT_2', 'fin-wait-2'],
  ['TIME_WAIT', 'time-wait'],
]

/** How a plain connection begins, at its client and its server: one opens, the other listens. */
const OPENING = [
  ['CLOSED', 'implied'],
  ['LISTEN', 'implied'],
] as const
/** The same of one that began before the capture. */
const IN_MIDDLE = [
  ['ESTABLISHED', 'assumed'],
  ['ESTABLISHED', 'assumed'],
] as const

const SIDES = ['client', 'server'] as const
const NOT_YET = -1

export class Endings {
  readonly #synWaits: readonly number[]
  readonly #synAckWaits: readonly number[]
  /** The rows that can change a state, in their order; -1: there is none. */
  readonly #changing = new Int32Array(7)
  /** Numbers of words, by cell, and whether it is the end that sent. */
  readonly #words = new Int32Array(2 * CELL_COUNT).fill(NOT_YET)
  /** Of each end those of what it was in first. */
  readonly #opening: readonly number[]
  readonly #inMiddle: readonly number[]
  /** Of each state that a timer ends: the words of the timer at each end, and of what comes when it has run out. */
  readonly #timers: ReadonlyMap<State, { readonly at: readonly number[]; readonly over: number }>
  /** The stretch that is not over: its state, its words, when it began and which row shows that. */
  #state: State = 'CLOSED'
  #said = 0
  #since = 0
  #row = -1
  /** Until when the connection was watched, seconds as in `Segment.at`. */
  #captureEnd = 0

  constructor(
    private readonly log: RowLog,
    private readonly done: PlainReplay,
    private readonly stacks: Surroundings['stacks'],
    private readonly history: History,
  ) {
    this.#synWaits = stacks.map((stack) =>
      Number.isFinite(stack.synRetries) ? waitAfterSyns(stack, 1, 0) : Number.POSITIVE_INFINITY,
    )
    this.#synAckWaits = stacks.map(synAckBudget)
    const { spanWords, timerWords } = this.history
    const startsOf = (states: typeof OPENING | typeof IN_MIDDLE): readonly number[] =>
      states.map(([state, certainty]) => spanWords.numberOf({ state, certainty, cause: 'start', rules: [] }))
    this.#opening = startsOf(OPENING)
    this.#inMiddle = startsOf(IN_MIDDLE)
    this.#timers = new Map(
      TIMERS.map(([state, name]) => {
        const at = SIDES.map((side) => timerWords.numberOf({ side, name }))
        const rules = [EXPIRY_RULES[name]]
        const over = spanWords.numberOf({ state: 'CLOSED', certainty: 'assumed', cause: 'timer', rules })
        return [state, { at, over }]
      }),
    )
  }

  /** Fills `history`. Gives when TIME_WAIT ends, seconds as in `Segment.at`; NaN: nobody waits. */
  of(whole: Whole): number {
    const { done, history } = this
    this.#captureEnd = whole.captureEnd
    history.clear()
    const changing = this.#changing
    // Those of the handshake.
    for (let row = 0; row < HANDSHAKE; row++) changing[row] = row < whole.handshake ? row : -1
    changing[3] = done.firstFin
    changing[4] = done.ackOfFin
    changing[5] = done.secondFin
    changing[6] = done.lastAck
    const client = this.#follow(CLIENT, history.client, whole)
    const server = this.#follow(SERVER, history.server, whole)
    return Number.isNaN(client) ? server : client
  }

  /** One end from state to state. Gives when its TIME_WAIT ends; NaN: it does not wait. */
  #follow(end: End, spans: Told, whole: Whole): number {
    const { columns, kind } = this.done
    const oneWay = oneWayIn(whole, end)
    const isWhole = whole.handshake > 0
    const start = (isWhole ? this.#opening : this.#inMiddle)[end] as number
    // What the first row shows was so before, and nothing changed earlier.
    let latest = isWhole
      ? Number.NEGATIVE_INFINITY
      : (columns.at[0] as number) - oneWayIn(whole, columns.from[0] as End)
    let over = Number.NaN
    this.#row = -1
    for (let n = 0; n < this.#changing.length; n++) {
      const row = this.#changing[n] as number
      if (row < 0) continue
      const cell = cellIn(kind[row] as number, end)
      const { state, was } = stateIn(cell)
      if (state === was) continue
      const sends = columns.from[row] === end
      latest = Math.max((columns.at[row] as number) + (sends ? -oneWay : oneWay), latest)
      if (this.#row < 0) spans.span(start, Number.NaN, latest, Number.NaN, 0)
      else this.#leave(end, spans, latest)
      this.#state = state
      this.#said = this.#wordsOf(this.#confirmed(end, row, cell), sends)
      this.#since = latest
      this.#row = row
      if (state === 'TIME_WAIT') over = Math.round((latest + whole.timeWait[end]) * 1e6) / 1e6
    }
    if (this.#row < 0) spans.span(start, Number.NaN, Number.NaN, Number.NaN, 0)
    else this.#leave(end, spans, Number.POSITIVE_INFINITY)
    return over
  }

  /** The stretch that is under way is over: at `to` it changed its state, or its timer had run out before. */
  #leave(end: End, spans: Told, to: number): void {
    const { history } = this
    const from = this.#since
    const { packet, capture } = this.log.captured(this.done.columns.place[this.#row] as number)
    const expires = this.#expiry(end, from)
    const timer = expires < Number.POSITIVE_INFINITY ? this.#timers.get(this.#state) : undefined
    if (timer !== undefined) {
      history.timers.timer(timer.at[end] as number, from, expires, to < expires ? to : Number.NaN)
      if (expires < Math.min(to, this.#captureEnd)) {
        spans.span(this.#said, from, expires, packet, capture)
        spans.span(timer.over, expires, finite(to), Number.NaN, 0)
        return
      }
    }
    spans.span(this.#said, from, finite(to), packet, capture)
  }

  /**
   * As `infer/timers.ts` says it of a connection in which nothing is sent twice, and nothing but the other FIN comes
   * behind the first. Infinity: it never runs out.
   */
  #expiry(end: End, from: number): number {
    const { at } = this.done.columns
    switch (this.#state) {
      case 'SYN_SENT':
        return (at[0] as number) + (this.#synWaits[end] as number)
      case 'SYN_RECEIVED':
        return (at[1] as number) + (this.#synAckWaits[end] as number)
      case 'FIN_WAIT_2':
        return from + this.stacks[end].finTimeout
      case 'TIME_WAIT':
        return from + this.stacks[end].timeWait
      default:
        return Number.POSITIVE_INFINITY
    }
  }

  /** The cell with which a state begins at a row, as sure as later packets make that state while it lasts. */
  #confirmed(end: End, row: number, cell: number): number {
    if (certaintyIn(cell) !== ASSUMED) return cell
    const { state } = stateIn(cell)
    const { columns, kind } = this.done
    for (let later = row + 1; later < columns.count; later++) {
      const next = cellIn(kind[later] as number, end)
      if (stateIn(next).state === state && certaintyIn(next) !== ASSUMED)
        return cell - ASSUMED + certaintyIn(next)
    }
    return cell
  }

  #wordsOf(cell: number, sends: boolean): number {
    const at = 2 * cell + (sends ? 1 : 0)
    const known = this.#words[at] as number
    if (known !== NOT_YET) return known
    const { state, certainty, rules } = stateIn(cell)
    const words = this.history.spanWords.numberOf({
      state,
      certainty,
      cause: sends ? 'call' : 'packet',
      // What it sent before it closed is no part of that call.
      rules: sends && rules.length > 1 ? rules.slice(-1) : rules,
    })
    this.#words[at] = words
    return words
  }
}

/** Seconds from the capture point to `end`; 0: unknown. */
const oneWayIn = ({ roundTrip }: Whole, end: End): number =>
  Number.isNaN(roundTrip[end]) ? 0 : roundTrip[end] / 2

const finite = (seconds: number): number => (Number.isFinite(seconds) ? seconds : Number.NaN)
