/**
 * Captures that were taken at one time, as on both hosts: what they have of a conversation is read one capture after the
 * other, and belongs in order of time.
 *
 * In: the segments of a conversation as they were read. Out: the same in order of time, in place. Within a capture the order
 * of the file stays, whatever its clock did; captures that follow one another stay as they are.
 */
import type { Segment } from './segment.js'

export function putInTime(segments: Segment[]): void {
  if (isInTime(segments)) return
  let all: readonly Segment[] = []
  for (const own of byCapture(segments).values()) all = merged(all, own)
  for (let row = 0; row < all.length; row++) segments[row] = all[row] as Segment
}

/** What each capture has of them, in the order in which captures first come. */
export function byCapture(segments: readonly Segment[]): ReadonlyMap<number, readonly Segment[]> {
  const captures = new Map<number, Segment[]>()
  for (const segment of segments) {
    const own = captures.get(segment.capture)
    if (own === undefined) captures.set(segment.capture, [segment])
    else own.push(segment)
  }
  return captures
}

/** No capture has anything that is older than what was read before of another. */
function isInTime(segments: readonly Segment[]): boolean {
  for (let row = 1; row < segments.length; row++) {
    const before = segments[row - 1] as Segment
    const s = segments[row] as Segment
    if (s.capture !== before.capture && s.at < before.at) return false
  }
  return true
}

function merged(a: readonly Segment[], b: readonly Segment[]): readonly Segment[] {
  const all: Segment[] = []
  let next = 0
  for (const segment of a) {
    for (let other = b[next]; other !== undefined && other.at < segment.at; other = b[++next]) all.push(other)
    all.push(segment)
  }
  for (; next < b.length; next++) all.push(b[next] as Segment)
  return all
}
