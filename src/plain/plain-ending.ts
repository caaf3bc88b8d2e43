/**
 * How long a plain connection was in each state, and which timers ran, with no more than the packets that changed a
 * state: what `replay/` finds with all of them.
 *
 * In: a connection that `PlainReplay` has folded. Out: spans and timers as in the report, and when TIME_WAIT ends.
 */
import { CLIENT, type End, SERVER } from '../flow/segment.js'
import { type GivesUp, synAckBudget, waitAfterSyns } from '../infer/timers.js'
import type { LogEntry } from '../replay/end.js'
import { type Course, stretches } from '../replay/spans.js'
import type { Flow } from '../report.js'
import type { StackProfile } from '../rfc9293/stack.js'
import type { State } from '../rfc9293/state.js'
import type { PacketLog } from './packet-log.js'
import type { Whole } from './plain-fates.js'
import type { PlainReplay } from './plain-replay.js'
import { endIn } from './row-kinds.js'

export interface Ending {
  readonly spans: Flow['spans']
  readonly timers: Flow['timers']
  /** Seconds as in `Segment.at`; NaN: nobody waits. */
  readonly until: number
}

/** Nobody takes its place. */
const FOR_GOOD = { at: Number.POSITIVE_INFINITY, byItself: false }

export class Endings {
  readonly #course: Course
  readonly #synWaits: readonly number[]
  readonly #synAckWaits: readonly number[]

  constructor(
    log: PacketLog,
    private readonly done: PlainReplay,
    private readonly stacks: readonly [StackProfile, StackProfile],
    captureEnd: number,
  ) {
    this.#synWaits = stacks.map((stack) =>
      Number.isFinite(stack.synRetries) ? waitAfterSyns(stack, 1, 0) : Number.POSITIVE_INFINITY,
    )
    this.#synAckWaits = stacks.map(synAckBudget)
    this.#course = {
      beginsInMiddle: false,
      captureEnd,
      givesUp: (end, state, from) => this.#givesUp(end, state, from),
      segmentOf: (row) => log.captured(done.columns.place[row] as number),
      lastSent: () => Number.NEGATIVE_INFINITY,
    }
  }

  /** Of the connection that was folded last. */
  of(whole: Whole): Ending {
    const { done } = this
    const logs = [logOf(CLIENT, done, whole), logOf(SERVER, done, whole)] as const
    const [client, server] = [this.#stretches(logs[CLIENT], CLIENT), this.#stretches(logs[SERVER], SERVER)]
    const closer = done.secondFin < 0 ? null : (done.columns.from[done.firstFin] as number as End)
    const waits = closer === null ? undefined : logs[closer].find(({ to }) => to === 'TIME_WAIT')
    return {
      spans: { client: client.spans, server: server.spans },
      timers: [...client.timers, ...server.timers],
      until:
        waits === undefined || closer === null
          ? Number.NaN
          : Math.round((waits.at + whole.timeWait[closer]) * 1e6) / 1e6,
    }
  }

  #stretches(log: readonly LogEntry[], end: End) {
    return stretches(this.#course, log, end, log.at(-1)?.to ?? null, FOR_GOOD)
  }

  /**
   * As `infer/timers.ts` says it of a connection in which nothing is sent twice, and nothing but the other FIN comes
   * behind the first.
   */
  #givesUp(end: End, state: State, from: number): GivesUp | null {
    const { at } = this.done.columns
    const stack = this.stacks[end]
    switch (state) {
      case 'SYN_SENT':
        return timer('syn', (at[0] as number) + (this.#synWaits[end] as number))
      case 'SYN_RECEIVED':
        return timer('syn-ack', (at[1] as number) + (this.#synAckWaits[end] as number))
      case 'FIN_WAIT_2':
        return timer('fin-wait-2', from + stack.finTimeout)
      case 'TIME_WAIT':
        return { at: from + stack.timeWait, timer: 'time-wait', shown: false }
      default:
        return null
    }
  }
}

/** Null: it never runs out. */
const timer = (name: GivesUp['timer'], at: number): GivesUp | null =>
  Number.isFinite(at) ? { at, timer: name, shown: false } : null

/** The changes of one end's state, as `EndReplay` keeps them. */
function logOf(end: End, done: PlainReplay, whole: Whole): LogEntry[] {
  const { columns, kind } = done
  const roundTrip = whole.roundTrip[end]
  const oneWay = Number.isNaN(roundTrip) ? 0 : roundTrip / 2
  const entries: LogEntry[] = []
  let latest = Number.NEGATIVE_INFINITY
  const take = (row: number): void => {
    if (row < 0) return
    const { state, was, certainty, rules } = endIn(kind[row] as number, end)
    if (state === was) return
    const sends = columns.from[row] === end
    latest = Math.max((columns.at[row] as number) + (sends ? -oneWay : oneWay), latest)
    entries.push({
      from: was,
      to: state,
      at: latest,
      cause: sends ? 'call' : 'packet',
      row,
      certainty,
      // What it sent before it closed is no part of that call.
      rules: sends && rules.length > 1 ? rules.slice(-1) : rules,
    })
  }
  take(0)
  take(1)
  take(2)
  take(done.firstFin)
  take(done.ackOfFin)
  take(done.secondFin)
  take(done.lastAck)
  return entries
}
