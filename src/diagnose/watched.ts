/**
 * Until when a connection was watched: to the end of the captures that hold it, and of those that go on after them.
 *
 * In: a flow with what all show. Out: seconds as in `PacketRow.at`. Captures of two days, or of two places, end at
 * different times: what one of them does not show after its end is not silence.
 */
import type { CaptureInfo, Flow } from '../report.js'
import type { Seen } from './rule.js'

/** A file that begins so soon after another has ended is its continuation, seconds. */
const NEXT = 60

export function watchedUntil(flow: Flow, seen: Seen): number {
  if (seen.captures.length < 2) return seen.endAt
  const ends = endsOf(seen)
  const own = new Set(flow.rows.map(({ capture }) => capture))
  const until = Math.max(flow.endAt, ...[...own].map((capture) => ends[capture] ?? flow.endAt))
  return Math.min(seen.endAt, until)
}

/** By capture. */
function endsOf(seen: Seen): readonly number[] {
  const before = known.get(seen.captures)
  if (before !== undefined) return before
  const at = (iso: string | null, behind: number): number | null =>
    iso === null ? null : Date.parse(iso) / 1000 + behind - seen.epochSeconds - seen.epochNanoseconds / 1e9
  const stretches = seen.captures.map(({ first, last, clockBehind = 0 }) => ({
    first: at(first, clockBehind),
    last: at(last, clockBehind),
  }))
  const ends = stretches.map(({ last }) => last ?? seen.endAt)
  // From the latest to the earliest, so that what goes on after the next one is known already.
  const latestFirst = stretches.map((_, n) => n).sort((a, b) => (ends[b] ?? 0) - (ends[a] ?? 0))
  for (const n of latestFirst) {
    const end = ends[n] ?? seen.endAt
    for (const [k, { first }] of stretches.entries())
      if (first !== null && first >= end && first - end <= NEXT)
        ends[n] = Math.max(ends[n] ?? 0, ends[k] ?? 0)
  }
  known.set(seen.captures, ends)
  return ends
}
const known = new WeakMap<readonly CaptureInfo[], readonly number[]>()
