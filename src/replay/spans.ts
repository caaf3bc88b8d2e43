/**
 * The stretches of time that an end spends in each state, timers included.
 *
 * In: an end's log, and what its connection says of timers. Out: spans without gaps, the timers that run in them, and
 * what ran out.
 */
import type { End, Segment } from '../flow/segment.js'
import type { GivesUp } from '../infer/timers.js'
import { type AnyRule, type Certainty, SIDES, type StateSpan, type TimerSpan } from '../report.js'
import type { State } from '../rfc9293/state.js'
import type { LogEntry } from './end.js'

/** A timer that ended a state, or will. */
export interface Expired {
  readonly state: State
  /** Seconds as in `Segment.at`. */
  readonly at: number
  /** Within the capture; else it is still to come. */
  readonly happened: boolean
}

export interface Stretches {
  readonly spans: readonly StateSpan[]
  readonly timers: readonly TimerSpan[]
  /** Timers that ended a state, or will when nothing comes. */
  readonly expired: readonly Expired[]
}

type Captured = Pick<Segment, 'packet' | 'capture'>

/** What else is asked of the connection. */
export interface Course {
  readonly beginsInMiddle: boolean
  /** Seconds as in `Segment.at`. */
  readonly captureEnd: number
  /** As in `infer/timers.ts`. */
  givesUp(end: End, state: State, from: number, to: number, gone: boolean): GivesUp | null
  /** The segment of a row. */
  segmentOf(row: number): Captured | undefined
  /** When the end sent its last segment; -Infinity: none. */
  lastSent(end: End): number
}

export function stretches(
  course: Course,
  log: readonly LogEntry[],
  end: End,
  /** Where it is in the end; null: another connection on its 4-tuple came before, and left it nothing. */
  final: State | null,
  replaced: { readonly at: number; readonly byItself: boolean },
): Stretches {
  const spans: StateSpan[] = []
  const timers: TimerSpan[] = []
  const expired: Expired[] = []
  const side = SIDES[end]
  const [first] = log
  // A capture that begins in the middle: what the first packets show was so before them, as far as anybody knows.
  const adopted = first !== undefined && first.rules[0] === 'infer/adopted' && course.beginsInMiddle
  let entry: LogEntry | null = null
  let state = adopted ? first.to : initialState(log, final)
  for (let k = adopted ? 1 : 0; k <= log.length; k++) {
    const next: LogEntry | undefined = log[k]
    const from = entry?.at ?? Number.NEGATIVE_INFINITY
    const to = next?.at ?? Number.POSITIVE_INFINITY
    // A packet of its own that shows it going on: what stopped the timer was not captured.
    const wentOn = next?.rules[0] === 'infer/resync' && next.to !== 'CLOSED'
    const over =
      Number.isFinite(from) && !wentOn
        ? course.givesUp(end, state, from, to, next?.rules[0] === 'infer/gave-up')
        : null
    const until = Math.min(to, replaced.at)
    const happened = over !== null && over.at < Math.min(until, course.captureEnd)
    const left = over?.abandoned ?? Number.POSITIVE_INFINITY
    const abandoned = left < until
    if (over !== null) {
      const stopped = Math.min(until, left) < over.at ? Math.min(until, left) : null
      timers.push({ side, name: over.timer, from: over.since ?? from, expires: over.at, stopped })
      if (happened || (until === Number.POSITIVE_INFINITY && !abandoned))
        expired.push({ state, at: over.at, happened })
    }
    if (over !== null && happened) {
      spans.push(span(course, state, from, over.at, entry))
      spans.push({
        state: 'CLOSED',
        from: over.at,
        to: next?.at ?? null,
        certainty: over.shown ? 'implied' : 'assumed',
        cause: 'timer',
        packet: null,
        rules: [EXPIRY_RULES[over.timer]],
      })
    } else if (abandoned) {
      spans.push(span(course, state, from, left, entry))
      spans.push(abandonedFrom(left))
    } else {
      spans.push(span(course, state, from, next?.at ?? null, entry))
    }
    if (next !== undefined) {
      state = next.to
      entry = next
    }
  }
  return {
    spans: cut(
      joined(spans),
      replaced.at,
      replaced.byItself ? course.lastSent(end) : Number.NEGATIVE_INFINITY,
    ),
    timers,
    expired,
  }
}

/** What was there before belongs to the connection before; this one begins with nothing. */
const initialState = (log: readonly LogEntry[], final: State | null): State => {
  const first = log[0]?.from
  if (final !== null) return first ?? final
  // What the connection before was in is told of that one; a listener was there all the time.
  return first === 'LISTEN' ? 'LISTEN' : 'CLOSED'
}

/** Its owner closed the socket of an attempt that nobody answered: nothing is sent. */
const abandonedFrom = (from: number): StateSpan => ({
  state: 'CLOSED',
  from,
  to: null,
  certainty: 'assumed',
  cause: 'call',
  packet: null,
  rules: ['3.10.4/syn-sent'],
})

/** What ends a state when its timer runs out. */
export const EXPIRY_RULES: Readonly<Record<GivesUp['timer'], AnyRule>> = {
  syn: 'infer/gave-up',
  'syn-ack': 'infer/gave-up',
  retransmission: 'infer/gave-up',
  'time-wait': '3.10.8/time-wait',
  'fin-wait-2': 'infer/orphan-timeout',
}

const span = (
  { beginsInMiddle, segmentOf }: Course,
  state: State,
  from: number,
  to: number | null,
  entry: LogEntry | null,
): StateSpan => {
  const shows = entry === null || entry.row < 0 ? undefined : segmentOf(entry.row)
  const begins = {
    state,
    from: Number.isFinite(from) ? from : null,
    to,
    certainty: entry?.certainty ?? (beginsInMiddle ? 'assumed' : 'implied'),
    cause: entry?.cause ?? 'start',
    packet: shows?.packet ?? null,
    rules: entry?.rules ?? NONE,
  } as const
  if (shows === undefined || shows.capture === 0) return begins
  const { rules, ...first } = begins
  return { ...first, capture: shows.capture, rules }
}

const NONE: readonly AnyRule[] = []

/** A new connection on the same 4-tuple takes what was left of this one: it is CLOSED from then on. */
function cut(spans: readonly StateSpan[], at: number, heard: number): readonly StateSpan[] {
  if (!Number.isFinite(at)) return spans
  const kept = spans.filter((s) => (s.from ?? Number.NEGATIVE_INFINITY) < at)
  const last = kept[kept.length - 1]
  if (last === undefined || last.state === 'CLOSED') return spans
  // A host that opens again what it had open has forgotten it: nobody knows when, so the middle of its silence.
  const forgot =
    last.state !== 'TIME_WAIT' && heard > (last.from ?? Number.NEGATIVE_INFINITY) ? (heard + at) / 2 : at
  kept[kept.length - 1] = { ...last, to: forgot }
  kept.push({
    state: 'CLOSED',
    from: forgot,
    to: null,
    certainty: 'implied',
    cause: forgot === at ? 'packet' : 'call',
    packet: null,
    rules: forgot === at ? [] : ['infer/gone'],
  })
  return kept
}

/** A state that ends in itself is one span: given up by a timer, and then found gone by a packet, which makes it surer. */
function joined(spans: readonly StateSpan[]): StateSpan[] {
  const result: StateSpan[] = []
  for (const next of spans) {
    const last = result.at(-1)
    if (last === undefined || last.state !== next.state) result.push(next)
    else {
      const certainty = surer(last.certainty, next.certainty)
      result[result.length - 1] = { ...last, to: next.to, certainty }
    }
  }
  return result
}

const SUREST_FIRST: readonly Certainty[] = ['seen', 'implied', 'assumed']
const surer = (a: Certainty, b: Certainty): Certainty =>
  SUREST_FIRST.find((certainty) => certainty === a || certainty === b) ?? a
