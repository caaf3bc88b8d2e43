/**
 * Attempts to connect whose application did not wait for the end: close() in SYN_SENT sends nothing (RFC 9293 section 3.10.4),
 * but the SYN does not come again when it is due.
 *
 * In: the SYNs of an attempt that nobody answered, oldest first, and when the capture ends. Out: when it was given up, as far
 * as anybody knows: in the middle between the last SYN and the next; null: it may still be under way. Times in seconds as in
 * `Segment.at`.
 */
import type { Segment } from '../flow/segment.js'

type Sent = Pick<Segment, 'at'>

export function abandonedAt(syns: readonly Sent[], nextWait: number, captureEnd: number): number | null {
  const last = syns[syns.length - 1]
  if (last === undefined) return null
  // Each host has waits of its own: what it showed counts for as much as what is usual.
  const shown = last.at - (syns[syns.length - 2] ?? last).at
  const wait = Math.max(nextWait, shown)
  return captureEnd > last.at + LATE * wait + SLACK ? last.at + nextWait / 2 : null
}

/** Waits double at most (RFC 6298 section 5.5); a tenth is left for timers that are late. */
const LATE = 2.2
/** Beside that, in seconds. */
const SLACK = 0.5
