/**
 * Which segments that carry something (data, SYN, FIN) arrived: their receiver's ack numbers, SACK blocks and echoed
 * timestamps tell exactly what it had when it sent them.
 *
 * In: a track and one receiving end. Out: fates of the segments on their way to it.
 * RFC 9293 section 3.4 (acknowledgments are cumulative), RFC 2018 (SACK), RFC 2883 (D-SACK), RFC 7323 section 4.3
 * (which timestamp is echoed).
 */
import { CLIENT, type End, SERVER, type Segment, sequenceLength } from '../flow/segment.js'
import { diff, geq, gt, leq, lt } from '../rfc9293/sequence.js'
import type { Fate } from './fate.js'
import { finTaken } from './fin-taken.js'
import { NEVER_CAME } from './hosts.js'
import { covered, InFlight, lastNeeded, REMEMBERED, type Waiting } from './in-flight.js'
import { AHEAD, mayBeTold, type Sight, sightOf } from './sight.js'
import { isSuperseded } from './superseded.js'
import { isGenuine, leastRoundTrip, type Track } from './track.js'

/** A receiver acknowledges at the latest after this many seconds (RFC 9293 section 3.8.6.3 allows 0.5). */
const DELAYED_ACK = 0.5

export function sequenceSpaceFates(track: Track, to: End, fates: readonly Fate[]): void {
  const { segments, duplicateOf } = track
  const slack = leastRoundTrip(track, to)
  const waiting = new InFlight()
  /** Sent when the receiver had already acknowledged all of it. */
  const late: Waiting[] = []
  /** Sent again, when a copy of it had come but its ACK had not. */
  let spare: readonly Waiting[] = []
  let acked: number | null = null
  let highest: number | null = null
  for (let j = 0; j < segments.length; j++) {
    if ((duplicateOf[j] as number) >= 0) continue
    const s = segments[j] as Segment
    if (s.from !== to) {
      if (sequenceLength(s) === 0 || s.rst || track.foreign[j] === 1) continue
      const again = highest !== null && lt(s.seq, highest)
      // Had it come, it would have been taken up.
      if (s.syn && isSuperseded(track, j)) {
        settle(fates, j, false, track.isnRow[s.from])
        continue
      }
      if (highest === null || gt(s.end, highest)) highest = s.end
      const entry = { row: j, segment: s, again }
      if (acked === null || !leq(s.end, acked)) waiting.add(entry)
      else if (late.push(entry) > REMEMBERED) late.shift()
      continue
    }
    if (!s.ackBit || !isGenuine(track, j)) continue
    duplicateReported(late, spare, waiting, s, j, acked, fates)
    lateAnswered(track, late, s, j, slack, fates)
    if (acked === null || gt(s.ack, acked) || s.sack.length > 0) {
      const left = take(track, waiting, s, j, slack, fates)
      if (left.length > 0) spare = [...spare, ...left].slice(-SPARE)
      if (acked === null || gt(s.ack, acked)) acked = s.ack
    }
  }
  const rest = waiting.rest()
  if (rest.length === 0) return
  const left = behindReset(track, to, rest, slack, fates)
  if (left.length === 0) return
  const beyond = sightOf(track, to)
  const isFinTaken = once(() => finTaken(track, to === CLIENT ? SERVER : CLIENT) !== null)
  for (const entry of left) silence(track, entry, slack, fates, beyond, isFinTaken)
}

/** Asked of every FIN that nobody acknowledged, and the same for all of them: it takes a look at every row. */
const once = (ask: () => boolean): (() => boolean) => {
  let answer: boolean | null = null
  return () => {
    answer ??= ask()
    return answer
  }
}

/**
 * A bare RST answers a segment and has the number that this one asks for (RFC 9293 section 3.5.3). Where that is the last
 * that is heard of its receiver, it took the RST, and what had been sent behind that number had not come: else it
 * would have said so, and drawn another RST. Settles that, and gives back the rest.
 */
function behindReset(
  track: Track,
  to: End,
  rest: readonly Waiting[],
  slack: number,
  fates: readonly Fate[],
): readonly Waiting[] {
  const row = track.segments.length - 1
  const reset = track.segments[row] as Segment
  if (!reset.rst || reset.ackBit || reset.from === to) return rest
  const asked = track.segments.findLast((s, k) => s.from === to && isGenuine(track, k))
  if (asked === undefined || !asked.ackBit || asked.ack !== reset.seq) return rest
  const told = track.captureEnd > reset.at + DELAYED_ACK + SILENT
  return rest.filter((entry) => {
    const { at, seq, len } = entry.segment
    // Text would have been acknowledged. A FIN need not be: Linux takes a RST of the number of the FIN, too.
    const missed = asked.at - at >= slack || (told && len > 0)
    if (!missed || lt(seq, reset.seq)) return true
    const fate = fates[entry.row] as Fate
    if (told) settle(fates, entry.row, false, row)
    else if (fate.received === null) fate.arrives = false
    return false
  })
}

/** So many spare copies are kept in mind: their D-SACK comes within a round trip. */
const SPARE = 64

/** Settles what the receiver's segment `s` at row `j` covers, and gives back the copies of which it says nothing. */
function take(
  track: Track,
  waiting: InFlight,
  s: Segment,
  j: number,
  slack: number,
  fates: readonly Fate[],
): readonly Waiting[] {
  const { fresh, repeats } = waiting.take(s)
  if (repeats.length === 0) {
    for (const { row } of fresh) settle(fates, row, true, j)
    return NONE
  }
  const now = [...fresh, ...repeats].sort((a, b) => a.row - b.row)
  for (const entry of now) {
    // What was sent once overlaps nothing else that was sent once.
    const others = entry.again ? now : repeats
    if (!others.some((c) => c !== entry && overlaps(c.segment, entry.segment))) {
      settle(fates, entry.row, true, j)
      continue
    }
    const among = entry.again ? now : [entry, ...repeats]
    const copies = among.filter((c) => c === entry || overlaps(c.segment, entry.segment))
    if (copies[0] === entry) chooseCopy(track, copies, s, j, slack, fates)
  }
  return now.filter(({ row }) => fates[row]?.received === null)
}

const NONE: readonly never[] = []

/** Both hold the last byte of one of them. */
const overlaps = (a: Segment, b: Segment): boolean =>
  a.end === b.end || (lt(a.seq, b.end) && lt(b.end, a.end)) || (lt(b.seq, a.end) && lt(a.end, b.end))

/** Several copies of the same bytes were under way when row `j` acknowledged them: which one was it? */
function chooseCopy(
  track: Track,
  all: readonly Waiting[],
  s: Segment,
  j: number,
  slack: number,
  fates: readonly Fate[],
): void {
  // What the network copied comes twice, as far as anybody knows; but a listener that drops a SYN drops its copy.
  const isCopy = ({ row, segment }: Waiting) => (track.copyOf[row] as number) >= 0 && !segment.syn
  for (const c of all) if (isCopy(c)) settle(fates, c.row, true, j)
  // A SYN+ACK answers a SYN (section 3.10.7.3 fourth): whoever has the peer's SYN+ACK sends an ACK.
  const answers = (c: Waiting) => !(s.syn && c.segment.syn && c.segment.ackBit)
  const copies = all.filter((c) => !isCopy(c) && answers(c))
  const inTime = copies.filter((c) => s.at - c.segment.at >= slack)
  const came = inTime.filter((c) => track.came?.[c.row] !== NEVER_CAME)
  const candidates = came.length > 0 ? came : inTime.length > 0 ? inTime : copies.slice(0, 1)
  const echoed = s.hasTimestamps ? candidates.find((c) => c.segment.tsVal === s.tsEcr) : undefined
  const [first] = s.sack
  const twice =
    candidates.length > 1 &&
    first !== undefined &&
    reportsDuplicate(s, s.ack) &&
    candidates.some((c) => geq(c.segment.seq, first[0]) && leq(c.segment.end, first[1]))
  const chosen = twice ? candidates[0] : (echoed ?? candidates[candidates.length - 1])
  if (chosen === undefined) return
  const at = copies.indexOf(chosen)
  copies.forEach((copy, k) => {
    if (k < at) settle(fates, copy.row, false, j)
    else if (k === at) settle(fates, copy.row, true, j)
    else if (twice && candidates.includes(copy)) settle(fates, copy.row, true, j)
  })
}

/** The first SACK block lies below the ACK, or inside the second block (RFC 2883 section 4). */
function reportsDuplicate(s: Segment, acked: number): boolean {
  const [first, second] = s.sack
  if (first === undefined) return false
  if (leq(first[1], acked)) return true
  return second !== undefined && geq(first[0], second[0]) && leq(first[1], second[1])
}

/** A D-SACK names bytes that came a second time: every copy of them that is still in doubt arrived. */
function duplicateReported(
  late: Waiting[],
  spare: readonly Waiting[],
  waiting: InFlight,
  s: Segment,
  j: number,
  acked: number | null,
  fates: readonly Fate[],
): void {
  const first = s.sack[0]
  if (first === undefined || acked === null || !reportsDuplicate(s, s.ack)) return
  const [left, right] = first
  const named = (c: Waiting) =>
    geq(c.segment.seq, left) && leq(c.segment.end, right) && fates[c.row]?.received === null
  const doubtful = waiting.latest(named) ?? late.findLast(named) ?? spare.findLast(named)
  if (doubtful === undefined) return
  settle(fates, doubtful.row, true, j)
  const at = late.indexOf(doubtful)
  if (at >= 0) late.splice(at, 1)
}

/** An old segment draws an ACK at once (section 3.10.7.4 step 1): no ACK, no arrival. */
const AT_ONCE = 0.06

function lateAnswered(
  track: Track,
  late: Waiting[],
  s: Segment,
  j: number,
  slack: number,
  fates: readonly Fate[],
): void {
  while (late.length > 0) {
    const entry = late[0] as Waiting
    const waited = s.at - entry.segment.at
    if (waited < slack) return
    late.shift()
    if (fates[entry.row]?.received !== null) continue
    const round = track.roundTrip[s.from] ?? 0
    if (s.len === 0 && !s.syn && !s.fin && waited <= round + AT_ONCE) settle(fates, entry.row, true, j)
    else if (waited > 2 * round + DELAYED_ACK) settle(fates, entry.row, false, j)
  }
}

/** Never acknowledged. It arrived nowhere if its receiver had time to say so, or its sender had to send it again. */
function silence(
  track: Track,
  entry: Waiting,
  slack: number,
  fates: readonly Fate[],
  beyond: Sight,
  isFinTaken: () => boolean,
): void {
  const fate = fates[entry.row]
  // Behind a spoofed address there is no TCP that could take or miss anything.
  if (fate === undefined || fate.received !== null || track.spoofed) return
  const { segments } = track
  const enough =
    entry.segment.at + Math.max(2 * slack, track.roundTrip[entry.segment.from] ?? 0) + DELAYED_ACK
  const overdue = dueBehind(track, entry, fates)
  const until = mayBeTold(track, entry.row, beyond) ? Math.min(segments.length, entry.row + AHEAD) : 0
  for (let j = entry.row + 1; j < until; j++) {
    const s = segments[j] as Segment
    if (s.rst) continue
    if (!isGenuine(track, j)) continue
    const sentAgain = s.from === entry.segment.from && sequenceLength(s) > 0 && overlaps(s, entry.segment)
    // Every segment carries RCV.NXT: no delayed ACK to wait for. Behind a gap it says nothing, unless SACK would.
    const inOrder = leq(entry.segment.seq, s.ack)
    const heldBack =
      s.from !== entry.segment.from &&
      s.ackBit &&
      s.at > Math.min(entry.segment.at + 1.3 * slack + JITTER, overdue) &&
      diff(s.ack, lastNeeded(entry.segment)) < 0 &&
      (inOrder || track.sack) &&
      !covered(entry.segment, s)
    if (sentAgain || heldBack) {
      settle(fates, entry.row, false, j)
      return
    }
  }
  // Its sender never missed the ACK: it only was not captured.
  if (entry.segment.fin && isFinTaken()) return
  const deaf = track.unheard[entry.segment.from === CLIENT ? SERVER : CLIENT]
  if (track.captureEnd > enough + SILENT && !deaf && !((beyond.resetAt[entry.row + 1] as number) < enough)) {
    settle(fates, entry.row, false, -1)
    return
  }
  // Nothing tells; but where every copy before it was lost, so is this one, likeliest.
  let lost = 0
  for (let k = Math.max(0, entry.row - COPIES_BACK); k < entry.row; k++) {
    const s = segments[k] as Segment
    if (s.from === entry.segment.from && fates[k]?.received === false && overlaps(s, entry.segment)) lost++
  }
  if (lost >= 2) fate.arrives = false
}

/** How much later than usual a segment may come, in seconds. */
const JITTER = 0.02

/**
 * When its receiver should have it, as it shows at the capture point: packets that left one after the other come one after
 * the other, so this one comes as long behind the one before it as it was sent. Infinity: that one did not come, as far as is known.
 */
function dueBehind(track: Track, { row, segment }: Waiting, fates: readonly Fate[]): number {
  for (let k = row - 1; k >= 0 && k > row - COPIES_BACK; k--) {
    const before = track.segments[k] as Segment
    if (before.from !== segment.from || !isGenuine(track, k)) continue
    const { received, by } = fates[k] as Fate
    const proof = received === true ? track.segments[by] : undefined
    return proof === undefined ? Number.POSITIVE_INFINITY : proof.at + (segment.at - before.at) + BEHIND
  }
  return Number.POSITIVE_INFINITY
}

/** How much farther behind the packet before it one may come than it was sent, in seconds. */
const BEHIND = 0.01

/** So long, in seconds, must the capture go on for silence to mean something. */
const SILENT = 0.5
/** How far back to look for copies, in rows. */
const COPIES_BACK = 64

export function settle(fates: readonly Fate[], row: number, received: boolean, by: number): void {
  const fate = fates[row]
  if (fate === undefined) return
  fate.received = received
  fate.arrives = received
  fate.by = by
}
