/**
 * Whether an end has asked again and again since its peer was last heard of, up to the end of the capture.
 *
 * In: a track and an end. Out: yes when it tried as often as hosts do not try for nothing (RFC 9293 sections 3.8.3,
 * 3.8.4, 3.8.6.1): three copies of the same bytes, or two probes. The finding `dead-peer` counts alike.
 */
import { type End, sequenceLength } from '../flow/segment.js'
import { leq } from '../rfc9293/sequence.js'
import { unansweredProbes } from './timers.js'
import type { Timeline } from './track.js'

/** Fewer may still be answered. */
const COPIES = 3
const PROBES = 2

export function triesInVain(track: Timeline, end: End): boolean {
  const real = track.segments.filter((_, row) => (track.duplicateOf[row] as number) < 0)
  const heard = real.findLastIndex(({ from }) => from !== end)
  if (heard < 0) return false
  const sent = real.slice(heard + 1).filter((s) => !s.rst && !s.syn && sequenceLength(s) > 0)
  const [first] = sent
  if (first !== undefined && sent.filter(({ seq }) => leq(seq, first.seq)).length >= COPIES) return true
  return unansweredProbes(track, end).length >= PROBES
}
