/**
 * The TCP state machine of RFC 9293, one end of one connection.
 *
 * In: a control block, something that happened, the stack's traits. Out: the new control block, the names of the rules
 * that fired in order, and the segments that this end now sends (RFC 9293 section 3.10). Nothing is kept or changed.
 */
import type { MachineEvent, Reply, SegmentEvent, Tcb } from './event.js'
import type { Rule, Situation } from './row.js'
import {
  CALLS,
  EIGHT_STEPS,
  FIRST_STATES,
  FROM_SIXTH_STEP,
  ICMP,
  type RuleId,
  TIMEOUTS,
  WINDOW,
} from './rules.js'
import type { StackProfile } from './stack.js'
import { STATES, type State } from './state.js'
import { type Draft, draftOf } from './tcb.js'

export type { Row } from './row.js'
export { RULES, type RuleId } from './rules.js'
export { adopt, closed, UNKNOWN_WINDOW } from './tcb.js'

/** What an event did to this end. */
export interface Outcome {
  readonly tcb: Tcb
  /** The rules that fired, in order. Empty: the event changed nothing that has a name (an ACK that says nothing new). */
  readonly rules: readonly RuleId[]
  readonly replies: readonly Reply[]
  /** The event was processed; false: the segment was dropped, or the call was refused. */
  readonly accepted: boolean
}

type Named<E extends MachineEvent> = Rule<E> & { readonly id: RuleId }
/** A table's rows by the state that they are for: most of them are for others. */
type Table<E extends MachineEvent> = Readonly<Record<State, readonly Named<E>[]>>

/** The tables that an event goes through, in order: of a segment, by the state that it meets. */
const stepsOf = (stack: StackProfile) => {
  const table = <E extends MachineEvent>(rows: readonly Named<E>[]): Table<E> => {
    const byState = {} as Record<State, readonly Named<E>[]>
    const own = rows.filter((row) => row.stack === undefined || hasTraits(stack, row.stack))
    for (const state of STATES) byState[state] = own.filter((row) => row.in.includes(state))
    return byState
  }
  return {
    CLOSED: [table<SegmentEvent>(FIRST_STATES.CLOSED)],
    LISTEN: [table<SegmentEvent>(FIRST_STATES.LISTEN)],
    SYN_SENT: [FIRST_STATES.SYN_SENT, ...FROM_SIXTH_STEP].map(table<SegmentEvent>),
    synchronized: EIGHT_STEPS.map(table<SegmentEvent>),
    timeout: [table(TIMEOUTS)],
    window: [table(WINDOW)],
    icmp: [table(ICMP)],
    'open-passive': [table(CALLS['open-passive'])],
    'open-active': [table(CALLS['open-active'])],
    send: [table(CALLS.send)],
    close: [table(CALLS.close)],
    abort: [table(CALLS.abort)],
  } as const
}

type Steps = ReturnType<typeof stepsOf>

const hasTraits = (stack: StackProfile, traits: Partial<StackProfile>): boolean => {
  for (const trait in traits) {
    const name = trait as keyof StackProfile
    if (stack[name] !== traits[name]) return false
  }
  return true
}

/** Of the stacks so far: which rows hold for one is found out once, not for each event. */
const found = new WeakMap<StackProfile, Steps>()
/** Most events are for the stack of the one before. */
let latest: { readonly stack: StackProfile; readonly steps: Steps } | null = null

const stepsFor = (stack: StackProfile): Steps => {
  if (latest?.stack === stack) return latest.steps
  const steps = found.get(stack) ?? stepsOf(stack)
  found.set(stack, steps)
  latest = { stack, steps }
  return steps
}

/** What `event` does to an end whose control block is `tcb`. Never throws. */
export const step = (tcb: Tcb, event: MachineEvent, stack: StackProfile): Outcome => {
  const steps = stepsFor(stack)
  switch (event.kind) {
    case 'segment':
      return run(forSegment(steps, tcb), tcb, event, stack)
    case 'timeout':
      return run(steps.timeout, tcb, event, stack)
    case 'window':
      return run(steps.window, tcb, event, stack)
    case 'icmp':
      return run(steps.icmp, tcb, event, stack)
    case 'call':
      return call(steps, tcb, event, stack)
  }
}

const forSegment = (steps: Steps, { state }: Tcb): readonly Table<SegmentEvent>[] =>
  state === 'CLOSED' || state === 'LISTEN' || state === 'SYN_SENT' ? steps[state] : steps.synchronized

const call = (
  steps: Steps,
  tcb: Tcb,
  event: Extract<MachineEvent, { kind: 'call' }>,
  stack: StackProfile,
): Outcome => {
  switch (event.call) {
    case 'open-passive':
      return run(steps['open-passive'], tcb, event, stack)
    case 'open-active':
      return run(steps['open-active'], tcb, event, stack)
    case 'send':
      return run(steps.send, tcb, event, stack)
    case 'close':
      return run(steps.close, tcb, event, stack)
    case 'abort':
      return run(steps.abort, tcb, event, stack)
  }
}

/** A situation of the engine's own, which it moves from step to step; its control block is one once something changes. */
type Moving<E extends MachineEvent> = { tcb: Draft; event: E; readonly stack: StackProfile }

/** The steps in order; in each the first row that holds fires and says whether the next step is reached. */
const run = <E extends MachineEvent>(
  steps: readonly Table<E>[],
  tcb: Tcb,
  event: E,
  stack: StackProfile,
): Outcome => {
  const situation: Moving<E> = { tcb, event, stack }
  let fired = NOTHING
  let replies: readonly Reply[] = NONE
  for (const table of steps) {
    const row = firstThatHolds(table[situation.tcb.state], situation)
    if (row === undefined) continue
    // Whoever gave it keeps it as it was.
    if (situation.tcb === tcb && changes(row)) situation.tcb = draftOf(tcb)
    for (const effect of row.does ?? NONE) {
      const change = effect(situation)
      if (change?.event !== undefined) situation.event = change.event
      if (change?.reply !== undefined) replies = withReply(replies, change.reply)
    }
    if (row.to !== undefined) situation.tcb.state = row.to
    fired = then(fired, row.id)
    if (row.next !== 'continue')
      return { tcb: situation.tcb, rules: fired.rules, replies, accepted: row.next !== 'drop' }
  }
  return { tcb: situation.tcb, rules: fired.rules, replies, accepted: true }
}

const changes = <E extends MachineEvent>({ does, to }: Rule<E>): boolean =>
  does !== undefined || to !== undefined

const firstThatHolds = <E extends MachineEvent>(
  rows: readonly Named<E>[],
  situation: Situation<E>,
): Named<E> | undefined => {
  for (const row of rows) if (holds(row, situation)) return row
  return undefined
}

const holds = <E extends MachineEvent>({ when = NONE }: Named<E>, situation: Situation<E>): boolean => {
  for (const guard of when) if (!guard(situation)) return false
  return true
}

const NONE: readonly never[] = []

/** Rules that fired one after the other, and what came next when it did: each list is made once, for all events. */
interface Fired {
  readonly rules: readonly RuleId[]
  readonly next: Map<RuleId, Fired>
}

const NOTHING: Fired = { rules: NONE, next: new Map() }

const then = (fired: Fired, id: RuleId): Fired => {
  const known = fired.next.get(id)
  if (known !== undefined) return known
  const made: Fired = { rules: [...fired.rules, id], next: new Map() }
  fired.next.set(id, made)
  return made
}

/** "It MUST process them all before sending any ACK segments (MUST-59)": only the last plain ACK of an event is sent. */
const withReply = (replies: readonly Reply[], reply: Reply): readonly Reply[] => {
  if (replies.length === 0) return [reply]
  return reply.kind === 'ack' ? [...replies.filter(({ kind }) => kind !== 'ack'), reply] : [...replies, reply]
}
