/**
 * Timers of connections that are followed: when the time of the packets passes one, its connection is to be looked at again.
 *
 * In: for each conversation its flows as they were replayed. Out: those of which a timer has run out; what ran out.
 */
import { type Flow, SIDES, type Side, type StateSpan } from './report.js'

/** A state that a timer began, without a packet. */
export interface RunOut {
  readonly flow: Flow
  readonly side: Side
  readonly state: StateSpan['state']
  /** Seconds as in `PacketRow.at`. */
  readonly at: number
}

/** Timers that ran out behind `since`, as far as the capture goes, in order of time. Seconds as in `PacketRow.at`. */
export const runOuts = (flow: Flow, since: number): RunOut[] =>
  SIDES.flatMap((side) =>
    flow.spans[side].flatMap(({ cause, from, state }) =>
      cause === 'timer' && from !== null && from > since ? [{ flow, side, state, at: from }] : [],
    ),
  ).sort((a, b) => a.at - b.at)

export class DueTimers<Key> {
  readonly #next = new Map<Key, number>()
  #earliest = Number.POSITIVE_INFINITY

  /** The next of these timers is the one to wait for; `now` in seconds as in `PacketRow.at`. */
  set(key: Key, flows: readonly Flow[], now: number): void {
    let next = Number.POSITIVE_INFINITY
    for (const { timers } of flows)
      for (const { expires, stopped } of timers)
        if (stopped === null && expires >= now) next = Math.min(next, expires)
    if (next === Number.POSITIVE_INFINITY) this.#next.delete(key)
    else this.#next.set(key, next)
    this.#earliest = Math.min(this.#earliest, next)
  }

  delete(key: Key): void {
    this.#next.delete(key)
  }

  /** Those whose timer ran out before `now`. */
  due(now: number): Key[] {
    if (this.#earliest >= now) return []
    const due: Key[] = []
    this.#earliest = Number.POSITIVE_INFINITY
    for (const [key, at] of this.#next) {
      if (at < now) due.push(key)
      else if (at < this.#earliest) this.#earliest = at
    }
    return due
  }
}
