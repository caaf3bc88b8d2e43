/**
 * What can be put into the replay for the sender of a segment.
 *
 * In: nothing. Out: the type of an action, and a word for the most frequent one.
 */
import type { End } from '../../flow/segment.js'
import type { Certainty, InferredRule } from '../../report.js'
import type { MachineEvent, Tcb } from '../../rfc9293/event.js'
import type { State } from '../../rfc9293/state.js'

/** One thing to put into the replay. `end` and `at` are the sender's own unless given. */
export type Doing = { readonly end?: End; readonly at?: number } & (
  | { readonly kind: 'event'; readonly event: MachineEvent; readonly certainty: Certainty | null }
  | {
      readonly kind: 'force'
      readonly tcb: Tcb
      readonly rule: InferredRule
      readonly certainty: Certainty
      readonly cause?: 'packet' | 'timer' | 'call'
    }
)

export const event = (e: MachineEvent, certainty: Certainty | null = 'seen'): Doing => ({
  kind: 'event',
  event: e,
  certainty,
})

export const NOTHING: readonly never[] = []

/** No socket is there, or only a listener. */
export const hasNoSocket = (state: State): boolean => state === 'CLOSED' || state === 'LISTEN'
