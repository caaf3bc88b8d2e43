/**
 * A capture that begins in the middle may begin with keep-alives: an idle connection shows nothing else. Such a probe has
 * the number before the one that comes next (RFC 9293 section 3.8.4: SEG.SEQ = SND.NXT-1); whoever takes it for an ACK takes
 * the answer to it for the ACK of a byte, or a FIN, that nobody captured.
 *
 * In: the segments of a connection. Out: for each end its first segment, if that is a keep-alive.
 */
import { CLIENT, type End, SERVER, type Segment, sequenceLength } from '../flow/segment.js'
import { add, geq } from '../rfc9293/sequence.js'

export interface FirstProbe {
  readonly row: number
  /** SND.NXT of its sender. */
  readonly next: number
}

export type FirstProbes = readonly [FirstProbe | null, FirstProbe | null]

export const NO_PROBES: FirstProbes = [null, null]

/** How far to look ahead for its answer, in rows. */
const AHEAD = 64

export const firstProbes = (segments: readonly Segment[]): FirstProbes => [
  firstProbe(segments, CLIENT),
  firstProbe(segments, SERVER),
]

/** The other end says that it has the byte of that number, and nobody has sent it. */
function firstProbe(segments: readonly Segment[], end: End): FirstProbe | null {
  const row = segments.findIndex((s) => s.from === end)
  const probe = segments[row]
  if (probe === undefined || !probe.ackBit || probe.rst || sequenceLength(probe) > 0) return null
  const next = add(probe.seq, 1)
  for (const s of segments.slice(row + 1, row + AHEAD)) {
    if (s.rst) return null
    if (s.from === end) {
      // Text or a FIN of that number; or it goes on behind it, and nothing was asked.
      if (s.seq !== probe.seq || sequenceLength(s) > 0) return null
    } else if (s.ackBit && geq(s.ack, next)) return s.ack === next ? { row, next } : null
  }
  return null
}
