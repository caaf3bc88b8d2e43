/**
 * TS.Recent of one end: which segments its protection against wrapped sequence numbers (PAWS) rejects.
 *
 * In: what this end sent and what it got. Out: whether a segment's timestamp is too old. RFC 7323 sections 4.3 and 5.3;
 * Linux tcp_paws_discard(), tcp_disordered_ack(). Only what is known to have come counts: a segment that was lost has
 * left nothing behind, and a guess would reject what came later.
 */
import { type Segment, sequenceLength } from '../flow/segment.js'
import { isGenuine, type Track } from '../infer/track.js'
import { gt, leq, lt } from '../rfc9293/sequence.js'

/** "24 days": an older TS.Recent says nothing any more (RFC 7323 section 5.5), in seconds. */
const OUTDATED = 24 * 24 * 3600

/** Something came that may be too old: text that begins before what its sender had sent by then, a copy, a forged segment. */
export function mayBeTooOld(track: Track): boolean {
  if (!track.timestamps) return false
  const highest: [number | null, number | null] = [null, null]
  return track.segments.some((s, row) => {
    if (s.rst || track.duplicateOf[row] !== -1) return false
    if (!isGenuine(track, row)) return true
    const before = highest[s.from]
    if (before === null || gt(s.end, before)) highest[s.from] = s.end
    return before !== null && !s.syn && sequenceLength(s) > 0 && lt(s.seq, before)
  })
}

export class RecentTimestamp {
  #value: number | null = null
  #at = 0
  #lastAckSent: number | null = null

  /** It sent this segment: Last.ACK.sent. */
  sent(s: Segment): void {
    if (s.ackBit && !s.rst && (this.#lastAckSent === null || gt(s.ack, this.#lastAckSent)))
      this.#lastAckSent = s.ack
  }

  /** It took this segment: one that begins at or before Last.ACK.sent leaves its timestamp. */
  took(s: Segment): void {
    if (!s.hasTimestamps || s.rst || this.rejects(s, null)) return
    if (!s.syn && this.#lastAckSent !== null && gt(s.seq, this.#lastAckSent)) return
    this.#value = s.tsVal
    this.#at = s.at
  }

  /** `expected`: RCV.NXT and SND.UNA, where an ACK that says nothing and was only overtaken passes. A RST always does. */
  rejects(s: Segment, expected: { readonly rcvNxt: number; readonly sndUna: number } | null): boolean {
    if (this.#value === null || !s.hasTimestamps || s.rst || !lt(s.tsVal, this.#value)) return false
    if (s.at - this.#at > OUTDATED) return false
    if (expected === null || sequenceLength(s) > 0) return true
    return s.seq !== expected.rcvNxt || !leq(s.ack, expected.sndUna)
  }
}
