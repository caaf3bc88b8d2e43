/**
 * The whole treatment of one connection: what arrived, what each end did, what it all means.
 *
 * In: a connection, and what the one before it on the same 4-tuple left. Out: its flow in the report.
 */

import { communityId } from '../flow/community-id.js'
import type { Address } from '../flow/conversation.js'
import type { Connection } from '../flow/incarnations.js'
import { CLIENT, type End, flagLetters, other, SERVER, type Segment } from '../flow/segment.js'
import { arrivalFates } from '../infer/arrival.js'
import { crossings } from '../infer/crossing.js'
import { type Fate, newFate } from '../infer/fate.js'
import { type Track, toTrack, windowOf } from '../infer/track.js'
import type { EndState, Flow, FlowEnd, Note, PacketRow, Side } from '../report.js'
import { add, diff } from '../rfc9293/sequence.js'
import type { StackProfile } from '../rfc9293/stack.js'
import type { State } from '../rfc9293/state.js'
import type { Cell } from './end.js'
import { type Ended, endings } from './endings.js'
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
  const fates: Fate[] = []
  for (let row = 0; row < track.segments.length; row++) fates.push(newFate())
  arrivalFates(track, fates)
  crossings(track, fates)
  const replayed = replay(track, fates, around.inherited)
  const ended = endings(track, fates, replayed, around)
  const notes = notesOf(track, fates, replayed, pastOf(around.inherited, track))
  const base = (end: End) => track.isn[end] ?? firstSequence(track, end)
  const bases = [base(CLIENT), base(SERVER)] as const
  const rows: PacketRow[] = []
  for (let row = 0; row < track.segments.length; row++)
    rows.push(toRow(track, fates, replayed, row, notes[row] ?? [], bases))
  const passedOn = (end: End) => ({ flow: around.flow, ...timeWaitLeft(replayed, notes, end) })
  const first = track.segments[0] as Segment
  const last = track.segments[track.segments.length - 1] as Segment
  const seen = named({
    flow: around.flow,
    outer: connection.outer,
    client: flowEnd(connection.client, ended, CLIENT),
    server: flowEnd(connection.server, ended, SERVER),
    roles: connection.roles,
    start: isoTime(first.seconds, first.nanoseconds),
    end: isoTime(last.seconds, last.nanoseconds),
    startAt: first.at,
    endAt: last.at,
    packets: track.segments.length,
    bytes: payload(track.segments),
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

const flowEnd = ({ address, port }: Address, { final }: Ended, end: End): FlowEnd => ({
  address,
  port,
  state: final[end].state,
  certainty: final[end].certainty,
})

function payload(segments: readonly Segment[]): number {
  let bytes = 0
  for (let row = 0; row < segments.length; row++) bytes += (segments[row] as Segment).len
  return bytes
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

function toRow(
  track: Track,
  fates: readonly Fate[],
  replayed: Replayed,
  row: number,
  notes: readonly Note[],
  bases: readonly [number | null, number | null],
): PacketRow {
  const s = track.segments[row] as Segment
  const fate = fates[row] as Fate
  const own = bases[s.from]
  const peer = bases[other(s.from)]
  const cells = replayed.cells[row] as readonly [Cell, Cell]
  const receiver = cells[other(s.from)]
  const seen = inHindsight(track, replayed, row, fate, receiver)
  const told: PacketRow = {
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
    // What its own packet shows of the sender is no hindsight.
    client: s.from === CLIENT ? cells[CLIENT] : seen,
    server: s.from === SERVER ? cells[SERVER] : seen,
    received: received(fate, receiver),
    receivedBy: packetOf(track, fate.by),
    crossing: fate.after > row,
    notes,
  }
  const capture = captureOf(track, fate.by, s)
  if (capture === null) return told
  const { crossing, notes: last, ...first } = told
  return { ...first, receivedByCapture: capture, crossing, notes: last }
}

/** Data that met an orphan in FIN_WAIT was taken by its TCP, which answered with the RST (RFC 9293 section 3.6, RFC 1122 4.2.2.13). */
const received = (fate: Fate, receiver: Cell): boolean | null => {
  if (fate.gone >= 0 && receiver.was.startsWith('FIN_WAIT')) return true
  return isTooOld(receiver) ? false : fate.received
}

/** Frame numbers begin anew in each capture: that of `row`, where it is another one than that of `s`; else null. */
function captureOf(track: Track, row: number, s: Segment): number | null {
  const capture = row < 0 ? s.capture : (track.segments[row] as Segment).capture
  return capture === s.capture ? null : capture
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

/** The receiver's cell; and what a reader who trusts every packet has instead, where another packet shows better. */
function inHindsight(track: Track, { trusting }: Replayed, row: number, fate: Fate, cell: Cell): EndState {
  if (trusting === null || row < trusting.from) return cell
  const instead = trusting.states[row - trusting.from] as State
  if (instead === cell.state) return cell
  const proof = fate.gone >= 0 ? fate.gone : fate.by
  const packet = packetOf(track, proof)
  if (packet === null) return cell
  const capture = captureOf(track, proof, track.segments[row] as Segment)
  return { ...cell, hindsight: capture === null ? { instead, packet } : { instead, packet, capture } }
}
