/**
 * FIN_WAIT_2: closed here, the peer has not closed yet. With an owner it lasts for ever, without one Linux drops it
 * after tcp_fin_timeout. RFC 9293 section 3.6; Linux tcp_close().
 */
import { type Finding, type Flow, SIDES, type Side, watchedUntil } from '../report.js'
import { leaked } from './close-wait.js'
import { finOf, isReset, realRows } from './evidence.js'
import { about, held, inEachFlow, opposite, type Rule, type Seen } from './rule.js'

/** Shorter waits are the peer's normal time to close, in seconds. */
const LONG = 5
/** The peer closed after all. */
const VERY_LONG = 30
/** A time-out that follows from a later RST may only be a guess: shorter ones are not worth it. */
const LEAST = 1

function waiting(flow: Flow, seen: Seen): Finding<'fin-wait-2'> | null {
  for (const side of SIDES) {
    const found = on(flow, side, seen)
    if (found !== null) return found
  }
  return null
}

function on(flow: Flow, side: Side, seen: Seen): Finding<'fin-wait-2'> | null {
  const index = flow.spans[side].findIndex(({ state }) => state === 'FIN_WAIT_2')
  const span = flow.spans[side][index]
  if (span === undefined) return null
  const next = flow.spans[side][index + 1]
  const from = span.from ?? flow.startAt
  const until = watchedUntil(flow, seen)
  const to = Math.min(next?.from ?? until, until)
  const seconds = to - from
  const timedOut = next?.cause === 'timer' && (next.from ?? Infinity) <= until
  // The other end waits for its application: that is told of it, with the same seconds.
  if (!timedOut && leaked(flow, seen)?.side === opposite(side)) return null
  const rows = realRows(flow).filter(({ at }) => at > from && at <= to)
  const data = rows.find((row) => row.from !== side && row.len > 0)
  const taken =
    data !== undefined && rows.some((row) => row.from === side && !isReset(row) && row.at >= data.at)
  const killed =
    data !== undefined && rows.some((row) => row.from === side && isReset(row) && row.at >= data.at)
  const owner = taken ? 'held' : killed || timedOut ? 'orphan' : 'unknown'
  if (seconds < (timedOut ? LEAST : next === undefined ? LONG : VERY_LONG)) return null
  // A half-close over which data still flows is at work.
  if (owner === 'held' && next !== undefined) return null
  return about(flow, side, owner === 'held' ? 'implied' : 'assumed', [finOf(flow, side), span], {
    id: 'fin-wait-2',
    severity: 'note',
    args: held(flow, side, { seconds, owner, timedOut, still: next === undefined }),
    causes: [
      { code: 'peer-not-closing', likelihood: 'likely' },
      { code: owner === 'held' ? 'intended-half-close' : 'lost-fin', likelihood: 'possible' },
    ],
  })
}

export const rule: Rule = {
  id: 'fin-wait-2',
  severity: 'note',
  ...inEachFlow('fin-wait-2', waiting, ({ owner, timedOut, still }) => `${owner} ${timedOut} ${still}`),
}
