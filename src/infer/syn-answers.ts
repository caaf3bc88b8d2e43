/**
 * SYN+ACKs that answer a SYN which came again, and those that a timer sent.
 *
 * In: a track. Out: for a SYN+ACK the row of the SYN that it answers; the fate of that SYN: it arrived.
 * RFC 9293 section 3.10.7.2; Linux tcp_check_req() answers every copy of a SYN at once.
 */
import type { Segment } from '../flow/segment.js'
import { add } from '../rfc9293/sequence.js'
import type { Fate } from './fate.js'
import { settle } from './sequence-space.js'
import { isGenuine, leastRoundTrip, type Track } from './track.js'

/**
 * An answer comes after one round trip: by so much of it, and so many seconds, it may come later. No more, for the timers of
 * both ends began within one round trip and run for the same second.
 */
const LATER = 0.1
const PROMPT = 0.003

/** How many rows to look back for the SYN. */
const LOOK_BACK = 64

/** The SYN, sent again, that the SYN+ACK at `row` answers: one round trip before it; -1: a timer sent it, or nothing tells. */
export function answeredSyn(track: Track, row: number): number {
  const s = track.segments[row] as Segment
  const round = track.roundTrip[s.from]
  if (round === null || !isGenuine(track, row)) return -1
  const least = leastRoundTrip(track, s.from)
  for (let k = row - 1; k >= Math.max(0, row - LOOK_BACK); k--) {
    const x = track.segments[k] as Segment
    const waited = s.at - x.at
    if (waited > (1 + LATER) * round + PROMPT) return -1
    if (x.from === s.from || !x.syn || x.ackBit || x.rst || !isGenuine(track, k) || waited < least) continue
    if (s.ack === add(x.seq, 1) && cameBefore(track, k)) return k
  }
  return -1
}

/** The same SYN was captured before. */
const cameBefore = (track: Track, row: number): boolean => {
  const s = track.segments[row] as Segment
  for (let k = row - 1; k >= Math.max(0, row - LOOK_BACK); k--) {
    const x = track.segments[k] as Segment
    if (x.from === s.from && x.syn && !x.ackBit && x.seq === s.seq) return true
  }
  return false
}

/** A SYN again that drew a SYN+ACK arrived, though its receiver had the first one already. */
export function answeredSynFates(track: Track, fates: readonly Fate[]): void {
  for (let row = 0; row < track.segments.length; row++) {
    const s = track.segments[row] as Segment
    if (!s.syn || !s.ackBit || s.rst) continue
    const answered = answeredSyn(track, row)
    if (answered >= 0 && fates[answered]?.received === null) settle(fates, answered, true, row)
  }
}
