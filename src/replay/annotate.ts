/**
 * The whole treatment of one connection: what arrived, what each end did, what it all means.
 *
 * In: a connection, and what the one before it on the same 4-tuple left. Out: its flow in the report.
 */

import { communityId } from '../flow/community-id.js'
import type { Connection } from '../flow/incarnations.js'
import { CLIENT, type End, flagLetters, other, SERVER, type Segment } from '../flow/segment.js'
import { arrivalFates } from '../infer/arrival.js'
import { crossings } from '../infer/crossing.js'
import { type Fate, newFate } from '../infer/fate.js'
import { type Track, toTrack, windowOf } from '../infer/track.js'
import type { EndState, Flow, Note, PacketRow, Side } from '../report.js'
import { add, diff } from '../rfc9293/sequence.js'
import type { StackProfile } from '../rfc9293/stack.js'
import type { Cell } from './end.js'
import { endings } from './endings.js'
import { isoTime } from './iso-time.js'
import { isTooOld, notesOf, type Past, timeWaitLeft } from './notes/index.js'
import { type Inherited, type Replayed, replay } from './replay.js'

export interface Surroundings {
  /** Number of the flow in the report. */
  readonly flow: number
  /** Seconds, as in `Segment.at`, of the last packet of the captures. */
  readonly captureEnd: number
  readonly epoch: { readonly seconds: number; readonly nanoseconds: number }
  readonly stacks: readonly [StackProfile, StackProfile]
  /** net.ipv4.tcp_syncookies of the server, null when it was not given. */
  readonly syncookies: number | null
  readonly inherited: readonly [Inherited | null, Inherited | null]
  /** When the next connection on the same 4-tuple took the place of this one at each end; Infinity: never. */
  readonly replacedAt: readonly [number, number]
  /** Which end opened that next connection; null when there is none. */
  readonly reopenedBy?: End | null
}

export interface Annotated {
  readonly flow: Flow
  readonly left: readonly [Inherited, Inherited]
}

const NAMES = ['client', 'server'] as const
export const nameOf = (end: End): Side => NAMES[end]

export function annotate(connection: Connection, around: Surroundings): Annotated {
  const track = toTrack(connection, around.captureEnd, around.stacks, around.syncookies)
  const fates = track.segments.map(newFate)
  arrivalFates(track, fates)
  crossings(track, fates)
  const replayed = replay(track, fates, around.inherited)
  const naive = isNaive(fates) ? replayed : replay(track, naiveFates(track), around.inherited)
  const ended = endings(track, fates, replayed, around)
  const notes = notesOf(track, fates, replayed, naive, pastOf(around.inherited, track))
  const base = (end: End) => track.isn[end] ?? firstSequence(track, end)
  const bases = [base(CLIENT), base(SERVER)] as const
  const rows = track.segments.map((s, row) =>
    toRow(track, fates, replayed, naive, row, s, notes[row] ?? [], bases),
  )
  const passedOn = (end: End) => ({ flow: around.flow, ...timeWaitLeft(replayed, notes, end) })
  const first = track.segments[0] as Segment
  const last = track.segments[track.segments.length - 1] as Segment
  const seen = named({
    flow: around.flow,
    outer: connection.outer,
    client: { ...connection.client, ...ended.final[CLIENT] },
    server: { ...connection.server, ...ended.final[SERVER] },
    roles: connection.roles,
    start: isoTime(first.seconds, first.nanoseconds),
    end: isoTime(last.seconds, last.nanoseconds),
    startAt: first.at,
    endAt: last.at,
    packets: track.segments.length,
    bytes: track.segments.reduce((sum, s) => sum + s.len, 0),
  })
  const flow: Flow = Object.assign(seen, {
    incarnation: connection.incarnation,
    beginsInMiddle: connection.beginsInMiddle,
    capturedNear: track.place,
    calls: ended.calls,
    closedFirst: ended.closedFirst,
    verdict: ended.verdict,
    rows,
    icmp: ended.icmp,
    spans: ended.spans,
    timers: ended.timers,
  })
  return {
    flow,
    left: [
      { tcb: ended.left[CLIENT], certainty: replayed.certainties[CLIENT], ...passedOn(CLIENT) },
      { tcb: ended.left[SERVER], certainty: replayed.certainties[SERVER], ...passedOn(SERVER) },
    ],
  }
}

/** Gives it its name: hashed when it is asked for, because few views do, and Node's crypto takes long to load. */
const named = <T extends Pick<Flow, 'client' | 'server'>>(flow: T): T & Pick<Flow, 'communityId'> =>
  Object.defineProperty(flow, 'communityId', COMMUNITY_ID) as T & Pick<Flow, 'communityId'>
const COMMUNITY_ID = {
  enumerable: true,
  get(this: Flow): string {
    return communityId(this.client, this.server)
  },
}

/** What the connection before on the same 4-tuple left, for the note on its ports. */
function pastOf(inherited: Surroundings['inherited'], track: Track): Past | null {
  const at = track.segments[0]?.at ?? 0
  const flow = inherited[CLIENT]?.flow ?? inherited[SERVER]?.flow
  return flow === undefined
    ? null
    : { flow, inTimeWait: inherited.some((end) => (end?.timeWaitUntil ?? 0) > at) }
}

/** Nothing was lost, thrown away or late: who believes every packet is right. */
const isNaive = (fates: readonly Fate[]): boolean =>
  fates.every((fate) => fate.arrives && fate.after < 0 && fate.gone < 0)

/** What a reader believes who takes every captured packet for received, in the order of the capture. */
const naiveFates = (track: Track): Fate[] => track.segments.map(newFate)

function toRow(
  track: Track,
  fates: readonly Fate[],
  replayed: Replayed,
  naive: Replayed,
  row: number,
  s: Segment,
  notes: readonly Note[],
  bases: readonly [number | null, number | null],
): PacketRow {
  const fate = fates[row] as Fate
  const own = bases[s.from]
  const peer = bases[other(s.from)]
  const cells = replayed.cells[row] as readonly [Cell, Cell]
  const naiveCells = naive.cells[row] as readonly [Cell, Cell]
  return {
    packet: s.packet,
    capture: s.capture,
    time: isoTime(s.seconds, s.nanoseconds),
    at: s.at,
    from: nameOf(s.from),
    flags: flagLetters(s.flags),
    seq: s.seq,
    ack: s.ackBit ? s.ack : null,
    relativeSeq: own === null ? 0 : diff(s.seq, own),
    relativeAck: s.ackBit ? (peer === null ? 0 : diff(s.ack, peer)) : null,
    len: s.len,
    window: windowOf(track, s),
    client: endState(track, s, s.from === CLIENT ? null : fate, cells[CLIENT], naiveCells[CLIENT]),
    server: endState(track, s, s.from === SERVER ? null : fate, cells[SERVER], naiveCells[SERVER]),
    received: received(fate, cells[other(s.from)]),
    receivedBy: packetOf(track, fate.by),
    ...elsewhere(track, fate.by, s.capture, 'receivedByCapture'),
    crossing: fate.after > row,
    notes,
  }
}

/** Data that met an orphan in FIN_WAIT was taken by its TCP, which answered with the RST (RFC 9293 section 3.6, RFC 1122 4.2.2.13). */
const received = (fate: Fate, receiver: Cell): boolean | null => {
  if (fate.gone >= 0 && receiver.was.startsWith('FIN_WAIT')) return true
  return isTooOld(receiver) ? false : fate.received
}

/** Frame numbers begin anew in each capture, so that one of another capture is told with it. */
const elsewhere = <K extends string>(
  track: Track,
  row: number,
  here: number,
  name: K,
): { readonly [_ in K]?: number } => {
  const capture = track.segments[row]?.capture
  return capture === undefined || capture === here ? {} : ({ [name]: capture } as { [_ in K]: number })
}

const packetOf = (track: Track, row: number): number | null =>
  row < 0 ? null : ((track.segments[row] as Segment).packet ?? null)

/** Where relative numbers count from when the SYN was not captured: its first segment is 1, as Wireshark has it. */
function firstSequence(track: Track, end: End): number | null {
  const own = track.segments.find((s) => s.from === end)
  if (own !== undefined) return add(own.seq, -1)
  const peer = track.segments.find((s) => s.from !== end && s.ackBit)
  return peer === undefined ? null : add(peer.ack, -1)
}

/** `fate` is null for the sender: what its own packet shows is no hindsight. */
function endState(track: Track, s: Segment, fate: Fate | null, cell: Cell, naive: Cell): EndState {
  if (naive.state === cell.state) return cell
  const proof = fate === null ? -1 : fate.gone >= 0 ? fate.gone : fate.by
  const by = packetOf(track, proof)
  if (by === null) return cell
  return {
    ...cell,
    hindsight: { instead: naive.state, packet: by, ...elsewhere(track, proof, s.capture, 'capture') },
  }
}
