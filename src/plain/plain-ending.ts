/**
 * How long a plain connection was in each state, and which timers ran: `replay/` is asked, with no more than the packets
 * that changed a state.
 *
 * In: a connection that `PlainReplay` has folded. Out: spans and timers as in the report, and when TIME_WAIT ends.
 */
import type { End } from '../flow/segment.js'
import { newFate } from '../infer/fate.js'
import type { LogEntry } from '../replay/end.js'
import { stretches } from '../replay/spans.js'
import type { Flow } from '../report.js'
import type { StackProfile } from '../rfc9293/stack.js'
import type { PacketLog } from './packet-log.js'
import type { Whole } from './plain-fates.js'
import type { PlainReplay } from './plain-replay.js'
import { endIn } from './row-kinds.js'

export interface Ending {
  readonly spans: Flow['spans']
  readonly timers: Flow['timers']
  /** Seconds as in `Segment.at`; NaN: nobody waits. */
  readonly until: number
}

export function endingOf(
  log: PacketLog,
  done: PlainReplay,
  whole: Whole,
  stacks: readonly [StackProfile, StackProfile],
): Ending {
  const rows = [0, 1, 2, done.firstFin, done.ackOfFin, done.secondFin, done.lastAck].filter((row) => row >= 0)
  const segments = rows.map((row) => log.segment(done.columns.place[row] as number))
  const logs = [logOf(0, done, whole, rows), logOf(1, done, whole, rows)] as const
  const track = {
    connection: WHOLE,
    segments,
    duplicateOf: NO_DUPLICATES,
    captureEnd: whole.captureEnd,
    stacks,
  }
  const fates = segments.map(newFate)
  const of = (end: End) =>
    stretches(track, fates, logs[end], end, logs[end].at(-1)?.to ?? 'CLOSED', {
      at: Number.POSITIVE_INFINITY,
      byItself: false,
    })
  const client = of(0)
  const server = of(1)
  const closer = done.secondFin < 0 ? null : (done.columns.from[done.firstFin] as number as End)
  const waits = closer === null ? undefined : logs[closer].find(({ to }) => to === 'TIME_WAIT')
  return {
    spans: { client: client.spans, server: server.spans },
    timers: [...client.timers, ...server.timers],
    until:
      waits === undefined || closer === null
        ? Number.NaN
        : Math.round((waits.at + whole.timeWait[closer]) * 1e6) / 1e6,
  }
}

const WHOLE = { beginsInMiddle: false }
/** As many as there are packets that change a state. */
const NO_DUPLICATES = new Int32Array(7).fill(-1)

const known = (roundTrip: number): number | null => (Number.isNaN(roundTrip) ? null : roundTrip)

/** The changes of one end's state, as `EndReplay` keeps them. */
function logOf(end: End, done: PlainReplay, whole: Whole, rows: readonly number[]): LogEntry[] {
  const { columns } = done
  const oneWay = (known(whole.roundTrip[end]) ?? 0) / 2
  const entries: LogEntry[] = []
  rows.forEach((row, index) => {
    const sends = columns.from[row] === end
    const { state, was, certainty, rules } = endIn(done.kind[row] as number, end)
    if (state === was) return
    const at = (columns.at[row] as number) + (sends ? -oneWay : oneWay)
    entries.push({
      from: was,
      to: state,
      at: Math.max(at, entries.at(-1)?.at ?? at),
      cause: sends ? 'call' : 'packet',
      row: index,
      certainty,
      // What it sent before it closed is no part of that call.
      rules: sends ? rules.slice(-1) : rules,
    })
  })
  return entries
}
