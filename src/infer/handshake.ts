/**
 * When the server really became ESTABLISHED. A captured final ACK proves nothing: the server may never have got it,
 * or thrown it away (accept queue full, TCP_DEFER_ACCEPT). A SYN+ACK that comes again proves that it had not taken
 * one; anything else that only a synchronized end sends proves that it had.
 *
 * In: a track. Out: fates of the client's segments up to the server's proof.
 * RFC 9293 section 3.10.7.4 step 5 (SYN-RECEIVED).
 */
import { CLIENT, other, SERVER, type Segment, sequenceLength } from '../flow/segment.js'
import { add, gt, lt } from '../rfc9293/sequence.js'
import { isNear } from './acknowledgments.js'
import type { Fate, Thrown } from './fate.js'
import { settle } from './sequence-space.js'
import { isGenuine, leastRoundTrip, type Track } from './track.js'

export interface Handshake {
  /** Rows of the server's SYN+ACKs, in order; empty when none was captured. */
  readonly synAcks: readonly number[]
  /** First row that only a synchronized server sends, or -1. */
  readonly proof: number
}

export function readHandshake(track: Track): Handshake {
  const synAcks: number[] = []
  let proof = -1
  for (let row = 0; row < track.segments.length; row++) {
    const s = track.segments[row] as Segment
    if (s.from !== SERVER || !isGenuine(track, row)) continue
    if (s.syn) {
      // One with another number, after the proof, belongs to another SYN: an old duplicate, say.
      const first = synAcks[0]
      const same = first === undefined || (track.segments[first] as Segment).seq === s.seq
      if (s.ackBit && !s.rst && (same || proof < 0)) synAcks.push(row)
    } else if (proof < 0 && synAcks.length > 0 && provesEstablished(track, s)) {
      proof = row
    }
  }
  return { synAcks, proof }
}

/** A bare RST comes from no socket at all. A bare ACK of the SYN alone may be the ACK of a request that waits. */
function provesEstablished(track: Track, s: Segment): boolean {
  const isn = track.isn[CLIENT]
  if (s.rst) return s.ackBit && (s.hasOptions || s.window > 0)
  return sequenceLength(s) > 0 || (isn !== null && gt(s.ack, add(isn, 1)))
}

export function handshakeFates(track: Track, handshake: Handshake, fates: readonly Fate[]): void {
  const { segments } = track
  const { synAcks, proof } = handshake
  const firstRow = synAcks[0]
  const lastRow = synAcks[synAcks.length - 1]
  if (firstRow === undefined || lastRow === undefined) return
  if (isSimultaneous(track)) {
    simultaneousFates(track, fates)
    return
  }
  const slack = leastRoundTrip(track, SERVER)
  const last = segments[lastRow] as Segment
  const why = whyThrown(track, synAcks)
  const iss = track.isn[SERVER] ?? (segments[firstRow] as Segment).seq
  const refused = isNear(track, SERVER) ? lastRefusedData(track, lastRow, proof, fates) : -1
  /** An ACK came, or should have come, and was not taken. */
  let inVain = false
  for (let i = firstRow + 1; i < segments.length; i++) {
    const s = segments[i] as Segment
    if (s.from !== CLIENT || s.syn || s.rst || !s.ackBit || lt(s.ack, add(iss, 1))) continue
    if (proof >= 0 && i > proof) break
    const fate = fates[i] as Fate
    const again =
      i < lastRow ? synAcks.find((row) => row > i && (segments[row] as Segment).at - s.at > slack) : undefined
    if (i < refused) {
      // Data in order came to the server and was not taken: an ESTABLISHED server would have.
      settle(fates, i, false, refused)
      fate.thrown = why
      inVain = true
    } else if (again !== undefined) {
      // A later SYN+ACK left while the server should have had this segment.
      settle(fates, i, false, again)
      fate.thrown = why
      inVain = true
    } else if (proof < 0 && inVain && s.at > last.at - slack && fate.gone < 0) {
      // Every ACK so far came to nothing. A RST that answers a later segment proves the same of this one: the server
      // never had the connection. Else, while the next SYN+ACK is not due yet, it is the likeliest.
      const refusal = fates.find((f, k) => k > i && f.gone >= 0 && segments[k]?.from === CLIENT)
      if (refusal !== undefined) {
        settle(fates, i, false, refusal.gone)
      } else if (!settledByTime(track, synAcks)) {
        fate.arrives = false
        fate.received = null
      }
    }
  }
}

/**
 * In a simultaneous open (figure 7) whoever gets the other's SYN+ACK is ESTABLISHED and sends no SYN+ACK any more: one
 * that it sends later shows that it had not got it.
 */
function simultaneousFates(track: Track, fates: readonly Fate[]): void {
  const rows = track.segments
    .flatMap((s, row) => (s.syn && s.ackBit && !s.rst && isGenuine(track, row) ? [row] : []))
    .slice(0, MOST_SYN_ACKS)
  for (const row of rows) {
    const s = track.segments[row] as Segment
    const to = other(s.from)
    const way = track.roundTrip[to] === null ? UNKNOWN_WAY : leastRoundTrip(track, to)
    const again = rows.find((later) => {
      const x = track.segments[later] as Segment
      return later > row && x.from === to && x.at - s.at > way
    })
    if (again !== undefined) settle(fates, row, false, again)
  }
}

/** Of both ends, as often as any host sends them again. */
const MOST_SYN_ACKS = 512

/** No way there and back takes longer, in seconds, as far as is known where nothing measured it. */
const UNKNOWN_WAY = 0.5

/** Row of the last data segment that the server, right beside the capture, had and did not take before its proof; or -1. */
function lastRefusedData(track: Track, from: number, proof: number, fates: readonly Fate[]): number {
  for (let k = (proof < 0 ? track.segments.length : proof) - 1; k > from; k--) {
    const s = track.segments[k] as Segment
    if (s.from === CLIENT && s.len > 0 && fates[k]?.received === false && fates[k]?.gone === -1) return k
  }
  return -1
}

/**
 * Why the server did not take an ACK that it had. TCP_DEFER_ACCEPT skips the first resends of the SYN+ACK (one comes
 * after some 7 s); a full accept queue sends them all, from 1 s on. Away from the server the ACK may as well be lost.
 */
function whyThrown(track: Track, synAcks: readonly number[]): Thrown | null {
  const [first, second] = synAcks.map((row) => track.segments[row])
  if (first !== undefined && second !== undefined && second.at - first.at > DEFERRED) return 'deferred-accept'
  return isNear(track, SERVER) ? 'accept-queue-full' : null
}

/** The first SYN+ACK again comes after 1 s, at the latest after 3 s when one was lost; in seconds. */
const DEFERRED = 4

/** Both ends sent a SYN without ACK: neither is in the accept queue of the other. */
export const isSimultaneous = ({ segments }: Track): boolean =>
  segments.some((s) => s.from === SERVER && s.syn && !s.ackBit && !s.rst) &&
  segments.some((s) => s.from === CLIENT && s.syn && !s.ackBit && !s.rst)

/** The next SYN+ACK was due within the capture and did not come, though the budget allows it: the ACK was taken. */
function settledByTime(track: Track, synAcks: readonly number[]): boolean {
  const first = track.segments[synAcks[0] as number] as Segment
  const resent = synAcks.length - 1
  if (resent >= track.stacks[SERVER].synAckRetries) return false
  const due = first.at + track.stacks[SERVER].initialRto * (2 ** (resent + 1) - 1)
  return track.captureEnd > due + DUE_SLACK * 2 ** resent
}

/** Linux' timers run late by up to about a tenth and bunch; in seconds, doubled with each resend. */
const DUE_SLACK = 0.3
