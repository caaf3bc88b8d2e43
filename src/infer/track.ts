/**
 * One connection made ready for inference: its segments with what follows from all of them together.
 *
 * In: a connection. Out: a {@link Track}. Row numbers are indices into `segments`, in capture order.
 */
import type { Connection } from '../flow/incarnations.js'
import { CLIENT, type End, other, SERVER, type Segment } from '../flow/segment.js'
import type { Flow } from '../report.js'
import { add, geq, leq } from '../rfc9293/sequence.js'
import type { StackProfile } from '../rfc9293/stack.js'
import type { State } from '../rfc9293/state.js'
import { closedBefore } from './closed-before.js'
import { captureDuplicates } from './duplicates.js'
import { type FirstProbes, firstProbes, NO_PROBES } from './first-probe.js'
import { gathered, isSpoofed } from './gathered.js'
import { atHosts, type HostTimes, LEFT, NEVER_LEFT } from './hosts.js'
import { oldSyns } from './old-syns.js'
import { origins } from './origin.js'
import { roundTrips } from './round-trips.js'
import { type Outline, outlinesOf } from './unacknowledged.js'
import { atBoth, vantage, vantageFacts } from './vantage.js'

export interface Track {
  readonly connection: Connection
  readonly segments: readonly Segment[]
  /** For each row: the earlier row it is a second capture of, or -1. */
  readonly duplicateOf: Int32Array
  /** For each row: 1 when its apparent sender did not send it; the earlier row it is a network copy of, or -1. */
  readonly foreign: Uint8Array
  readonly copyOf: Int32Array
  /** For each row: 1 for a SYN that its sender had left behind. */
  readonly oldSyn: Uint8Array
  /** For each row whether it came to its receiver's host, as that host's own capture shows it (see hosts.ts); null: there is none. */
  readonly came: Int8Array | null
  /** The same of whether it left its sender's host. */
  readonly left: Int8Array | null
  /** When each row was sent and came, by the captures of both hosts; null: there are not both. */
  readonly hostTimes: HostTimes | null
  /** The keep-alive that each end is first seen with, where the capture begins in the middle. */
  readonly firstProbes: FirstProbes
  /** The end that had closed before the capture began, where that shows. */
  readonly closedBefore: End | null
  /** For each end and row: the next row, after it, that this end sent itself; -1 when there is none. */
  readonly nextOf: readonly [Int32Array, Int32Array]
  /** Initial sequence number of each end, where its SYN was captured. */
  readonly isn: readonly [number | null, number | null]
  /** The row that shows it first; -1: none does. */
  readonly isnRow: readonly [number, number]
  /** When each end's last SYN without ACK was captured, seconds as in `Segment.at`; -Infinity: none was. */
  readonly lastSynAt: readonly [number, number]
  /** Each end's first row that carries text or a FIN; Infinity: none does. */
  readonly firstTextRow: readonly [number, number]
  /** How many bits each end's window is shifted (RFC 7323 section 2.3); 0 unless both SYNs offer it. */
  readonly scale: readonly [number, number]
  /** Seconds from the capture point to each end and back, at least; null when nothing shows it. */
  readonly roundTrip: readonly [number | null, number | null]
  /** Where the capture was taken. */
  readonly place: Flow['capturedNear']
  /** Some segment echoes a time stamp (RFC 7323). */
  readonly timestamps: boolean
  /** The option was used or offered, and no SYN that was captured lacks it (RFC 2018). */
  readonly sack: boolean
  /** Seconds, as in `Segment.at`, of the last packet of the capture: silence up to here is evidence. */
  readonly captureEnd: number
  readonly stacks: readonly [StackProfile, StackProfile]
  /** What of each end's segments tells what it has still out. */
  readonly outlines: readonly [Outline, Outline]
  /** Ends of which nothing was captured though they must have spoken: the capture has one direction only. */
  readonly unheard: readonly [boolean, boolean]
  /** The server answers with SYN cookies: it holds nothing between its SYN+ACK and the ACK. */
  readonly cookies: boolean
  /** Nobody stands behind the client's address: it never reacts to the SYN+ACKs (a spoofed source). */
  readonly spoofed: boolean
}

/** What timers are reckoned from: no more of a track than that. */
export type Timeline = Pick<Track, 'segments' | 'duplicateOf' | 'outlines' | 'captureEnd' | 'stacks'> & {
  readonly connection: Pick<Connection, 'beginsInMiddle'>
}

export function toTrack(
  connection: Connection,
  captureEnd: number,
  stacks: readonly [StackProfile, StackProfile],
  syncookies: number | null,
  captureLasts: readonly number[] | null = null,
): Track {
  const { segments } = connection
  const duplicateOf = captureDuplicates(segments)
  const { foreign, copyOf } = origins(segments, duplicateOf)
  const roundTrip = roundTrips(segments, duplicateOf)
  const hosts = atHosts(segments, duplicateOf, captureLasts)
  if (hosts !== null) attribute(segments, hosts.left, foreign)
  const seen = gathered(segments)
  const { syns } = seen
  const [client, server] = [firstSyn(syns, CLIENT, segments), firstSyn(syns, SERVER, segments)]
  const scaled =
    client !== undefined && server !== undefined && client.windowScale >= 0 && server.windowScale >= 0
  return {
    connection,
    segments,
    duplicateOf,
    foreign,
    copyOf,
    oldSyn: oldSyns(segments),
    came: hosts?.came ?? null,
    left: hosts?.left ?? null,
    hostTimes: hosts?.times ?? null,
    firstProbes: connection.beginsInMiddle ? firstProbes(segments) : NO_PROBES,
    closedBefore: connection.beginsInMiddle ? closedBefore(segments) : null,
    nextOf: nextRows(segments, { foreign, copyOf, duplicateOf }),
    isn: [client?.seq ?? null, server?.seq ?? null],
    isnRow: [rowOf(segments, client), rowOf(segments, server)],
    lastSynAt: [lastSynAt(syns, CLIENT), lastSynAt(syns, SERVER)],
    firstTextRow: seen.firstTextRow,
    scale: scaled ? [Math.min(client.windowScale, 14), Math.min(server.windowScale, 14)] : [0, 0],
    roundTrip,
    place: hosts?.times ? atBoth(roundTrip) : vantage(vantageFacts(segments, roundTrip)),
    timestamps: seen.timestamps,
    sack: seen.sack && client?.sackPermitted !== false && server?.sackPermitted !== false,
    captureEnd,
    stacks,
    outlines: outlinesOf(segments),
    // The other end acknowledges what it got from an end of which nothing was captured.
    unheard: [
      seen.first[CLIENT] === undefined && seen.acknowledges,
      seen.first[SERVER] === undefined && seen.acknowledges,
    ],
    cookies: syncookies === ALWAYS && stacks[SERVER].name === 'linux',
    spoofed: isSpoofed(seen, captureEnd),
  }
}

/** What its sender's own capture has is that host's, whatever it looks like; a RST that it has not is somebody else's. */
function attribute(segments: readonly Segment[], left: Int8Array, foreign: Uint8Array): void {
  for (let row = 0; row < segments.length; row++) {
    if (left[row] === LEFT) foreign[row] = 0
    else if (left[row] === NEVER_LEFT && (segments[row] as Segment).rst) foreign[row] = 1
  }
}

/** net.ipv4.tcp_syncookies = 2: cookies for everybody; with 1 only once the queue is full, which a capture does not show. */
const ALWAYS = 2

const rowOf = (segments: readonly Segment[], s: Segment | undefined): number =>
  s === undefined ? -1 : segments.indexOf(s)

const lastSynAt = (syns: readonly Segment[], end: End): number =>
  syns.reduce(
    (last, s) => (s.from === end && !s.ackBit && s.at > last ? s.at : last),
    Number.NEGATIVE_INFINITY,
  )

function nextRows(
  segments: readonly Segment[],
  origin: Pick<Track, 'foreign' | 'copyOf' | 'duplicateOf'>,
): readonly [Int32Array, Int32Array] {
  const client = new Int32Array(segments.length)
  const server = new Int32Array(segments.length)
  let ofClient = -1
  let ofServer = -1
  for (let row = segments.length - 1; row >= 0; row--) {
    client[row] = ofClient
    server[row] = ofServer
    if (!isGenuine(origin, row)) continue
    if ((segments[row] as Segment).from === CLIENT) ofClient = row
    else ofServer = row
  }
  return [client, server]
}

/**
 * The SYN that counts: of several SYN+ACKs the one that answers the other end's SYN. A server that answers the same SYN again
 * with another number had not kept the first (SYN cookies, RFC 4987 section 3.6, or a listener that was busy): then the one
 * that the other end takes up.
 */
function firstSyn(syns: readonly Segment[], from: End, segments: readonly Segment[]): Segment | undefined {
  const own = syns.filter((s) => s.from === from && !s.rst)
  const peer = syns.find((s) => s.from !== from && !s.ackBit)
  const answers = (s: Segment) =>
    peer === undefined || !s.ackBit || (geq(s.ack, add(peer.seq, 1)) && leq(s.ack, peer.end))
  const first = own.find(answers) ?? own[0]
  if (first === undefined || own.every((s) => s.seq === first.seq)) return first
  const taken = segments.find((s) => s.from !== from && s.ackBit && !s.syn && !s.rst)
  return own.find((s) => answers(s) && s.ackBit && add(s.seq, 1) === taken?.ack) ?? first
}

/** Its apparent sender did send it, when it was captured: not forged, no copy, not captured twice. */
export const isGenuine = (track: Pick<Track, 'foreign' | 'copyOf' | 'duplicateOf'>, row: number): boolean =>
  track.foreign[row] === 0 && track.copyOf[row] === -1 && track.duplicateOf[row] === -1

/** The row of the first FIN that `end` sent; -1: none was captured. */
export const finRow = (track: Track, end: End): number =>
  track.outlines[end].carriers.find((row) => (track.segments[row] as Segment).fin && isGenuine(track, row)) ??
  -1

/** The widest scale there is (RFC 7323 section 2.3): reckoned with where the handshake was not captured. */
const WIDEST = 14

/** The window a segment may advertise at most, in bytes: for deciding what is outside it. */
export const widestWindowOf = (track: Track, s: Segment): number =>
  s.syn || (track.isn[0] !== null && track.isn[1] !== null) ? windowOf(track, s) : s.window * (1 << WIDEST)

/** The window a segment advertises, in bytes: a SYN's is never scaled (RFC 7323 section 2.2). */
export const windowOf = (track: Track, s: Segment): number =>
  s.syn ? s.window : s.window * (1 << track.scale[s.from])

/** Seconds from the capture point to `end`: half the way there and back; 0 when unknown. */
export const oneWay = (track: Track, end: End): number => (track.roundTrip[end] ?? 0) / 2

/** When the row's sender had sent it: seconds as in `Segment.at`. */
export function sentAt(track: Track, row: number): number {
  const { at, from } = track.segments[row] as Segment
  const known = track.hostTimes?.sent[row] ?? Number.NaN
  return Number.isNaN(known) ? at - oneWay(track, from) : known
}

/** When it comes to its receiver, if it does. */
export function comesAt(track: Track, row: number): number {
  const { at, from } = track.segments[row] as Segment
  const known = track.hostTimes?.came[row] ?? Number.NaN
  return Number.isNaN(known) ? at + oneWay(track, other(from)) : known
}

/** Hosts and capture points are not more exact than this, in seconds. */
const PROCESSING = 0.0005

/** At least how long it takes from the capture point to `end` and back; 0 when unknown. A tenth is left for jitter. */
export const leastRoundTrip = (track: Track, end: End): number => leastOf(track.roundTrip[end] ?? 0)

/** The same of a time that was measured, in seconds. */
export const leastOf = (roundTrip: number): number => Math.max(0, 0.9 * roundTrip - PROCESSING)

/** SND.NXT of whoever sent the row, as far as it shows it: its number, unless it is the keep-alive that it is first seen with. */
export const nextShownBy = (track: Track, row: number): number => {
  const { from, seq } = track.segments[row] as Segment
  const probe = track.firstProbes[from]
  return probe?.row === row ? probe.next : seq
}

/** The state of an end that has a connection when the capture begins. */
export const stateAtFirst = ({ closedBefore }: Pick<Track, 'closedBefore'>, end: End): State => {
  if (closedBefore === null) return 'ESTABLISHED'
  return closedBefore === end ? 'FIN_WAIT_2' : 'CLOSE_WAIT'
}
