/**
 * A FIN that its sender never sends again was acknowledged, also where the capture lacks that ACK (it has one direction
 * only, or lost packets itself): whatever is not acknowledged is sent again when its timer runs out.
 *
 * In: a track and an end. Out: when the ACK of its FIN came, likeliest; null: it was captured, or nothing tells.
 * RFC 6298 section 5 (5.1: a timer runs while anything is out; 5.4 to 5.6: it sends again, and doubles).
 */
import { type End, other, type Segment } from '../flow/segment.js'
import { geq } from '../rfc9293/sequence.js'
import { finRow, type Track } from './track.js'

export interface FinTaken {
  /** Seconds as in `Segment.at`. */
  readonly at: number
  /** Behind the FIN. */
  readonly ack: number
}

export function finTaken(track: Track, end: End): FinTaken | null {
  const { segments } = track
  const { carriers } = track.outlines[end]
  const row = finRow(track, end)
  if (row < 0 || track.spoofed) return null
  const fin = segments[row] as Segment
  const over = segments.findIndex(
    (s, k) => k > row && (s.rst || (s.from !== end && s.ackBit && geq(s.ack, fin.end))),
  )
  const until = over < 0 ? track.captureEnd : (segments[over] as Segment).at
  // What is before it and not acknowledged is sent again in its place.
  const copies = carriers.filter((k) => k >= row && (over < 0 || k < over))
  // Who has sent it again and again may as well have given up.
  if (copies.length > FEW) return null
  const last = segments[copies[copies.length - 1] ?? row] as Segment
  const before = segments[copies[copies.length - 2] ?? row] as Segment
  const round = roundTripOf(track)
  const wait = Math.max(round === null ? UNKNOWN : AT_MOST + 4 * round, 3 * (last.at - before.at))
  if (until - last.at <= wait) return null
  const arrived = last.at + (round ?? 0)
  // Its peer still says that it has not come: then its sender is gone.
  const isMissing = segments.some(
    (s, k) => k > row && s.from === other(end) && s.ackBit && !s.rst && s.at > arrived + LATE && s.at < until,
  )
  return isMissing ? null : { at: arrived, ack: fin.end }
}

/** There and back, of the whole way; null when it is not known. */
function roundTripOf({ roundTrip: [client, server] }: Track): number | null {
  return client === null || server === null ? null : client + server
}

/** The FIN, and a tail loss probe or a first time-out: nobody gives up so soon. */
const FEW = 2
/** A time-out lasts at most so much longer than some round trips (its least is 0.2 s on Linux, 1 s in RFC 6298), in seconds. */
const AT_MOST = 1.2
/** The same where no round trip is known. */
const UNKNOWN = 3
/** How much later than usual a segment of the peer may come that left before the FIN came, in seconds. */
const LATE = 0.1
