/**
 * Where the capture was taken: at one of the hosts or between them. Near a host, what was captured on its way in did
 * reach its interface.
 *
 * In: a connection's segments and the ways to its ends. Out: the place and the reason, strongest evidence first.
 */
import { CLIENT, type End, other, SERVER, type Segment } from '../flow/segment.js'
import { type Flow, SIDES } from '../report.js'

type Place = Flow['capturedNear']
type RoundTrip = readonly [number | null, number | null]

/** What the place is concluded from, for client and server. */
export interface VantageFacts {
  /** Seconds there and back; null when unknown. */
  readonly roundTrip: RoundTrip
  /** That time was taken from a SYN or SYN+ACK too, which no stack keeps waiting for its answer. */
  readonly exact: readonly [boolean, boolean]
  /** TTL of the first packet that is no RST; null when there is none. */
  readonly ttl: readonly [number | null, number | null]
  /** The checksum of that packet is not filled in yet (offloading). */
  readonly partial: readonly [boolean, boolean]
  /** Payload of the first packet larger than the other end's MSS allows; 0 when there is none. */
  readonly large: readonly [number, number]
}

/** Where a capture may have been taken: at an end, by the end's number; behind these, at none, or nobody knows. */
export const PLACES = [...SIDES, 'between', 'unknown'] as const satisfies readonly Place['where'][]
const BETWEEN = 2
const UNKNOWN = 3

/** What speaks for an end, strongest first; the number of {@link evidenceOf} has it above its two lower bits. */
const ANSWERS = 0
const CHECKSUMS = 1
const SIZE = 2
const DISTANCE = 3
const NEITHER = 4
const AT_MOST = 5

/** The place, by its number in {@link PLACES}, and what speaks for it, in one number: two places with one reason are alike. */
export function evidenceOf(facts: VantageFacts): number {
  const fast = byAnswers(facts.roundTrip)
  if (fast !== null) return 4 * ANSWERS + fast
  const own = byChecksums(facts)
  if (own !== null) return 4 * CHECKSUMS + own
  const near = bySize(facts)
  if (near !== null) return 4 * SIZE + near
  const close = byDistance(facts)
  if (close !== null) return 4 * DISTANCE + close
  if (!isAway(facts.roundTrip)) return 4 * NEITHER + UNKNOWN
  return isTimed(facts, CLIENT) && isTimed(facts, SERVER) ? 4 * NEITHER + BETWEEN : 4 * AT_MOST + UNKNOWN
}

/** The place without its reason, by its number in {@link PLACES}, for very many. */
export const whereabouts = (facts: VantageFacts): number => evidenceOf(facts) & 3

export function vantage(facts: VantageFacts): Place {
  const evidence = evidenceOf(facts)
  const place = evidence & 3
  if (place === BETWEEN) return { where: 'between', reason: between(facts.roundTrip) }
  if (evidence >> 2 === AT_MOST)
    return { where: 'unknown', reason: { ...between(facts.roundTrip), code: 'near-at-most' } }
  if (place === UNKNOWN) return { where: 'unknown', reason: { code: 'near-unknown' } }
  const end = place as End
  return { where: SIDES[end], reason: reasonFor(evidence >> 2, end, facts) }
}

function reasonFor(evidence: number, end: End, { roundTrip, large, ttl }: VantageFacts): Place['reason'] {
  if (evidence === ANSWERS) return fastAnswers(roundTrip, end)
  if (evidence === CHECKSUMS) return { code: 'near-partial-checksums', side: SIDES[end], packets: 1 }
  if (evidence === DISTANCE) return { code: 'near-ttl', side: SIDES[end], ttl: ttl[end] ?? 0 }
  const from = sentLarge(large)
  return { code: 'near-large-frames', side: SIDES[from], bytes: large[from] }
}

/** Writes the arguments of its reason that are numbers, in their order; NaN for null. */
export function putReason(facts: VantageFacts, into: Float64Array, at: number): void {
  const { reason } = vantage(facts)
  switch (reason.code) {
    case 'near-fast-answers':
      into[at] = reason.milliseconds
      into[at + 1] = reason.other ?? Number.NaN
      break
    case 'near-between':
    case 'near-at-most':
      into[at] = reason.client
      into[at + 1] = reason.server
      break
    case 'near-ttl':
      into[at] = reason.ttl
      break
    case 'near-partial-checksums':
      into[at] = reason.packets
      break
    case 'near-large-frames':
      into[at] = reason.bytes
  }
}

const between = ([client, server]: RoundTrip) => ({
  code: 'near-between' as const,
  client: inMs(client ?? 0),
  server: inMs(server ?? 0),
})

/** Captures of both hosts, read together. */
export const atBoth = ([client, server]: RoundTrip): Place => ({
  where: 'both',
  reason: {
    code: 'near-both',
    client: client === null ? null : inMs(client),
    server: server === null ? null : inMs(server),
  },
})

export function vantageFacts(segments: readonly Segment[], roundTrip: RoundTrip): VantageFacts {
  const first: [Segment | null, Segment | null] = [null, null]
  const syn: [Segment | null, Segment | null] = [null, null]
  for (let row = 0; row < segments.length; row++) {
    const s = segments[row] as Segment
    if (!s.rst) first[s.from] ??= s
    if (s.syn) syn[s.from] ??= s
  }
  const [client, server] = first
  return {
    roundTrip,
    exact: [syn[SERVER] !== null, syn[CLIENT] !== null],
    ttl: [client?.ttl ?? null, server?.ttl ?? null],
    partial: [client?.checksum === 'partial', server?.checksum === 'partial'],
    large: [
      firstLarger(segments, CLIENT, syn[SERVER]?.mss ?? -1),
      firstLarger(segments, SERVER, syn[CLIENT]?.mss ?? -1),
    ],
  }
}

/** Payload of the first segment of `end` that holds more than `limit` bytes; 0: none does. */
function firstLarger(segments: readonly Segment[], end: End, limit: number): number {
  if (limit <= 0) return 0
  for (let row = 0; row < segments.length; row++) {
    const { len, from } = segments[row] as Segment
    if (len > limit && from === end) return len
  }
  return 0
}

/** A host answers at once, in seconds; the other end is at least so many times farther. */
const AT_ONCE = 0.002
const FARTHER = 5
/** Where only one end was heard, it must answer faster than any network brings it. */
const ALONE = 0.0005

function byAnswers(roundTrip: RoundTrip): End | null {
  if (answersAtOnce(roundTrip[CLIENT], roundTrip[SERVER])) return CLIENT
  return answersAtOnce(roundTrip[SERVER], roundTrip[CLIENT]) ? SERVER : null
}

function answersAtOnce(here: number | null, there: number | null): boolean {
  if (here === null) return false
  return there === null ? here < ALONE : here < AT_ONCE && here * FARTHER < there
}

function fastAnswers(roundTrip: RoundTrip, end: End): Place['reason'] {
  const there = roundTrip[other(end)]
  return {
    code: 'near-fast-answers',
    side: SIDES[end],
    milliseconds: inMs(roundTrip[end] ?? 0),
    other: there === null ? null : inMs(there),
  }
}

/** No stack holds an ACK back for less, in seconds (Linux TCP_DELACK_MIN): what took longer may have been only that. */
const DELAYED = 0.04

const isTimed = ({ exact, roundTrip }: VantageFacts, end: End): boolean =>
  exact[end] || (roundTrip[end] ?? DELAYED) < DELAYED

/** The host itself would have answered at once: what looks like its own is a virtual network's, whose cards do nothing. */
export const isFar = (facts: VantageFacts, end: End): boolean =>
  (facts.roundTrip[end] ?? 0) > AT_ONCE && isTimed(facts, end)

/** A network card fills the checksum in: a sum not filled in was captured on the sender's own host. */
function byChecksums(facts: VantageFacts): End | null {
  const { partial } = facts
  // Both: two ends on one machine.
  if (partial[CLIENT] === partial[SERVER]) return null
  const end = partial[CLIENT] ? CLIENT : SERVER
  return isFar(facts, end) ? null : end
}

/** Larger than the receiver takes in one packet: cut only in the card, or put together in it; on the nearer host. */
function bySize(facts: VantageFacts): End | null {
  const { large } = facts
  const [client, server] = facts.roundTrip
  if (client === null || server === null) return null
  const near = client < server ? CLIENT : SERVER
  if (isFar(facts, near)) return null
  return large[sentLarge(large)] === 0 ? null : near
}

const sentLarge = (large: VantageFacts['large']): End => (large[CLIENT] > 0 ? CLIENT : SERVER)

/** What hosts set at first: Linux and others 64, Windows 128, network devices 255. */
export const FIRST_TTL: readonly number[] = [64, 128, 255]

/** The packets of one end still have their first TTL, those of the other have passed routers. */
function byDistance(facts: VantageFacts): End | null {
  const [client, server] = facts.ttl
  if (client === null || server === null) return null
  if (FIRST_TTL.includes(client) === FIRST_TTL.includes(server)) return null
  const end = FIRST_TTL.includes(client) ? CLIENT : SERVER
  return isFar(facts, end) ? null : end
}

const isAway = ([client, server]: RoundTrip): boolean =>
  client !== null && server !== null && client >= 0.001 && server >= 0.001

const inMs = (seconds: number): number => Math.round(seconds * 1e6) / 1e3
