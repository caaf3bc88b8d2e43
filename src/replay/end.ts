/**
 * One end while its events are folded: its control block, how sure that is, and its history.
 *
 * In: events that `infer/` decided on. Out: a log of state changes for spans, and a cell for every row.
 */
import type { AnyRule, Certainty } from '../report.js'
import type { MachineEvent, Reply, Tcb } from '../rfc9293/event.js'
import { closed, step } from '../rfc9293/machine.js'
import { plainStep } from '../rfc9293/plain.js'
import type { StackProfile } from '../rfc9293/stack.js'
import type { State } from '../rfc9293/state.js'
import { draftOf } from '../rfc9293/tcb.js'

/** A state change of one end. */
export interface LogEntry {
  readonly from: State
  readonly to: State
  /** Seconds as in `Segment.at`, on the end's own clock as far as it is known. */
  readonly at: number
  readonly cause: 'packet' | 'timer' | 'call' | 'start'
  /** Row that shows it, or -1. */
  readonly row: number
  readonly certainty: Certainty
  readonly rules: readonly AnyRule[]
}

/** One end after one row. */
export interface Cell {
  readonly state: State
  readonly was: State
  readonly certainty: Certainty
  readonly rules: readonly AnyRule[]
}

const NONE: readonly AnyRule[] = []

export class EndReplay {
  tcb: Tcb = closed()
  certainty: Certainty = 'assumed'
  readonly log: LogEntry[] = []
  /** Rules and state since the cell that is being filled began. */
  #was: State = 'CLOSED'
  #rules: readonly AnyRule[] = NONE
  /** The cell before: most rows say what the one before said. */
  #cell: Cell = { state: 'CLOSED', was: 'CLOSED', certainty: 'assumed', rules: NONE }

  constructor(readonly stack: StackProfile) {}

  begin(): void {
    this.#was = this.tcb.state
    this.#rules = NONE
  }

  cell(): Cell {
    const { state, was, certainty, rules } = this.#cell
    const isSame = state === this.tcb.state && was === this.#was && certainty === this.certainty
    if (!isSame || rules !== this.#rules)
      this.#cell = { state: this.tcb.state, was: this.#was, certainty: this.certainty, rules: this.#rules }
    return this.#cell
  }

  /** Gives the machine an event. Answers what it would send, and whether a segment was processed. */
  apply(
    event: MachineEvent,
    at: number,
    row: number,
    certainty: Certainty | null,
  ): { replies: readonly Reply[]; accepted: boolean } {
    const before = this.tcb.state
    const outcome = plainStep(this.tcb, event) ?? step(this.tcb, event, this.stack)
    this.tcb = outcome.tcb
    this.#fired(outcome.rules)
    if (outcome.tcb.state !== before) {
      this.#changed(before, at, row, causeOf(event), certainty ?? this.certainty, outcome.rules)
    }
    return outcome
  }

  /** Its own segment says how wide its receive window is, in bytes. */
  announce(rcvWnd: number): void {
    if (this.tcb.rcvWnd === rcvWnd) return
    const tcb = draftOf(this.tcb)
    tcb.rcvWnd = rcvWnd
    this.tcb = tcb
  }

  /** A packet of its own shows that it is in this state; how it got there may stay assumed. */
  confirm(state: State): void {
    if (this.tcb.state !== state || this.certainty !== 'assumed') return
    this.certainty = 'implied'
    const last = this.log.pop()
    if (last !== undefined) this.log.push({ ...last, certainty: 'implied' })
  }

  /** A listener is there: no event of this connection, and no change that anybody sees. */
  listen(): void {
    if (this.#was === 'CLOSED') this.#was = 'LISTEN'
    this.tcb = step(closed(), { kind: 'call', call: 'open-passive' }, this.stack).tcb
  }

  /** Nobody owns the socket any more: no change of state, and none that anybody sees. */
  disown(): void {
    const tcb = draftOf(this.tcb)
    tcb.orphan = true
    this.tcb = tcb
  }

  /** When it entered its state, seconds as in `Segment.at`; -Infinity: before anything that is known. */
  get since(): number {
    return this.log.at(-1)?.at ?? Number.NEGATIVE_INFINITY
  }

  /** Puts the end into a state that no event of the machine explains. */
  force(
    tcb: Tcb,
    rule: AnyRule,
    at: number,
    row: number,
    certainty: Certainty,
    cause: LogEntry['cause'] = 'packet',
  ): void {
    const before = this.tcb.state
    this.tcb = tcb
    this.#fired([rule])
    if (before === 'CLOSED' && certainty === 'assumed' && rule === 'infer/adopted') this.#was = tcb.state
    if (tcb.state !== before) this.#changed(before, at, row, cause, certainty, [rule])
  }

  /** A list of the machine's own is kept as it is: there may be millions of rows. */
  #fired(rules: readonly AnyRule[]): void {
    if (rules.length > 0) this.#rules = this.#rules.length === 0 ? rules : [...this.#rules, ...rules]
  }

  #changed(
    from: State,
    at: number,
    row: number,
    cause: LogEntry['cause'],
    certainty: Certainty,
    rules: readonly AnyRule[],
  ): void {
    this.certainty = certainty
    // Times are reckoned from what the capture shows of each change by itself: none goes back before the one before.
    const since = this.log.at(-1)?.at ?? at
    this.log.push({ from, to: this.tcb.state, at: Math.max(at, since), cause, row, certainty, rules })
  }
}

const causeOf = (event: MachineEvent): LogEntry['cause'] =>
  event.kind === 'segment' ? 'packet' : event.kind === 'timeout' ? 'timer' : 'call'
