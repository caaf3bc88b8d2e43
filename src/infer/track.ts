/**
 * One connection made ready for inference: its segments with what follows from all of them together.
 *
 * In: a connection. Out: a {@link Track}. Row numbers are indices into `segments`, in capture order.
 */
import type { Connection } from '../flow/incarnations.js'
import { CLIENT, type End, SERVER, type Segment } from '../flow/segment.js'
import type { StackProfile } from '../rfc9293/stack.js'
import { captureDuplicates } from './duplicates.js'
import { roundTrips } from './round-trips.js'

export interface Track {
  readonly connection: Connection
  readonly segments: readonly Segment[]
  /** For each row: the earlier row it is a second capture of, or -1. */
  readonly duplicateOf: Int32Array
  /** Initial sequence number of each end, where its SYN was captured. */
  readonly isn: readonly [number | null, number | null]
  /** How many bits each end's window is shifted (RFC 7323 section 2.3); 0 unless both SYNs offer it. */
  readonly scale: readonly [number, number]
  /** Seconds from the capture point to each end and back, at least; null when nothing shows it. */
  readonly roundTrip: readonly [number | null, number | null]
  /** Both SYNs (or any segment, mid-stream) carry the option. */
  readonly timestamps: boolean
  readonly sack: boolean
  /** Seconds, as in `Segment.at`, of the last packet of the capture: silence up to here is evidence. */
  readonly captureEnd: number
  readonly stacks: readonly [StackProfile, StackProfile]
  /** An end that took up this connection with something left from the one before it on the same 4-tuple. */
  readonly syncookies: number | null
}

export function toTrack(
  connection: Connection,
  captureEnd: number,
  stacks: readonly [StackProfile, StackProfile],
  syncookies: number | null,
): Track {
  const { segments } = connection
  const duplicateOf = captureDuplicates(segments)
  const syn = [firstSyn(segments, CLIENT), firstSyn(segments, SERVER)] as const
  const scaled =
    syn[CLIENT] !== undefined && syn[SERVER] !== undefined && syn.every((s) => (s?.windowScale ?? -1) >= 0)
  return {
    connection,
    segments,
    duplicateOf,
    isn: [syn[CLIENT]?.seq ?? null, syn[SERVER]?.seq ?? null],
    scale: scaled
      ? [Math.min(syn[CLIENT]?.windowScale ?? 0, 14), Math.min(syn[SERVER]?.windowScale ?? 0, 14)]
      : [0, 0],
    roundTrip: roundTrips(segments, duplicateOf),
    timestamps: segments.some((s) => s.hasTimestamps && s.ackBit && s.tsEcr !== 0),
    sack:
      syn.every((s) => s === undefined || s.sackPermitted) &&
      segments.some((s) => s.sackPermitted || s.sack.length > 0),
    captureEnd,
    stacks,
    syncookies,
  }
}

const firstSyn = (segments: readonly Segment[], from: End): Segment | undefined =>
  segments.find((s) => s.from === from && s.syn && !s.rst)

/** The window a segment advertises, in bytes: a SYN's is never scaled (RFC 7323 section 2.2). */
export const windowOf = (track: Track, s: Segment): number =>
  s.syn ? s.window : s.window * 2 ** track.scale[s.from]

/** At least how long it takes from the capture point to `end` and back; 0 when unknown. A tenth is left for jitter. */
export const leastRoundTrip = (track: Track, end: End): number => 0.9 * (track.roundTrip[end] ?? 0)
