/**
 * How far each end is from the capture point: the shortest time between a segment on its way to an end and the
 * answer that proves the end had it.
 *
 * In: segments. Out: for each end seconds there and back, null when nothing answers.
 */
import { CLIENT, other, SERVER, type Segment } from '../flow/segment.js'
import { diff } from '../rfc9293/sequence.js'

export function roundTrips(
  segments: readonly Segment[],
  duplicateOf: Int32Array,
): [number | null, number | null] {
  const ways = [new Way(), new Way()] as const
  for (let row = 0; row < segments.length; row++) {
    if ((duplicateOf[row] as number) >= 0) continue
    const s = segments[row] as Segment
    ways[other(s.from)].sent(s)
    ways[s.from].answered(s)
  }
  return [ways[CLIENT].least, ways[SERVER].least]
}

/** Between the capture point and one end. */
class Way {
  /** The shortest time there and back so far, in seconds. */
  least: number | null = null
  /** Where each sequence number that waits for its ACK was last sent; null where that cannot be told from a copy (Karn). */
  readonly #waiting = new Map<number, Segment | null>()
  #acked: number | null = null

  /** The other end sent it. */
  sent(s: Segment): void {
    if (s.end === s.seq || s.rst) return
    const before = this.#waiting.get(s.end)
    // The echo tells which of two was acknowledged, but not of a segment and its copy that the network made.
    const isTold = before === undefined || (before !== null && s.hasTimestamps && s.tsVal !== before.tsVal)
    this.#waiting.set(s.end, isTold ? s : null)
  }

  /** This end sent it. */
  answered(s: Segment): void {
    if (!s.ackBit) return
    if (this.#acked !== null && diff(s.ack, this.#acked) <= 0) return
    this.#acked = s.ack
    const sent = this.#waiting.get(s.ack)
    if (this.#waiting.size > 4096) this.#waiting.clear()
    if (sent === undefined || sent === null) return
    if (s.hasTimestamps && sent.hasTimestamps && s.tsEcr !== sent.tsVal) return
    const took = s.at - sent.at
    if (took >= 0 && (this.least === null || took < this.least)) this.least = took
    this.#waiting.delete(s.ack)
  }
}
