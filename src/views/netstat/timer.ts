/** The timer of a socket as `netstat -o` shows it. In: a flow, a side, its state, a moment. Out: a timer or null. */
import type { Flow, Side, State, TimerSpan } from '../../report.js'
import type { Moment } from './moment.js'
import { retries } from './queue.js'

export interface SocketTimer {
  /** As `netstat -o` calls it. */
  readonly name: 'on' | 'keepalive' | 'timewait' | 'probe'
  /** Seconds as in `at`. */
  readonly expires: number
  /** Retransmissions so far, as in the middle of netstat's `(1.57/3/0)`. */
  readonly retries: number
}

// net-tools, netstat.c, tcp_do_one(): timer 1 "on", 2 "keepalive", 3 "timewait", 4 "probe". FIN_WAIT_2 of an orphan is
// kept by a TIME_WAIT socket in Linux, and shown with its timer.
const TIMER_NAMES: Readonly<Record<TimerSpan['name'], SocketTimer['name']>> = {
  syn: 'on',
  'syn-ack': 'on',
  retransmission: 'on',
  'time-wait': 'timewait',
  'fin-wait-2': 'timewait',
  'keep-alive': 'keepalive',
  'zero-window-probe': 'probe',
}

/** A timer ends with its state, also where its span was drawn up to when it would have run out. */
const runsIn = (name: TimerSpan['name'], state: State): boolean => {
  const only = TIMER_STATES[name]
  return only === undefined
    ? state !== 'SYN_SENT' && state !== 'SYN_RECEIVED' && state !== 'TIME_WAIT'
    : only === state
}
const TIMER_STATES: Readonly<Partial<Record<TimerSpan['name'], State>>> = {
  syn: 'SYN_SENT',
  'syn-ack': 'SYN_RECEIVED',
  'time-wait': 'TIME_WAIT',
  'fin-wait-2': 'FIN_WAIT_2',
}

export const timerAt = (flow: Flow, side: Side, state: State, moment: Moment): SocketTimer | null => {
  const timer = flow.timers.findLast(
    (each) =>
      each.side === side && each.from <= moment.at && each.expires > moment.at && runsIn(each.name, state),
  )
  if (timer === undefined) return null
  return { name: TIMER_NAMES[timer.name], expires: timer.expires, retries: retries(flow, side, moment) }
}
