/**
 * Which segments their apparent sender's TCP did not send: forged by a third party, or brought again by the network.
 *
 * In: segments. Out: for each row whether it is foreign, and the earlier row it is a late copy of.
 * Evidence: Linux and others number the packets of a socket one after another (the IP identification of IPv4); a copy
 * has the same identification and time stamp as its original, a retransmission has new ones. RFC 9293 section 3.8.1
 * warns that the identification is no way to spot duplicates by itself: here it must agree with all other fields.
 */
import type { Segment } from '../flow/segment.js'

export interface Origin {
  /** 1: its apparent sender did not send it. */
  readonly foreign: Uint8Array
  /** The earlier row of which this is a copy made on the way, or -1. */
  readonly copyOf: Int32Array
}

/** How far a socket may have counted on between two captured packets: lost ones in between are counted too. */
export const STEPS = 256
/** At least so many steps must look like a counter before one that does not is held against a packet. */
const ENOUGH = 2

export function origins(segments: readonly Segment[], duplicateOf: Int32Array): Origin {
  const foreign = new Uint8Array(segments.length)
  const copyOf = copies(segments, duplicateOf)
  const rowsOf: readonly [number[], number[]] = [[], []]
  for (let row = 0; row < segments.length; row++) {
    if ((duplicateOf[row] as number) >= 0 || (copyOf[row] as number) >= 0) continue
    rowsOf[(segments[row] as Segment).from].push(row)
  }
  for (const rows of rowsOf) {
    outOfCount(segments, rows, foreign)
    oddDistance(segments, rows, foreign)
  }
  return { foreign, copyOf }
}

/** Same in everything, the identification (or at least the time stamp) included, some time later. */
function copies(segments: readonly Segment[], duplicateOf: Int32Array): Int32Array {
  const copyOf = new Int32Array(segments.length).fill(-1)
  /** By the first bits of what {@link mixed} makes of it: the last row that is no copy; of each such row the one before it. */
  const rest = Math.clz32(segments.length)
  const latest = new Int32Array(2 ** (32 - rest)).fill(-1)
  const before = new Int32Array(segments.length)
  for (let row = 0; row < segments.length; row++) {
    const s = segments[row] as Segment
    if ((duplicateOf[row] as number) >= 0 || s.ipId <= 0) continue
    // In a sum of products the first bits depend on all of every word, the last ones don't.
    const place = mixed(s) >>> rest
    const last = latest[place] as number
    let same = last
    while (same >= 0 && !isCopy(s, segments[same] as Segment)) same = before[same] as number
    if (same >= 0) {
      copyOf[row] = same
      continue
    }
    before[row] = last
    latest[place] = row
  }
  return copyOf
}

/**
 * A factor for each half of a word (Carter, Wegman 1979): whoever made the packets may have chosen numbers that collide,
 * and can't without knowing these. Nothing but the time it takes depends on them.
 */
const FACTORS = Int32Array.from({ length: 13 }, () => Math.random() * 0x1_0000_0000)

/** Of all that {@link isCopy} compares: what is left out could differ in every packet. */
function mixed({ ipId, seq, ack, len, tsVal, tsEcr, window, flags, from }: Segment): number {
  let hash = Math.imul(flags | (from << 15), FACTORS[0] as number)
  hash += Math.imul(ipId, FACTORS[1] as number) + Math.imul(window, FACTORS[2] as number)
  hash += mixedWord(seq, 3) + mixedWord(ack, 5) + mixedWord(len, 7)
  return (hash + mixedWord(tsVal, 9) + mixedWord(tsEcr, 11)) | 0
}

/** `at`: of the first of its two factors. */
const mixedWord = (word: number, at: number): number =>
  Math.imul(word & 0xffff, FACTORS[at] as number) + Math.imul(word >>> 16, FACTORS[at + 1] as number)

const isCopy = (a: Segment, b: Segment): boolean =>
  a.ipId === b.ipId &&
  a.from === b.from &&
  a.seq === b.seq &&
  a.ack === b.ack &&
  a.flags === b.flags &&
  a.len === b.len &&
  a.tsVal === b.tsVal &&
  a.tsEcr === b.tsEcr &&
  a.window === b.window

/** The second was numbered after the first, not far behind it. */
const counts = (a: Segment, b: Segment): boolean => {
  const steps = step(a, b)
  return steps >= 1 && steps <= STEPS
}

const step = (a: Segment, b: Segment): number => (b.ipId - a.ipId) & 0xffff

/** No network reorders by more packets than this. */
const REORDERED = 64

/** Their sender numbered `a` a little before `b`, whichever was captured first. */
export const countedBefore = (a: Segment, b: Segment): boolean =>
  a.ipId > 0 && b.ipId > 0 && step(a, b) >= 1 && step(a, b) <= REORDERED

/** A packet whose identification does not fit into its sender's count, while the next one goes on where the count was. */
function outOfCount(segments: readonly Segment[], rows: readonly number[], foreign: Uint8Array): void {
  // Packets that no socket counts (RST without a socket, SYN+ACK, ACK from TIME_WAIT on Linux) carry 0.
  const counted: number[] = []
  for (let k = 0; k < rows.length; k++) {
    const row = rows[k] as number
    if ((segments[row] as Segment).ipId > 0) counted.push(row)
  }
  const odd: number[] = []
  let fits = 0
  let breaks = 0
  if (counted.length === 0) return
  let last = segments[counted[0] as number] as Segment
  for (let k = 1; k < counted.length; k++) {
    const row = counted[k] as number
    const s = segments[row] as Segment
    if (counts(last, s)) {
      fits++
      last = s
    } else if (step(s, last) <= STEPS) {
      // A little behind: overtaken on the way to the capture point.
    } else if (k + 1 === counted.length || counts(last, segments[counted[k + 1] as number] as Segment)) {
      odd.push(row)
    } else {
      breaks++
      last = s
    }
  }
  // Too few to call it a count, or a host that counts otherwise: nothing is held against any of its packets.
  if (fits < ENOUGH || breaks > 0 || odd.length > fits) return
  for (const row of odd) foreign[row] = 1
  // What no socket counts carries neither text nor a FIN.
  for (const row of rows) {
    const s = segments[row] as Segment
    if (s.ipId === 0 && !s.syn && !s.rst && (s.len > 0 || s.fin)) foreign[row] = 1
  }
}

/** All have the same TTL. */
function areAlike(segments: readonly Segment[], rows: readonly number[]): boolean {
  for (let k = 1; k < rows.length; k++)
    if ((segments[rows[k] as number] as Segment).ttl !== (segments[rows[0] as number] as Segment).ttl)
      return false
  return true
}

/** A packet whose TTL differs from that of all the others of its sender came from elsewhere. */
function oddDistance(segments: readonly Segment[], rows: readonly number[], foreign: Uint8Array): void {
  if (areAlike(segments, rows)) return
  const counts = new Map<number, number>()
  for (const row of rows) {
    const { ttl } = segments[row] as Segment
    counts.set(ttl, (counts.get(ttl) ?? 0) + 1)
  }
  if (counts.size !== 2 || rows.length < ENOUGH + 2) return
  for (const [ttl, count] of counts) {
    if (count > 1) continue
    const row = rows.find((r) => (segments[r] as Segment).ttl === ttl)
    // A host may set another TTL for packets without a socket; its RST is judged by what follows instead.
    if (row !== undefined && !(segments[row] as Segment).rst) foreign[row] = 1
  }
}
