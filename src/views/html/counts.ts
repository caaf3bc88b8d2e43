/**
 * How many sockets every host held in every state, over time: the chart of the overview.
 *
 * In: all flows' spans, also of flows that the page leaves out. Out: steps; where there are too many of them, the highest
 * number within each of `MOST_STEPS` equal parts of the time.
 */
import { type Flow, type Report, SIDES, type Side, type State, type StateSpan } from '../../report.js'
import { laterOf } from '../later.js'

export interface StateCounts {
  readonly state: State
  readonly peak: number
  /** From `times[i]` seconds on there are `counts[i]`. */
  readonly times: readonly number[]
  readonly counts: readonly number[]
}

export interface HostCounts {
  readonly host: string
  readonly states: readonly StateCounts[]
  /** Width of a step in seconds where the highest number of it is given; null: exact. */
  readonly step: number | null
}

/** More than a screen has columns. */
const MOST_STEPS = 600
/** From opening to closing; CLOSED and LISTEN are no sockets of a connection. */
const SHOWN: readonly State[] = [
  'SYN_SENT',
  'SYN_RECEIVED',
  'ESTABLISHED',
  'FIN_WAIT_1',
  'FIN_WAIT_2',
  'CLOSING',
  'TIME_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
]

type Changes = { readonly at: number; readonly by: 1 | -1 }[]

/** Seconds as in `at` of the first packet: below zero when a later capture begins before the first one. */
export const earliest = (report: Report): number =>
  report.flows.reduce((least, { startAt }) => Math.min(least, startAt), 0)

export const hostCounts = (report: Report, most: number): { hosts: HostCounts[]; leftOut: number } => {
  const startAt = earliest(report)
  const all = new Map<string, Map<State, Changes>>()
  for (const flow of report.flows)
    for (const side of SIDES)
      for (const { state, from, to } of endedIn(flow, side, report)) {
        if (!SHOWN.includes(state)) continue
        const start = Math.max(from ?? startAt, startAt)
        if (start > report.endAt || (to !== null && to <= start)) continue
        const states = all.get(flow[side].address) ?? new Map<State, Changes>()
        all.set(flow[side].address, states)
        const changes = states.get(state) ?? []
        states.set(state, changes)
        changes.push({ at: start, by: 1 })
        if (to !== null && to <= report.endAt) changes.push({ at: to, by: -1 })
      }
  const hosts = [...all].map(([host, states]) => hostOf(host, states, startAt, report.endAt))
  const size = ({ states }: HostCounts): number => states.reduce((sum, { peak }) => sum + peak, 0)
  hosts.sort((a, b) => size(b) - size(a))
  return { hosts: hosts.slice(0, most), leftOut: Math.max(0, hosts.length - most) }
}

/** A timer that runs when the flow is watched no more runs out. */
const endedIn = (flow: Flow, side: Side, report: Report): readonly StateSpan[] => {
  const spans = flow.spans[side]
  const last = spans.at(-1)
  const over = laterOf(flow, report).find((later) => later.side === side && later.state === last?.state)
  if (last === undefined || over === undefined || last.to !== null) return spans
  return [...spans.slice(0, -1), { ...last, to: over.until }]
}

const hostOf = (
  host: string,
  states: ReadonlyMap<State, Changes>,
  startAt: number,
  endAt: number,
): HostCounts => {
  const exact = SHOWN.flatMap((state) => {
    const changes = states.get(state)
    return changes === undefined ? [] : [stepsOf(state, changes, startAt)]
  })
  const many = exact.some(({ times }) => times.length > MOST_STEPS)
  const step = many ? (endAt - startAt) / MOST_STEPS : null
  return { host, step, states: step === null ? exact : exact.map((one) => highest(one, startAt, step)) }
}

const stepsOf = (state: State, changes: Changes, startAt: number): StateCounts => {
  // What ends goes before what begins: a socket that moves on at one moment is not there twice.
  changes.sort((a, b) => a.at - b.at || a.by - b.by)
  const times: number[] = [startAt]
  const counts: number[] = [0]
  let now = 0
  let peak = 0
  for (const { at, by } of changes) {
    now += by
    if (at === times[times.length - 1]) counts[counts.length - 1] = now
    else {
      times.push(at)
      counts.push(now)
    }
  }
  for (const count of counts) peak = Math.max(peak, count)
  return { state, peak, times, counts }
}

const highest = ({ state, peak, times, counts }: StateCounts, startAt: number, step: number): StateCounts => {
  const most = new Array<number>(MOST_STEPS).fill(0)
  times.forEach((time, index) => {
    const next = times[index + 1] ?? Number.POSITIVE_INFINITY
    const last = Math.min(MOST_STEPS - 1, Math.ceil((next - startAt) / step) - 1)
    for (let bin = Math.min(MOST_STEPS - 1, Math.floor((time - startAt) / step)); bin <= last; bin++)
      most[bin] = Math.max(most[bin] ?? 0, counts[index] ?? 0)
  })
  const kept = most.flatMap((count, bin) => (bin === 0 || count !== most[bin - 1] ? [bin] : []))
  return {
    state,
    peak,
    times: kept.map((bin) => startAt + bin * step),
    counts: kept.map((bin) => most[bin] ?? 0),
  }
}
