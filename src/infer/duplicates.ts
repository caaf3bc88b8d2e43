/**
 * A packet captured twice (two interfaces, `-i any`, a mirror port that sees both directions of a router) is no
 * retransmission: the sender sent it once.
 *
 * In: segments. Out: for each row the earlier row it repeats, or -1. Two captures of one packet agree in all that a
 * router leaves alone, the IP identification and the time stamp included, and lie close together; they differ in the
 * interface, the TTL or the VLAN. Captures of both hosts that are read together have each packet as far apart as it was
 * under way, with many others in between. A copy that the network made is the same packet twice on one interface: it does
 * arrive twice, and is not reported here.
 */
import type { Segment } from '../flow/segment.js'

/** Two captures of one packet lie at most this far apart, in seconds. */
const APART = 0.05
/** Without a difference in interface or TTL, only what a mirror port repeats at once counts, in seconds. */
const AT_ONCE = 0.000_02
/** How far to look back, in rows. */
const BACK = 16

/** In another capture, as from the other host: the way there, and what two clocks differ, in seconds. */
export const FAR_APART = 1

export function captureDuplicates(segments: readonly Segment[]): Int32Array {
  const duplicateOf = new Int32Array(segments.length).fill(-1)
  latest.fill(-1)
  for (let i = 0; i < segments.length; i++) {
    const s = segments[i] as Segment
    if (!mayRepeat(s, i)) continue
    for (let k = i - 1; k >= 0 && k >= i - BACK; k--) {
      const earlier = segments[k] as Segment
      if (s.at - earlier.at > APART) break
      if (samePacket(s, earlier)) {
        duplicateOf[i] = duplicateOf[k] === -1 ? k : (duplicateOf[k] as number)
        break
      }
    }
  }
  if (!isOneCapture(segments)) acrossCaptures(segments, duplicateOf)
  return duplicateOf
}

export function isOneCapture(segments: readonly Segment[]): boolean {
  const first = segments[0]?.capture
  for (let row = 1; row < segments.length; row++) if (segments[row]?.capture !== first) return false
  return true
}

/**
 * Packets with an identification or a time stamp of their own are known again however many others lie between; RSTs of no
 * socket, which have neither, by their order.
 */
function acrossCaptures(segments: readonly Segment[], duplicateOf: Int32Array): void {
  const resets = new ResetsWithoutNumber(segments)
  /** By number and identification the latest row; for each row the one before it with the same. */
  const latest = new Map<number, number>()
  const before = new Int32Array(segments.length).fill(-1)
  for (let i = 0; i < segments.length; i++) {
    const s = segments[i] as Segment
    if (s.ipId <= 0 && !s.hasTimestamps) {
      if (s.rst && duplicateOf[i] === -1) duplicateOf[i] = resets.firstOf(i)
      continue
    }
    const key = s.seq * 0x1_0000 + Math.max(s.ipId, 0)
    const known = latest.get(key) ?? -1
    before[i] = known
    latest.set(key, i)
    if (duplicateOf[i] !== -1) continue
    for (let k = known; k >= 0; k = before[k] as number) {
      const earlier = segments[k] as Segment
      if (s.at - earlier.at > FAR_APART) break
      if (earlier.capture === s.capture || !samePacket(s, earlier)) continue
      duplicateOf[i] = duplicateOf[k] === -1 ? k : (duplicateOf[k] as number)
      break
    }
  }
}

/** So many RSTs with one number may be under way that none of their copies was captured yet. */
const UNDER_WAY = 64

/** RSTs without identification and time stamp, which a host sends one for each segment that finds no socket. */
class ResetsWithoutNumber {
  /** By sequence number the rows that wait for their copies, in order. */
  readonly #waiting = new Map<number, number[]>()

  constructor(private readonly segments: readonly Segment[]) {}

  /** The row of another capture that this one repeats; -1: it is the first. */
  firstOf(row: number): number {
    const s = this.segments[row] as Segment
    const rows = (this.#waiting.get(s.seq) ?? []).filter(
      (each) => s.at - (this.segments[each] as Segment).at <= FAR_APART,
    )
    const place = rows.findIndex((each) => {
      const earlier = this.segments[each] as Segment
      return earlier.capture !== s.capture && samePacket(s, earlier)
    })
    const [first = -1] = place < 0 ? [] : rows.splice(place, 1)
    if (first < 0) rows.push(row)
    this.#waiting.set(s.seq, rows.slice(-UNDER_WAY))
    return first
  }
}

/** By some bits of its numbers the last row that has them. */
const latest = new Int32Array(256)

/** One of the rows before may have its numbers: most rows need no closer look. */
function mayRepeat({ ipId, seq }: Segment, row: number): boolean {
  const place = (ipId ^ (ipId >> 8) ^ seq ^ (seq >>> 9)) & 255
  const before = latest[place] as number
  latest[place] = row
  return before >= 0 && before >= row - BACK
}

function samePacket(a: Segment, b: Segment): boolean {
  if (
    a.from !== b.from ||
    a.seq !== b.seq ||
    a.ack !== b.ack ||
    a.flags !== b.flags ||
    a.len !== b.len ||
    a.window !== b.window ||
    a.ipId !== b.ipId ||
    a.tsVal !== b.tsVal ||
    a.tsEcr !== b.tsEcr
  ) {
    return false
  }
  const elsewhere = a.iface !== b.iface || a.capture !== b.capture || a.ttl !== b.ttl
  const direction = (a.captureFlags & 3) !== (b.captureFlags & 3)
  return elsewhere || direction || (a.ipId > 0 && Math.abs(a.at - b.at) < AT_ONCE)
}
