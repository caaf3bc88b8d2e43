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
type Table<E extends MachineEvent> = readonly Named<E>[]

/** What `event` does to an end whose control block is `tcb`. Never throws. */
export const step = (tcb: Tcb, event: MachineEvent, stack: StackProfile): Outcome => {
  switch (event.kind) {
    case 'segment':
      return run(stepsFor(tcb), { tcb, event, stack })
    case 'timeout':
      return run([TIMEOUTS], { tcb, event, stack })
    case 'window':
      return run([WINDOW], { tcb, event, stack })
    case 'icmp':
      return run([ICMP], { tcb, event, stack })
    case 'call':
      return call(tcb, event, stack)
  }
}

const stepsFor = ({ state }: Tcb): readonly Table<SegmentEvent>[] => {
  if (state === 'SYN_SENT') return [FIRST_STATES.SYN_SENT, ...FROM_SIXTH_STEP]
  return state === 'CLOSED' || state === 'LISTEN' ? [FIRST_STATES[state]] : EIGHT_STEPS
}

const call = (tcb: Tcb, event: Extract<MachineEvent, { kind: 'call' }>, stack: StackProfile): Outcome => {
  switch (event.call) {
    case 'open-passive':
      return run([CALLS['open-passive']], { tcb, event, stack })
    case 'open-active':
      return run([CALLS['open-active']], { tcb, event, stack })
    case 'send':
      return run([CALLS.send], { tcb, event, stack })
    case 'close':
      return run([CALLS.close], { tcb, event, stack })
    case 'abort':
      return run([CALLS.abort], { tcb, event, stack })
  }
}

/** The steps in order; in each the first row that holds fires and says whether the next step is reached. */
const run = <E extends MachineEvent>(steps: readonly Table<E>[], start: Situation<E>): Outcome => {
  let situation = start
  const rules: RuleId[] = []
  let replies: readonly Reply[] = []
  for (const table of steps) {
    const row = rowsIn(table, situation.tcb.state).find((candidate) => holds(candidate, situation))
    if (row === undefined) continue
    for (const effect of row.does ?? []) {
      const { tcb, event, reply } = effect(situation)
      situation = { ...situation, tcb: { ...situation.tcb, ...tcb }, event: event ?? situation.event }
      if (reply !== undefined) replies = withReply(replies, reply)
    }
    if (row.to !== undefined) situation = { ...situation, tcb: { ...situation.tcb, state: row.to } }
    rules.push(row.id)
    if (row.next !== 'continue') return { tcb: situation.tcb, rules, replies, accepted: row.next !== 'drop' }
  }
  return { tcb: situation.tcb, rules, replies, accepted: true }
}

/** The rows of a table that name a state, found once: most rows of a table are for other states. */
const rowsIn = <E extends MachineEvent>(table: Table<E>, state: State): Table<E> => {
  let byState = BY_STATE.get(table) as Map<State, Table<E>> | undefined
  if (byState === undefined) {
    byState = new Map(STATES.map((name) => [name, table.filter((row) => row.in.includes(name))]))
    BY_STATE.set(table, byState)
  }
  return byState.get(state) ?? table
}

const BY_STATE = new WeakMap<object, unknown>()

const holds = <E extends MachineEvent>(row: Named<E>, situation: Situation<E>): boolean => {
  for (const guard of row.when ?? NONE) if (!guard(situation)) return false
  return row.stack === undefined || hasTraits(situation.stack, row.stack)
}

const NONE: readonly never[] = []

const hasTraits = (stack: StackProfile, traits: Partial<StackProfile>): boolean => {
  for (const trait in traits) {
    const name = trait as keyof StackProfile
    if (stack[name] !== traits[name]) return false
  }
  return true
}

/** "It MUST process them all before sending any ACK segments (MUST-59)": only the last plain ACK of an event is sent. */
const withReply = (replies: readonly Reply[], reply: Reply): readonly Reply[] =>
  reply.kind === 'ack' ? [...replies.filter((earlier) => earlier.kind !== 'ack'), reply] : [...replies, reply]
