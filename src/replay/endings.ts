/**
 * What no packet shows: timers that ran out between and after the packets, what the sockets' owners saw, and how the
 * connection stands at the end of the capture.
 *
 * In: a track with its fates, replayed. Out: spans and timers of both ends, calls, verdict.
 */
import { CLIENT, type End, SERVER, type Segment } from '../flow/segment.js'
import type { Fate } from '../infer/fate.js'
import type { Track } from '../infer/track.js'
import type { Certainty, Flow, IcmpRow, SocketCall, StateSpan, TimerSpan, Verdict } from '../report.js'
import type { Tcb } from '../rfc9293/event.js'
import type { State } from '../rfc9293/state.js'
import type { LogEntry } from './end.js'
import type { Replayed } from './replay.js'

export interface Ended {
  readonly final: readonly [{ state: State; certainty: Certainty }, { state: State; certainty: Certainty }]
  readonly left: readonly [Tcb, Tcb]
  readonly spans: Flow['spans']
  readonly timers: readonly TimerSpan[]
  readonly calls: readonly SocketCall[]
  readonly closedFirst: Flow['closedFirst']
  readonly verdict: Verdict
  readonly icmp: readonly IcmpRow[]
}

export function endings(track: Track, fates: readonly Fate[], replayed: Replayed): Ended {
  void fates
  const spans = { client: spansOf(track, replayed, CLIENT), server: spansOf(track, replayed, SERVER) }
  const finalOf = (end: End) => {
    const list = end === CLIENT ? spans.client : spans.server
    const last = list[list.length - 1] as StateSpan
    return { state: last.state, certainty: last.certainty }
  }
  return {
    final: [finalOf(CLIENT), finalOf(SERVER)],
    left: replayed.ends,
    spans,
    timers: [],
    calls: [],
    closedFirst: null,
    verdict: 'unknown',
    icmp: [],
  }
}

function spansOf(track: Track, replayed: Replayed, end: End): StateSpan[] {
  const log = replayed.logs[end]
  const spans: StateSpan[] = []
  let from: number | null = null
  let entry: LogEntry | null = null
  const first = log[0]?.from ?? replayed.ends[end].state
  let state: State = first
  for (const next of log) {
    spans.push(span(track, state, from, next.at, entry))
    state = next.to
    from = next.at
    entry = next
  }
  spans.push(span(track, state, from, null, entry))
  return spans
}

const span = (
  track: Track,
  state: State,
  from: number | null,
  to: number | null,
  entry: LogEntry | null,
): StateSpan => ({
  state,
  from,
  to,
  certainty: entry?.certainty ?? 'assumed',
  cause: entry?.cause ?? 'start',
  packet: entry === null || entry.row < 0 ? null : (track.segments[entry.row] as Segment).packet,
  rules: entry?.rules ?? [],
})
