/**
 * Which segments that carry nothing but an ACK arrived. Nothing acknowledges an ACK, so the evidence is what their
 * receiver did afterwards: a host that has seen its bytes acknowledged never sends them again.
 *
 * In: a track and one receiving end. Out: fates of the bare ACKs on their way to it.
 * RFC 6298 section 5 (the timer stops when all is acknowledged), RFC 7323 section 4.3 (echoed timestamps).
 */
import { type End, other, type Segment, sequenceLength } from '../flow/segment.js'
import { SIDES } from '../report.js'
import { add, gt, leq } from '../rfc9293/sequence.js'
import type { Fate } from './fate.js'
import { CAME, NEVER_CAME } from './hosts.js'
import { settle } from './sequence-space.js'
import { AHEAD } from './sight.js'
import { isGenuine, leastRoundTrip, type Track } from './track.js'

export const isBareAck = (s: Segment): boolean => s.ackBit && !s.rst && sequenceLength(s) === 0

export function acknowledgmentFates(track: Track, to: End, fates: readonly Fate[]): void {
  const { segments, duplicateOf } = track
  const slack = leastRoundTrip(track, to)
  const near = isNear(track, to)
  /** End of what the receiver has sent up to here. */
  let highest: number | null = track.firstProbes[to]?.next ?? null
  /** The same of the end that these ACKs come from. */
  let sent: number | null = track.firstProbes[other(to)]?.next ?? null
  for (let i = 0; i < segments.length; i++) {
    const s = segments[i] as Segment
    const fate = fates[i]
    if (s.from === to && !s.rst && isGenuine(track, i) && (highest === null || gt(s.end, highest)))
      highest = s.end
    const probe = s.from !== to && isKeepAliveProbe(s, sent)
    if (s.from !== to && !s.rst && isGenuine(track, i) && (sent === null || gt(s.end, sent))) sent = s.end
    if (fate === undefined || s.from === to || !isBareAck(s) || (duplicateOf[i] as number) >= 0) continue
    if (fate.received !== null) continue
    if (track.came?.[i] === NEVER_CAME) {
      settle(fates, i, false, -1)
      continue
    }
    const again = sentAgainAfter(track, i, slack, highest)
    if (again >= 0) {
      settle(fates, i, false, again)
      continue
    }
    if (probe && isUnanswered(track, i, to)) {
      settle(fates, i, false, track.nextOf[s.from][i] ?? -1)
      continue
    }
    const echo = echoedBy(track, i)
    if (echo >= 0) settle(fates, i, true, echo)
    else if (near || track.came?.[i] === CAME || moved(track, i)) fate.received = true
  }
}

/** Row at which the receiver sends bytes again that the ACK at `i` covers, after the ACK should have come; or -1. */
function sentAgainAfter(track: Track, i: number, slack: number, highest: number | null): number {
  const { segments } = track
  const ack = segments[i] as Segment
  let later = 0
  for (let j = i + 1; j < segments.length && j < i + AHEAD; j++) {
    const s = segments[j] as Segment
    if (s.from === ack.from) {
      // A later ACK that covers more speaks for itself; what comes after it says nothing about this one.
      if (s.ackBit && !s.rst && gt(s.ack, ack.ack) && ++later > 8) return -1
      continue
    }
    if (!isGenuine(track, j) || s.rst || sequenceLength(s) === 0) continue
    if (isKeepAliveProbe(s, highest)) continue
    if (leq(s.end, ack.ack) && s.at - ack.at > slack) return j
    if (highest !== null && gt(s.end, highest) && leq(ack.ack, s.seq) && !s.syn) return -1
  }
  return -1
}

/** One byte, or none, just below what was sent last (section 3.8.4): asks, does not repeat. */
export const isKeepAliveProbe = (s: Segment, highest: number | null): boolean =>
  s.len <= 1 && !s.syn && !s.fin && highest !== null && add(s.seq, 1) === highest

/** A probe asks for an ACK at once (section 3.10.7.4 step 1): none came for long enough. */
function isUnanswered(track: Track, i: number, to: End): boolean {
  const s = track.segments[i] as Segment
  const answer = track.segments[track.nextOf[to][i] ?? -1]
  const until = s.at + 2 * (track.roundTrip[to] ?? 0) + ANSWER
  return answer === undefined ? track.captureEnd > until : answer.at > until
}

/** A host that is there answers a probe within this time, in seconds, beside the way there and back. */
const ANSWER = 0.5

/** Row of the receiver whose timestamp echo is this ACK's own and nobody else's; or -1. */
function echoedBy(track: Track, i: number): number {
  const { segments } = track
  const ack = segments[i] as Segment
  if (!ack.hasTimestamps) return -1
  for (let j = i + 1; j < segments.length && j < i + AHEAD; j++) {
    const s = segments[j] as Segment
    if (s.from === ack.from) {
      if (s.hasTimestamps && s.tsVal === ack.tsVal) return -1
      continue
    }
    if (s.hasTimestamps && s.ackBit && s.tsEcr === ack.tsVal) return j
    if (s.hasTimestamps && gt(s.tsEcr, ack.tsVal)) return -1
  }
  return -1
}

/** The receiver had something unacknowledged, this ACK was the first to cover it, and it was not sent again for long enough. */
function moved(track: Track, i: number): boolean {
  const { segments } = track
  const ack = segments[i] as Segment
  let covers = -1
  for (let k = i - 1; k >= 0 && k > i - BACK; k--) {
    const s = segments[k] as Segment
    if (s.from === ack.from) {
      if (s.ackBit && !s.rst && s.ack === ack.ack) return false
      continue
    }
    if (sequenceLength(s) > 0 && leq(s.end, ack.ack)) {
      covers = k
      break
    }
  }
  if (covers < 0) return false
  return nextCoverAt(track, i) - ack.at > LONGEST_FIRST_RTO
}

/** How far to look back for what an ACK covers, in rows. */
export const BACK = 64

/** A first retransmission time-out is over by then, in seconds (RFC 6298 section 2.1: 1 s before a measurement). */
export const LONGEST_FIRST_RTO = 1.2

/** When another segment says the same or more to the receiver, if not later; the end of the capture if none does. */
function nextCoverAt(track: Track, i: number): number {
  const { segments } = track
  const ack = segments[i] as Segment
  for (let j = i + 1; j < segments.length; j++) {
    const s = segments[j] as Segment
    if ((s.from === ack.from && s.ackBit && !gt(ack.ack, s.ack)) || j > i + AHEAD) return s.at
  }
  return track.captureEnd
}

/** The capture was taken on, or next to, this host: what was on its way in did come. */
export const isNear = (track: Track, end: End): boolean => track.place.where === SIDES[end]
