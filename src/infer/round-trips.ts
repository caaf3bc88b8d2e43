/**
 * How far each end is from the capture point: the shortest time between a segment on its way to an end and the
 * answer that proves the end had it.
 *
 * In: segments. Out: for each end seconds there and back, null when nothing answers.
 */
import { CLIENT, type End, other, SERVER, type Segment } from '../flow/segment.js'
import { diff } from '../rfc9293/sequence.js'

export function roundTrips(
  segments: readonly Segment[],
  duplicateOf: Int32Array,
): [number | null, number | null] {
  return [roundTrip(segments, duplicateOf, CLIENT), roundTrip(segments, duplicateOf, SERVER)]
}

function roundTrip(segments: readonly Segment[], duplicateOf: Int32Array, end: End): number | null {
  /** Where each sequence number that waits for its ACK was first sent; null once it was sent again (Karn). */
  const waiting = new Map<number, Segment | null>()
  let least: number | null = null
  let acked: number | null = null
  for (let i = 0; i < segments.length; i++) {
    const s = segments[i] as Segment
    if ((duplicateOf[i] as number) >= 0) continue
    if (s.from === other(end)) {
      if (s.end === s.seq || s.rst) continue
      const before = waiting.get(s.end)
      waiting.set(s.end, before !== undefined && !s.hasTimestamps ? null : s)
      continue
    }
    if (!s.ackBit) continue
    if (acked !== null && diff(s.ack, acked) <= 0) continue
    acked = s.ack
    const sent = waiting.get(s.ack)
    if (waiting.size > 4096) waiting.clear()
    if (sent === undefined || sent === null) continue
    if (s.hasTimestamps && sent.hasTimestamps && s.tsEcr !== sent.tsVal) continue
    const took = s.at - sent.at
    if (took >= 0 && (least === null || took < least)) least = took
    waiting.delete(s.ack)
  }
  return least
}
