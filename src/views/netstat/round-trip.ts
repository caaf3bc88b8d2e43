/**
 * The retransmission time-out of one end, from what its segments and their ACKs show.
 *
 * In: measurements of the round trip. Out: seconds. RFC 6298 sections 2 and 3; Linux tcp_rtt_estimator(), tcp_set_rto().
 */
import type { Flow, Side, Timeouts } from '../../report.js'

export class RoundTrip {
  /** SRTT and RTTVAR; null before the first measurement. */
  #smoothed: number | null = null
  #variance = 0

  constructor(private readonly timeouts: Timeouts) {}

  measured(seconds: number): void {
    const taken = Math.max(0, seconds)
    if (this.#smoothed === null) {
      this.#smoothed = taken
      this.#variance = taken / 2
      return
    }
    this.#variance += (Math.abs(taken - this.#smoothed) - this.#variance) / 4
    this.#smoothed += (taken - this.#smoothed) / 8
  }

  /** RTO, in seconds. */
  timeout(): number {
    const { initial, least, most, leastIsVariance } = this.timeouts
    if (this.#smoothed === null) return initial
    const variance = 4 * this.#variance
    const rto = leastIsVariance
      ? this.#smoothed + Math.max(least, variance)
      : Math.max(least, this.#smoothed + variance)
    return Math.min(most, rto)
  }

  /** PTO of a tail loss probe while several segments are out (RFC 8985 section 7.2), in seconds; null: none is sent. */
  probe(): number | null {
    return !this.timeouts.lossProbe || this.#smoothed === null ? null : 2 * this.#smoothed + TWO_TICKS
  }
}

/** TCP_TIMEOUT_MIN: two jiffies. */
const TWO_TICKS = 0.002

/** From the capture point to an end and back, in seconds, as the flow says where it was taken; 0 where nothing tells. */
export const wayTo = (side: Side, { capturedNear: { reason } }: Flow): number => {
  if (reason.code === 'near-between' || reason.code === 'near-at-most' || reason.code === 'near-both')
    return (reason[side] ?? 0) / 1000
  if (reason.code !== 'near-fast-answers') return 0
  return (reason.side === side ? reason.milliseconds : (reason.other ?? 0)) / 1000
}
