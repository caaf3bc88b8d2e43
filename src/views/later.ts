/**
 * What timers will do after the end of the capture: a TIME_WAIT that still runs, retries that will run out.
 *
 * In: a flow, the end of the capture. Out: who leaves which state when, if nothing comes before.
 */
import {
  type Extent,
  type Flow,
  SIDES,
  type Side,
  type State,
  type TimerSpan,
  watchedUntil,
} from '../report.js'

export interface Later {
  readonly side: Side
  readonly state: State
  /** Seconds as in `at`. */
  readonly until: number
  /** It waits for an answer, and gives up without one; else the state just ends. */
  readonly givesUp: boolean
}

/** The states that a timer ends, and of which the packets tell when it began. */
const ENDED_BY: Readonly<Partial<Record<State, { name: TimerSpan['name']; givesUp: boolean }>>> = {
  SYN_SENT: { name: 'syn', givesUp: true },
  SYN_RECEIVED: { name: 'syn-ack', givesUp: true },
  FIN_WAIT_2: { name: 'fin-wait-2', givesUp: false },
  TIME_WAIT: { name: 'time-wait', givesUp: false },
}

/** Without what a call that will return says already. */
export const laterOf = (flow: Flow, extent: Extent): Later[] =>
  allLater(flow, watchedUntil(flow, extent)).filter(
    ({ side, givesUp }) => !givesUp || !flow.calls.some((call) => call.side === side && call.packet === null),
  )

const allLater = (flow: Flow, until: number): Later[] =>
  SIDES.flatMap((side): Later[] => {
    const { state } = flow[side]
    const ended = ENDED_BY[state]
    if (ended === undefined) return []
    const timer = flow.timers.findLast((each) => each.side === side && each.name === ended.name)
    if (timer === undefined || timer.expires <= until) return []
    return [{ side, state, until: timer.expires, givesUp: ended.givesUp }]
  })
