/**
 * The timer of a socket as `netstat -o` shows it.
 *
 * In: a flow, a side, its state, a moment. Out: a timer or null. net-tools, netstat.c, tcp_do_one(): timer 1 "on", 2
 * "keepalive", 3 "timewait", 4 "probe". FIN_WAIT_2 of an orphan is kept by a TIME_WAIT socket in Linux, and shown with its
 * timer.
 */
import type { Certainty, Flow, Side, State, Timeouts, TimerSpan } from '../../report.js'
import type { Expiry } from './expiry.js'
import type { Moment } from './moment.js'
import { keepAliveExpiry, windowProbeExpiry } from './probes.js'
import { dataExpiry, synAckExpiry, synExpiry } from './resend.js'
import { Sent } from './sent.js'

export interface SocketTimer {
  /** As `netstat -o` calls it. */
  readonly name: 'on' | 'keepalive' | 'timewait' | 'probe'
  /** When it runs out next, seconds as in `at`. */
  readonly expires: number
  /** Retransmissions so far, as in the middle of netstat's `(1.57/3/0)`. */
  readonly retries: number
  /** Probes that nobody has answered so far, of a shut window or a silent peer: its last number. */
  readonly probes: number
  /** Of `expires`: `implied` where a later packet shows that it ran out, else it is reckoned. */
  readonly certainty: Certainty
}

/** These end a state, and the flow has them. */
const ENDS: Readonly<Partial<Record<State, TimerSpan['name']>>> = {
  TIME_WAIT: 'time-wait',
  FIN_WAIT_2: 'fin-wait-2',
}

export const timerAt = (
  flow: Flow,
  side: Side,
  state: State,
  moment: Moment,
  timeouts: Timeouts,
): SocketTimer | null => {
  const named = (name: SocketTimer['name'], expiry: Expiry | null): SocketTimer | null =>
    expiry === null
      ? null
      : {
          name,
          expires: expiry.at,
          retries: expiry.times,
          probes: expiry.probes ?? 0,
          certainty: expiry.certainty,
        }
  if (state === 'SYN_SENT') return named('on', synExpiry(flow, moment, timeouts, side))
  if (state === 'SYN_RECEIVED') return named('on', synAckExpiry(flow, moment, timeouts, side))
  const ends = ENDS[state]
  const ending = ends === undefined ? null : endingAt(flow, side, ends, moment)
  if (ending !== null || state === 'TIME_WAIT') return named('timewait', ending)
  const sent = new Sent(flow, side, moment, timeouts)
  return (
    named('on', dataExpiry(flow, sent, moment, timeouts)) ??
    named('probe', windowProbeExpiry(flow, sent, moment, timeouts)) ??
    named('keepalive', keepAliveExpiry(flow, side, moment))
  )
}

const endingAt = (flow: Flow, side: Side, name: TimerSpan['name'], { at }: Moment): Expiry | null => {
  const timer = flow.timers.findLast((each) => each.side === side && each.name === name && each.expires > at)
  return timer === undefined ? null : { at: timer.expires, times: 0, certainty: 'assumed' }
}
