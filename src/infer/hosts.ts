/**
 * Captures of both hosts, read together: what its receiver's own capture has did come to that host, what it has not did not;
 * what its sender's own capture has did leave that host, what it has not did not.
 *
 * In: the segments of a connection, which of them were captured twice. Out: of each segment whether it came to its receiver's
 * host, where the capture of that host can tell: it is next to the host by what it shows itself, and goes on behind the
 * time at which the segment would have come: with this connection, or, where it has no gaps in what another capture has of
 * it, with any, once it has had none of this one for so long that no copy is mistaken for another. With a capture of each host also when it was sent, and when it came.
 */
import { byCapture } from '../flow/in-time.js'
import { CLIENT, type End, other, SERVER, type Segment } from '../flow/segment.js'
import { FAR_APART, isOneCapture } from './duplicates.js'
import { roundTrips } from './round-trips.js'
import { FIRST_TTL, isFar, type VantageFacts, vantage, vantageFacts } from './vantage.js'

export const CAME = 1
export const NEVER_CAME = -1
export const LEFT = 1
export const NEVER_LEFT = -1
const UNTOLD = 0

/** How much later than the slowest one a segment may come, in seconds. */
const JITTER = 0.02

export interface AtHosts {
  /** By row: whether it came to its receiver's host, and left its sender's. */
  readonly came: Int8Array
  readonly left: Int8Array
  /** Null: not both hosts have a capture of their own. */
  readonly times: HostTimes | null
}

/** By row, seconds as in `Segment.at`; NaN: neither host's capture has it, or nothing tells how long it was under way. */
export interface HostTimes {
  readonly sent: Float64Array
  readonly came: Float64Array
}

/** `lasts`: when the last packet of each capture came, of whatever connection. Null: there is no capture of a host besides another. */
export function atHosts(
  segments: readonly Segment[],
  duplicateOf: Int32Array,
  lasts: readonly number[] | null = null,
): AtHosts | null {
  if (isOneCapture(segments)) return null
  const captures = byCapture(segments)
  const hosts: [number, number] = [-1, -1]
  /** Those that do not show by themselves where they were taken. */
  const unclear = new Map<number, VantageFacts>()
  for (const [capture, own] of captures) {
    const facts = vantageFacts(own, roundTrips(own, new Int32Array(own.length).fill(-1)))
    const { where } = vantage(facts)
    if (where === 'client' || where === 'server') hosts[where === 'client' ? CLIENT : SERVER] = capture
    else if (where === 'unknown') unclear.set(capture, facts)
  }
  for (const end of [CLIENT, SERVER] as const) {
    const capture = hosts[end] < 0 ? beforeRouters(segments, duplicateOf, end) : -1
    const facts = unclear.get(capture)
    if (facts !== undefined && !isFar(facts, end)) hosts[end] = capture
  }
  if (hosts[CLIENT] < 0 && hosts[SERVER] < 0) return null
  const came = new Int8Array(segments.length)
  const left = new Int8Array(segments.length)
  const shared = sharing(segments, duplicateOf)
  for (const end of [CLIENT, SERVER] as const) {
    const capture = hosts[end]
    if (capture < 0) continue
    const own = captures.get(capture) ?? []
    const first = own[0]?.at ?? Number.POSITIVE_INFINITY
    const last = own[own.length - 1]?.at ?? Number.NEGATIVE_INFINITY
    const here = { from: first, until: last }
    tellLeft(segments, duplicateOf, end, capture, here, left)
    tell(segments, duplicateOf, end, capture, here, came)
    if (!shared.has(capture) || hasGaps(segments, end, left)) continue
    const later = { from: last + FAR_APART, until: lasts?.[capture] ?? last }
    tellLeft(segments, duplicateOf, end, capture, later, left)
    tell(segments, duplicateOf, end, capture, later, came)
  }
  const isShared = duplicateOf.some((of) => of >= 0)
  const both = isShared && hosts[CLIENT] >= 0 && hosts[SERVER] >= 0
  return { came, left, times: both ? timesAt(hosts, segments, duplicateOf) : null }
}

/** How long a capture would have shown a packet of this connection, seconds as in `Segment.at`. */
interface Stretch {
  readonly from: number
  readonly until: number
}

/**
 * Captures that had a packet of the connection once it was under way which another one had too: the two ran side by side,
 * and neither is the next file of the other, nor has the other direction only, nor a filter for SYNs.
 */
function sharing(segments: readonly Segment[], duplicateOf: Int32Array): ReadonlySet<number> {
  const shared = new Set<number>()
  for (let row = 0; row < segments.length; row++) {
    const copy = segments[row] as Segment
    const first = segments[duplicateOf[row] as number]
    if (first === undefined || first.capture === copy.capture || copy.syn || copy.rst) continue
    shared.add(first.capture).add(copy.capture)
  }
  return shared
}

/** The capture of that host lacks packets of its own that another one has: it may lack more. A RST may be somebody else's. */
const hasGaps = (segments: readonly Segment[], end: End, left: Int8Array): boolean =>
  segments.some((s, row) => s.from === end && !s.rst && left[row] === NEVER_LEFT)

/** What was sent by `end`, next to which `capture` was taken. */
function tellLeft(
  segments: readonly Segment[],
  duplicateOf: Int32Array,
  end: End,
  capture: number,
  { from, until }: Stretch,
  left: Int8Array,
): void {
  /** The longest that a packet was under way from this capture to another, in seconds. */
  let way = 0
  for (let row = 0; row < segments.length; row++) {
    const s = segments[row] as Segment
    if (s.from !== end) continue
    const first = (duplicateOf[row] as number) < 0 ? row : (duplicateOf[row] as number)
    if (s.capture === capture) left[first] = LEFT
    else if (left[first] === LEFT) way = Math.max(way, s.at - (segments[first] as Segment).at)
  }
  for (let row = 0; row < segments.length; row++) {
    const s = segments[row] as Segment
    if (s.from !== end || left[row] !== UNTOLD || (duplicateOf[row] as number) >= 0) continue
    if (s.at - way - JITTER >= from && s.at < until) left[row] = NEVER_LEFT
  }
}

/** `hosts`: the capture of each end's host. */
function timesAt(
  hosts: readonly [number, number],
  segments: readonly Segment[],
  duplicateOf: Int32Array,
): HostTimes {
  const sent = new Float64Array(segments.length).fill(Number.NaN)
  const came = new Float64Array(segments.length).fill(Number.NaN)
  for (let row = 0; row < segments.length; row++) {
    const { from, capture, at } = segments[row] as Segment
    const first = (duplicateOf[row] as number) < 0 ? row : (duplicateOf[row] as number)
    if (capture === hosts[from]) sent[first] = at
    else if (capture === hosts[other(from)]) came[first] = at
  }
  /** The shortest time under way to each end. */
  const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let row = 0; row < segments.length; row++) {
    const way = (came[row] as number) - (sent[row] as number)
    const to = other((segments[row] as Segment).from)
    if (way >= 0 && way < (least[to] as number)) least[to] = way
  }
  for (let row = 0; row < segments.length; row++) {
    const way = least[other((segments[row] as Segment).from)] as number
    if (!Number.isFinite(way)) continue
    if (Number.isNaN(came[row])) came[row] = (sent[row] as number) + way
    else if (Number.isNaN(sent[row])) sent[row] = (came[row] as number) - way
  }
  return { sent, came }
}

/**
 * The capture in which a packet of `end` still has its first TTL, which in another one it has not; -1: none shows that. A RST
 * may be a device's on the way.
 */
function beforeRouters(segments: readonly Segment[], duplicateOf: Int32Array, end: End): number {
  for (let row = 0; row < segments.length; row++) {
    const copy = segments[row] as Segment
    const first = segments[duplicateOf[row] as number]
    if (first === undefined || first.from !== end || first.rst || first.capture === copy.capture) continue
    if (FIRST_TTL.includes(first.ttl) && copy.ttl < first.ttl) return first.capture
  }
  return -1
}

/** What was sent to `end`, next to which `capture` was taken. */
function tell(
  segments: readonly Segment[],
  duplicateOf: Int32Array,
  end: End,
  capture: number,
  { from, until }: Stretch,
  came: Int8Array,
): void {
  /** The longest that a packet was under way from one capture to the other, in seconds. */
  let way = 0
  for (let row = 0; row < segments.length; row++) {
    const s = segments[row] as Segment
    if (s.from === end || s.capture !== capture) continue
    const first = (duplicateOf[row] as number) < 0 ? row : (duplicateOf[row] as number)
    came[first] = CAME
    way = Math.max(way, s.at - (segments[first] as Segment).at)
  }
  for (let row = 0; row < segments.length; row++) {
    const s = segments[row] as Segment
    if (s.from !== other(end) || came[row] !== UNTOLD || (duplicateOf[row] as number) >= 0) continue
    if (s.at >= from && s.at + way + JITTER < until) came[row] = NEVER_CAME
  }
}
