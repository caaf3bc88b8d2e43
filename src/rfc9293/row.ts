/**
 * What a row of the machine is: data to read beside the RFC, and the named guards and effects that it refers to.
 *
 * In: nothing. Out: the types of the tables in `calls/`, `segment-arrives/`, `timeouts.ts`, and the groups of states
 * that the RFC's section 3.10 lists again and again.
 */
import type { MachineEvent, Reply, SegmentEvent, Tcb } from './event.js'
import type { StackProfile } from './stack.js'
import type { State } from './state.js'
import type { Draft } from './tcb.js'

/** The part of a row that is plain data. */
export interface Row {
  /** Section, step, state and case: stable, the key of its sentence in every language. */
  readonly id: string
  /** Where RFC 9293 says it, e.g. `3.10.7.4 step 5`. */
  readonly section: string
  /** Other sources, when the RFC's section alone does not say it. */
  readonly source?: string
  readonly in: readonly State[]
  /** The state afterwards; absent: "if no state change is mentioned, the TCP connection stays in the same state". */
  readonly to?: State
  /** `continue` with the next step; `return`, having processed the event (the default); `drop` it and return. */
  readonly next?: 'continue' | 'return' | 'drop'
  /** The row holds only for a stack with these traits. */
  readonly stack?: Partial<StackProfile>
  /** What the RFC has the TCP tell its user, in the RFC's words. */
  readonly signal?: string
  /** What happens to the 2MSL timer. */
  readonly timeWaitTimer?: 'start' | 'restart'
}

/** What guards and effects look at. */
export interface Situation<E extends MachineEvent = MachineEvent> {
  readonly tcb: Tcb
  readonly event: E
  readonly stack: StackProfile
}

/** What effects look at, and assign to. */
export interface Making<E extends MachineEvent = MachineEvent> extends Situation<E> {
  readonly tcb: Draft
}

/** What an effect leaves beside that: the segment as later steps see it, a segment to send. */
export interface Change<E extends MachineEvent> {
  readonly event?: E
  readonly reply?: Reply
}

export type Guard<E extends MachineEvent> = (situation: Situation<E>) => boolean
export type Effect<E extends MachineEvent> = (situation: Making<E>) => Change<E> | undefined
/** An effect that any event may have. */
export type AnyEffect = (
  situation: Pick<Making, 'tcb' | 'stack'>,
) => Omit<Change<MachineEvent>, 'event'> | undefined
export type SegmentGuard = Guard<SegmentEvent>
export type SegmentEffect = Effect<SegmentEvent>

/** A whole row: it fires when the state is in `in`, the stack has the traits and every guard holds. */
export interface Rule<E extends MachineEvent> extends Row {
  readonly when?: readonly Guard<E>[]
  readonly does?: readonly Effect<E>[]
}

/** "Otherwise" of section 3.10.7.4: all states that its eight steps are for. */
export const OTHER_STATES = [
  'SYN_RECEIVED',
  'ESTABLISHED',
  'FIN_WAIT_1',
  'FIN_WAIT_2',
  'CLOSE_WAIT',
  'CLOSING',
  'LAST_ACK',
  'TIME_WAIT',
] as const satisfies readonly State[]

/** The synchronized states of section 3.5. */
export const SYNCHRONIZED = [
  'ESTABLISHED',
  'FIN_WAIT_1',
  'FIN_WAIT_2',
  'CLOSE_WAIT',
  'CLOSING',
  'LAST_ACK',
  'TIME_WAIT',
] as const satisfies readonly State[]

/** The states that may still receive text: the peer has not closed. */
export const RECEIVING = ['ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2'] as const satisfies readonly State[]

/** The states in which the peer's FIN has been taken. */
export const PEER_CLOSED = [
  'CLOSE_WAIT',
  'CLOSING',
  'LAST_ACK',
  'TIME_WAIT',
] as const satisfies readonly State[]

/** A guard that holds when another one does not. */
export const not =
  <E extends MachineEvent>(guard: Guard<E>): Guard<E> =>
  (situation) =>
    !guard(situation)
