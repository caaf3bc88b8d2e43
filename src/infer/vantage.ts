/**
 * Where the capture was taken: at one of the hosts or between them. Near a host, what was captured on its way in did
 * reach its interface.
 *
 * In: a connection's segments and the ways to its ends. Out: the place and the reason, strongest evidence first.
 */
import { CLIENT, type End, other, SERVER, type Segment } from '../flow/segment.js'
import type { Flow } from '../report.js'

type Place = Flow['capturedNear']
type RoundTrip = readonly [number | null, number | null]

const SIDES = ['client', 'server'] as const

export function vantage(segments: readonly Segment[], roundTrip: RoundTrip): Place {
  return (
    byAnswers(roundTrip) ??
    byChecksums(segments) ??
    bySize(segments, roundTrip) ??
    byDistance(segments) ??
    between(roundTrip) ?? { where: 'unknown', reason: { code: 'near-unknown' } }
  )
}

/** A host answers at once, in seconds; the other end is at least so many times farther. */
const AT_ONCE = 0.002
const FARTHER = 5
/** Where only one end was heard, it must answer faster than any network brings it. */
const ALONE = 0.0005

function byAnswers(roundTrip: RoundTrip): Place | null {
  for (const end of [CLIENT, SERVER] as const) {
    const here = roundTrip[end]
    const there = roundTrip[other(end)]
    if (here === null || here === undefined) continue
    const far = there === null || there === undefined ? null : there
    if (far === null ? here < ALONE : here < AT_ONCE && here * FARTHER < far) {
      const reason = {
        code: 'near-fast-answers',
        side: SIDES[end],
        milliseconds: inMs(here),
        other: far === null ? null : inMs(far),
      } as const
      return { where: SIDES[end], reason }
    }
  }
  return null
}

/** A network card fills the checksum in: a sum not filled in was captured on the sender's own host. */
function byChecksums(segments: readonly Segment[]): Place | null {
  const partial = ([CLIENT, SERVER] as const).map(
    (end) => segments.filter((s) => s.from === end && s.checksum === 'partial').length,
  )
  const [client = 0, server = 0] = partial
  // Both: two ends on one machine.
  if (client > 0 === server > 0) return null
  const end = client > 0 ? CLIENT : SERVER
  return {
    where: SIDES[end],
    reason: { code: 'near-partial-checksums', side: SIDES[end], packets: Math.max(client, server) },
  }
}

/** Larger than the receiver takes in one packet: cut only in the card, or put together in it; on the nearer host. */
function bySize(segments: readonly Segment[], roundTrip: RoundTrip): Place | null {
  const [client, server] = roundTrip
  if (client === null || server === null || client === undefined || server === undefined) return null
  for (const end of [CLIENT, SERVER] as const) {
    const limit = segments.find((s) => s.from === other(end) && s.syn)?.mss ?? -1
    const large = segments.find((s) => s.from === end && limit > 0 && s.len > limit)
    if (large === undefined) continue
    const near = client < server ? CLIENT : SERVER
    return { where: SIDES[near], reason: { code: 'near-large-frames', side: SIDES[end], bytes: large.len } }
  }
  return null
}

/** What hosts set at first: Linux and others 64, Windows 128, network devices 255. */
const FIRST_TTL: readonly number[] = [64, 128, 255]

/** The packets of one end still have their first TTL, those of the other have passed routers. */
function byDistance(segments: readonly Segment[]): Place | null {
  const ttl = ([CLIENT, SERVER] as const).map(
    (end) => segments.find((s) => s.from === end && !s.rst)?.ttl ?? null,
  )
  const [client, server] = ttl
  if (client === null || client === undefined || server === null || server === undefined) return null
  if (FIRST_TTL.includes(client) === FIRST_TTL.includes(server)) return null
  const end = FIRST_TTL.includes(client) ? CLIENT : SERVER
  return {
    where: SIDES[end],
    reason: { code: 'near-ttl', side: SIDES[end], ttl: end === CLIENT ? client : server },
  }
}

function between([client, server]: RoundTrip): Place | null {
  if (client === null || server === null || client < 0.001 || server < 0.001) return null
  return { where: 'between', reason: { code: 'near-between', client: inMs(client), server: inMs(server) } }
}

const inMs = (seconds: number): number => Math.round(seconds * 1e6) / 1e3
