/**
 * What no packet shows: timers that ran out between and after the packets, what the sockets' owners saw, and how the
 * connection stands at the end of the capture.
 *
 * In: a track with its fates, replayed. Out: spans and timers of both ends, calls, verdict.
 */
import { CLIENT, type End, type IcmpError, SERVER } from '../flow/segment.js'
import type { Fate } from '../infer/fate.js'
import { meaningOf } from '../infer/icmp.js'
import { givesUp } from '../infer/timers.js'
import type { Track } from '../infer/track.js'
import {
  type Certainty,
  type Flow,
  type IcmpRow,
  SIDES,
  type SocketCall,
  type StateSpan,
  type TimerSpan,
  type Verdict,
} from '../report.js'
import type { Tcb } from '../rfc9293/event.js'
import { closed } from '../rfc9293/machine.js'
import type { State } from '../rfc9293/state.js'
import type { Surroundings } from './annotate.js'
import { socketCalls } from './calls.js'
import { isoTime } from './iso-time.js'
import type { Replayed } from './replay.js'
import { type Course, stretches } from './spans.js'
import { closedFirst, verdictOf } from './verdict.js'

interface Final {
  readonly state: State
  readonly certainty: Certainty
}

export interface Ended {
  readonly final: readonly [Final, Final]
  /** What each end still holds at the end, for the next connection on the same 4-tuple. */
  readonly left: readonly [Tcb, Tcb]
  readonly spans: Flow['spans']
  readonly timers: readonly TimerSpan[]
  readonly calls: readonly SocketCall[]
  readonly closedFirst: Flow['closedFirst']
  readonly verdict: Verdict
  readonly icmp: readonly IcmpRow[]
}

export function endings(
  track: Track,
  fates: readonly Fate[],
  replayed: Replayed,
  around: Pick<Surroundings, 'epoch' | 'inherited' | 'replacedAt' | 'reopenedBy'>,
): Ended {
  const course: Course = {
    beginsInMiddle: track.connection.beginsInMiddle,
    captureEnd: track.captureEnd,
    givesUp: (end, state, from, to, gone) => givesUp(track, fates, end, state, from, to, gone),
    segmentOf: (row) => track.segments[row],
    lastSent: (end) => track.segments.findLast((s) => s.from === end)?.at ?? Number.NEGATIVE_INFINITY,
  }
  const of = (end: End) =>
    stretches(
      course,
      replayed.logs[end],
      end,
      around.inherited[end] === null ? replayed.ends[end].state : null,
      { at: around.replacedAt[end], byItself: around.reopenedBy === end },
    )
  const client = of(CLIENT)
  const server = of(SERVER)
  const spans = {
    client: asCertainAs(client.spans, replayed, CLIENT),
    server: asCertainAs(server.spans, replayed, SERVER),
  }
  const calls = socketCalls(track, fates, replayed, [client.expired, server.expired], around.epoch)
  const finals = [finalOf(spans.client), finalOf(spans.server)] as const
  return {
    final: finals,
    left: [
      finals[CLIENT].state === 'CLOSED' ? closed() : replayed.ends[CLIENT],
      finals[SERVER].state === 'CLOSED' ? closed() : replayed.ends[SERVER],
    ],
    spans,
    timers: [...client.timers, ...server.timers],
    calls,
    closedFirst: closedFirst(track, fates),
    verdict: verdictOf(spans, calls, replayed, track),
    icmp: track.connection.icmp.map((error) => icmpRow(error, replayed)),
  }
}

/** What an end is in last is as certain as the end itself: packets may confirm it, or their silence leave it in doubt. */
function asCertainAs(spans: readonly StateSpan[], replayed: Replayed, end: End): readonly StateSpan[] {
  const last = spans[spans.length - 1]
  const certainty = replayed.certainties[end]
  if (last === undefined || last.cause === 'timer' || last.state !== replayed.ends[end].state) return spans
  return last.certainty === certainty ? spans : [...spans.slice(0, -1), { ...last, certainty }]
}

function finalOf(spans: readonly StateSpan[]): Final {
  const last = spans[spans.length - 1]
  return { state: last?.state ?? 'CLOSED', certainty: last?.certainty ?? 'assumed' }
}

function icmpRow(error: IcmpError, replayed: Replayed): IcmpRow {
  const { name } = meaningOf(error)
  const fatal = replayed.fatalErrors.includes(error)
  return {
    packet: error.packet,
    capture: error.capture,
    time: isoTime(error.seconds, error.nanoseconds),
    at: error.at,
    to: SIDES[error.to],
    router: error.router,
    type: error.type,
    code: error.code,
    name,
    notes: [{ code: 'icmp-error', name, router: error.router, fatal }],
  }
}
