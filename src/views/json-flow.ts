/**
 * A flow's line as JSON, member by member.
 *
 * In: a flow. Out: its line, the names and order that docs/json.md promises.
 */
import type { Flow, StateSpan, TimerSpan } from '../report.js'
import { inTenths, inTenthsOrNull } from './json-time.js'

/** What a flow's line holds, in its order. A plain flow makes these when they are read, so they are named here. */
export const SAID = [
  'flow',
  'outer',
  'client',
  'server',
  'roles',
  'start',
  'end',
  'startAt',
  'endAt',
  'packets',
  'bytes',
  'communityId',
  'incarnation',
  'beginsInMiddle',
  'capturedNear',
  'calls',
  'closedFirst',
  'verdict',
] as const satisfies readonly (keyof Flow)[]

type Unsaid = Exclude<keyof Flow, (typeof SAID)[number] | 'rows' | 'icmp' | 'spans' | 'timers'>
/** Does not compile when a flow has something that is not said. */
const everythingIsSaid: [Unsaid] extends [never] ? true : never = true
void everythingIsSaid

const spanLine = (span: StateSpan): StateSpan => ({
  ...span,
  from: inTenthsOrNull(span.from),
  to: inTenthsOrNull(span.to),
})

const timerLine = (timer: TimerSpan): TimerSpan => ({
  ...timer,
  from: inTenths(timer.from),
  expires: inTenths(timer.expires),
  stopped: inTenthsOrNull(timer.stopped),
})

/** Without states and timers. */
export function flowMembers(flow: Flow): Record<string, unknown> {
  const line: Record<string, unknown> = { type: 'flow' }
  for (const name of SAID) line[name] = flow[name]
  line.startAt = inTenths(flow.startAt)
  line.endAt = inTenths(flow.endAt)
  return line
}

export const flowLine = (flow: Flow, withSpans: boolean): string => {
  const line = flowMembers(flow)
  if (withSpans) {
    line.spans = { client: flow.spans.client.map(spanLine), server: flow.spans.server.map(spanLine) }
    line.timers = flow.timers.map(timerLine)
  }
  return JSON.stringify(line)
}
