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

/** What the place is concluded from, for client and server. */
export interface VantageFacts {
  /** Seconds there and back; null when unknown. */
  readonly roundTrip: RoundTrip
  /** TTL of the first packet that is no RST; null when there is none. */
  readonly ttl: readonly [number | null, number | null]
  /** The checksum of its SYN is not filled in yet (offloading). */
  readonly partial: readonly [boolean, boolean]
  /** Payload of the first packet larger than the other end's MSS allows; 0 when there is none. */
  readonly large: readonly [number, number]
}

const SIDES = ['client', 'server'] as const

export const vantage = (facts: VantageFacts): Place =>
  byAnswers(facts.roundTrip) ??
  byChecksums(facts) ??
  bySize(facts) ??
  byDistance(facts) ??
  between(facts.roundTrip) ?? { where: 'unknown', reason: { code: 'near-unknown' } }

export function vantageFacts(segments: readonly Segment[], roundTrip: RoundTrip): VantageFacts {
  const first = ([CLIENT, SERVER] as const).map((end) => segments.find((s) => s.from === end && !s.rst))
  const [client, server] = first
  const large = (end: End): number => {
    const limit = segments.find((s) => s.from === other(end) && s.syn)?.mss ?? -1
    if (limit <= 0) return 0
    return segments.find((s) => s.from === end && s.len > limit)?.len ?? 0
  }
  return {
    roundTrip,
    ttl: [client?.ttl ?? null, server?.ttl ?? null],
    partial: [client?.checksum === 'partial', server?.checksum === 'partial'],
    large: [large(CLIENT), large(SERVER)],
  }
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

/** The host itself would have answered at once: what looks like its own is a virtual network's, whose cards do nothing. */
const isFar = (roundTrip: RoundTrip, end: End): boolean => (roundTrip[end] ?? 0) > AT_ONCE

/** A network card fills the checksum in: a sum not filled in was captured on the sender's own host. */
function byChecksums({ partial, roundTrip }: VantageFacts): Place | null {
  // Both: two ends on one machine.
  if (partial[CLIENT] === partial[SERVER]) return null
  const end = partial[CLIENT] ? CLIENT : SERVER
  if (isFar(roundTrip, end)) return null
  return { where: SIDES[end], reason: { code: 'near-partial-checksums', side: SIDES[end], packets: 1 } }
}

/** Larger than the receiver takes in one packet: cut only in the card, or put together in it; on the nearer host. */
function bySize({ large, roundTrip }: VantageFacts): Place | null {
  const [client, server] = roundTrip
  if (client === null || server === null) return null
  const near = client < server ? CLIENT : SERVER
  if (isFar(roundTrip, near)) return null
  const from = large[CLIENT] > 0 ? CLIENT : SERVER
  if (large[from] === 0) return null
  return { where: SIDES[near], reason: { code: 'near-large-frames', side: SIDES[from], bytes: large[from] } }
}

/** What hosts set at first: Linux and others 64, Windows 128, network devices 255. */
const FIRST_TTL: readonly number[] = [64, 128, 255]

/** The packets of one end still have their first TTL, those of the other have passed routers. */
function byDistance({ ttl: [client, server], roundTrip }: VantageFacts): Place | null {
  if (client === null || server === null) return null
  if (FIRST_TTL.includes(client) === FIRST_TTL.includes(server)) return null
  const end = FIRST_TTL.includes(client) ? CLIENT : SERVER
  if (isFar(roundTrip, end)) return null
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
