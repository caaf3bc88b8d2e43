/**
 * When a retransmission timer runs out next.
 *
 * In: when it was started, how long it runs, the resend that the capture holds. Out: a time and how sure it is. A kernel's
 * timers are in no capture: a resend that comes later shows the time, else it is reckoned.
 */
import type { Certainty } from '../../report.js'

export interface Expiry {
  /** Seconds as in `PacketRow.at`, that host's own time. */
  readonly at: number
  /** How often it has run out so far. */
  readonly times: number
  /** How many probes no answer has come to. */
  readonly probes?: number
  /** `implied`: the resend is in the capture. */
  readonly certainty: Certainty
}

/** Linux' timer wheel fires an eighth of the time late and a little more (kernel/time/timer.c, LVL_GRAN; seen on 6.18: 14 %). */
const LATE = 0.15

export interface Running {
  /** Seconds as in `PacketRow.at`. */
  readonly from: number
  readonly wait: number
  /** How often it has run out. */
  readonly times: number
  /** The wait after the next time. */
  readonly next: (wait: number) => number
  /** It grows no longer than this. */
  readonly most: number
}

/** The first time at or behind `now`: what was due and is not in the capture was sent and not captured. */
export const reckoned = ({ from, wait, times, next, most }: Running, now: number): Expiry => {
  let at = from + wait
  let long = wait
  let count = times
  while (at + long * LATE < now) {
    const longer = next(long)
    if (!(longer > 0)) break
    // Once it does not grow any more the rest is arithmetic: a capture may claim to last for years.
    const steps = long >= most ? Math.max(1, Math.floor((now - at) / long)) : 1
    count += steps
    at += steps * longer
    long = longer
  }
  return { at: Math.max(at, now), times: count, certainty: 'assumed' }
}

/**
 * What comes after a wait that was seen: twice as long. Timers fire late, and the kernel doubles what it had set; so where
 * `set` and the lateness explain the wait, `set` counts.
 */
export const twice = (seen: number, set: number): number =>
  2 * (seen >= set * (1 - LATE) && seen <= set * (1 + LATE) + GRAIN ? set : seen)

/** Seconds: the least lateness. */
const GRAIN = 0.02

export const doubled =
  (most: number) =>
  (wait: number): number =>
    Math.min(most, 2 * wait)
