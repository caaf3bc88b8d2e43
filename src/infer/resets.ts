/**
 * What became of each RST, and what each says about its sender.
 *
 * In: a track. Out: fates of the RSTs; and, on the segments that drew a RST from an end without a socket, `gone`.
 * RFC 9293 sections 3.5.2 and 3.5.3: a RST's form depends on what its sender had. A bare `<SEQ=SEG.ACK><CTL=RST>`
 * answers a segment that met no connection; `<SEQ=SND.NXT><ACK=RCV.NXT><CTL=RST,ACK>` is how Linux aborts one.
 */
import { type End, other, type Segment, sequenceLength } from '../flow/segment.js'
import { add, diff } from '../rfc9293/sequence.js'
import { isNear } from './acknowledgments.js'
import type { Fate } from './fate.js'
import { LEFT } from './hosts.js'
import { countedBefore } from './origin.js'
import { settle } from './sequence-space.js'
import { isGenuine, leastRoundTrip, type Track } from './track.js'

export function resetFates(track: Track, fates: readonly Fate[]): void {
  for (let row = 0; row < track.segments.length; row++) {
    const s = track.segments[row] as Segment
    if (!s.rst || (track.duplicateOf[row] as number) >= 0) continue
    ignoredOrTaken(track, row, fates)
    if (!s.ackBit && !isForged(track, row)) markGone(track, row, fates)
  }
}

/** Its receiver goes on as if nothing had happened: it never took the RST. */
function ignoredOrTaken(track: Track, row: number, fates: readonly Fate[]): void {
  const reset = track.segments[row] as Segment
  const fate = fates[row]
  if (fate === undefined) return
  const to = other(reset.from)
  const slack = leastRoundTrip(track, to)
  let answers = 0
  for (let j = next(track, to, row), looked = 0; j >= 0 && looked < LOOK_BACK; j = next(track, to, j)) {
    const s = track.segments[j] as Segment
    looked++
    if (s.at - reset.at <= slack) continue
    if (s.rst) break
    if (s.syn) {
      // The same attempt, or the same request, goes on; another one says that the old one is over.
      const before = track.segments.slice(Math.max(0, row - LOOK_BACK), row)
      const again = before.some((x) => x.from === to && x.syn && x.seq === s.seq)
      if (again) settle(fates, row, false, j)
      return
    }
    if (sequenceLength(s) > 0 || ++answers > 1) {
      // It can't have been taken. Exactly at RCV.NXT it must have been lost; elsewhere the machine knows what to do.
      if (isExact(track, row)) settle(fates, row, false, j)
      else fate.by = j
      return
    }
  }
  if (reset.ackBit && afterVainTries(track, row) && !isNear(track, to)) settle(fates, row, false, -1)
  else if (track.captureEnd - reset.at > SILENCE && answers === 0) fate.received = true
}

const next = (track: Track, end: End, row: number): number => track.nextOf[end][row] ?? -1

/** It carries the number that its receiver last asked for (section 3.5.3), or the receiver was not heard of. */
function isExact(track: Track, row: number): boolean {
  const reset = track.segments[row] as Segment
  for (let k = row - 1; k >= Math.max(0, row - LOOK_BACK); k--) {
    const s = track.segments[k] as Segment
    if (s.from !== reset.from && s.ackBit && isGenuine(track, k)) return s.ack === reset.seq
  }
  return true
}

/** How many rows to look back for what a RST may refer to. */
const LOOK_BACK = 256

/** Its sender gave up because nothing was answered: what killed the probes kills the RST as well. */
function afterVainTries(track: Track, row: number): boolean {
  const reset = track.segments[row] as Segment
  let k = row - 1
  for (; k >= 0; k--) {
    const s = track.segments[k] as Segment
    if (s.from !== reset.from) break
    if (s.rst || s.syn || s.fin || s.len > 1 || diff(reset.seq, s.seq) !== 1) break
  }
  return row - 1 - k >= 2 && (track.connection.beginsInMiddle || wasSentBefore(track, k, reset))
}

/** Its last byte was sent before the rows behind `row`: these ask for it again (section 3.8.4), and are not the first to carry it. */
function wasSentBefore(track: Track, row: number, reset: Segment): boolean {
  for (let k = row; k >= Math.max(0, row - LOOK_BACK); k--) {
    const s = track.segments[k] as Segment
    if (s.from === reset.from && s.end === reset.seq && sequenceLength(s) > 0) return true
  }
  return false
}

/** An end that is alive would be heard of within so many seconds after a RST it did not take, if it had anything to send. */
const SILENCE = 0.25

/** Its sender carries on with the same connection after it: somebody else made this RST, or it answered something old. */
export function isForged(track: Track, row: number): boolean {
  if (!isGenuine(track, row)) return true
  if (track.left?.[row] === LEFT) return false
  const reset = track.segments[row] as Segment
  let after = 0
  for (let j = next(track, reset.from, row), looked = 0; j >= 0 && looked < LOOK_BACK; looked++) {
    const s = track.segments[j] as Segment
    // What its sender numbered before it was overtaken by it, however late it comes.
    if (!s.rst && !countedBefore(s, reset)) {
      if (s.syn) return false
      // One segment close behind may have been overtaken by the RST on the way.
      if (++after > 1 || s.at - reset.at > OVERTAKEN) return true
    }
    j = next(track, reset.from, j)
  }
  return false
}

/** Networks that reorder do so within about this time, in seconds. */
const OVERTAKEN = 0.02

/** A RST without a socket comes at once: this long, in seconds, after the segment that drew it, beside the way there and back. */
const PROMPT = 0.03
/** The same where the way is not known. */
const PATIENT = 0.2

const patienceWith = (track: Track, end: End): number => {
  const round = track.roundTrip[end]
  return round === null || round === undefined ? PATIENT : 1.5 * round + PROMPT
}

/**
 * A bare RST that answers nothing which was captured. Linux aborts with RST+ACK, so its socket did not send it: some
 * device on the way did.
 */
export function isUnprompted(track: Track, row: number): boolean {
  const reset = track.segments[row] as Segment
  if (reset.ackBit || !track.stacks[reset.from].abortCarriesAck || track.unheard[other(reset.from)])
    return false
  if (track.left?.[row] === LEFT) return false
  const patience = patienceWith(track, reset.from)
  let heard = false
  for (let i = row - 1; i >= Math.max(0, row - LOOK_BACK); i--) {
    const s = track.segments[i] as Segment
    heard ||= s.from !== reset.from
    if (reset.at - s.at > patience) break
    if (s.from !== reset.from && s.ackBit && s.ack === reset.seq) return false
  }
  return heard
}

/**
 * A bare RST answers the segment whose ack number it carries: the end that sent it had no socket when that came. Each segment
 * draws one, in their order: an earlier RST that took this one's segment answers one further back. `before`: a row.
 */
function markGone(track: Track, row: number, fates: readonly Fate[], before = row): void {
  const reset = track.segments[row] as Segment
  const patience = patienceWith(track, reset.from)
  const least = leastRoundTrip(track, reset.from)
  for (let i = before - 1; i >= Math.max(0, row - LOOK_BACK); i--) {
    const s = track.segments[i] as Segment
    if (reset.at - s.at > patience) return
    if (s.from === reset.from || !s.ackBit || s.rst || s.ack !== reset.seq) continue
    // Too late to have drawn it, or taken by an end that was still there.
    if (reset.at - s.at < least || fates[i]?.received === true) continue
    if (unacceptableInHandshake(track, i, reset.from)) return
    const fate = fates[i]
    if (fate === undefined || (track.duplicateOf[i] as number) >= 0) continue
    const taken = fate.gone
    fate.gone = row
    fate.arrives = true
    fate.received = false
    fate.by = row
    fate.thrown = 'no-socket'
    if (taken >= 0) markGone(track, taken, fates, i)
    return
  }
}

/**
 * In LISTEN, SYN-SENT and SYN-RECEIVED an ACK of something never sent draws the same bare RST from an end that stays
 * (sections 3.10.7.2 to 3.10.7.4).
 */
function unacceptableInHandshake(track: Track, row: number, end: End): boolean {
  const isn = track.isn[end]
  if (isn === null) return false
  const s = track.segments[row] as Segment
  return row <= track.firstTextRow[end] && diff(s.ack, add(isn, 1)) !== 0
}
