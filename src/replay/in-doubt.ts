/**
 * From which packet on an end that is heard no more may be gone.
 *
 * In: a track with its fates, an end. Out: a row. A host that is alive answers what takes sequence space (RFC 9293 sections
 * 3.8.3 and 3.8.6.3): where it does not until the capture ends, the packets are the same whether what was sent to it was
 * lost, its answers were, or the host went down. It is taken to stay as it was, but that is the likeliest and no more.
 */
import type { End, Segment } from '../flow/segment.js'
import type { Fate } from '../infer/fate.js'
import { NEVER_CAME } from '../infer/hosts.js'
import { isGenuine, type Track } from '../infer/track.js'

/** The first row in vain since the end was heard of last; -1: there is none. */
export function inDoubtFrom(track: Track, fates: readonly Fate[], end: End): number {
  let first = -1
  for (let row = track.segments.length - 1; row >= 0; row--) {
    const { received, arrives, thrown } = fates[row] as Fate
    const s = track.segments[row] as Segment
    if (received === true && s.from !== end) break
    if (!isGenuine(track, row)) continue
    if (s.from === end) break
    // Its own capture shows that it did not come: that host was there.
    if (!arrives && thrown === null && track.came?.[row] !== NEVER_CAME) first = row
  }
  return first
}
