/**
 * The whole treatment of one connection: what arrived, what each end did, what it all means.
 *
 * In: a connection, and what the one before it on the same 4-tuple left. Out: its flow in the report.
 */
import { communityId } from '../flow/community-id.js'
import type { Address } from '../flow/conversation.js'
import type { Connection } from '../flow/incarnations.js'
import { CLIENT, type End, SERVER, type Segment } from '../flow/segment.js'
import { arrivalFates } from '../infer/arrival.js'
import { crossings } from '../infer/crossing.js'
import { type Fate, newFate } from '../infer/fate.js'
import { type Track, toTrack } from '../infer/track.js'
import type { Flow, FlowEnd, PacketRow } from '../report.js'
import type { StackProfile } from '../rfc9293/stack.js'
import { type Ended, endings } from './endings.js'
import { notesOf, type Past, timeWaitLeft } from './notes/index.js'
import { type Inherited, replay } from './replay.js'
import { rowsOf } from './rows.js'

export interface Surroundings {
  /** Number of the flow in the report. */
  readonly flow: number
  /** Seconds, as in `Segment.at`, of the last packet of the captures. */
  readonly captureEnd: number
  /** The same of each capture by itself; null: nobody knows yet. */
  readonly captureLasts?: readonly number[] | null
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

export function annotate(connection: Connection, around: Surroundings): Annotated {
  const track = toTrack(connection, around.captureEnd, around.stacks, around.syncookies, around.captureLasts)
  const fates: Fate[] = []
  for (let row = 0; row < track.segments.length; row++) fates.push(newFate())
  arrivalFates(track, fates)
  crossings(track, fates)
  const replayed = replay(track, fates, around.inherited)
  const ended = endings(track, fates, replayed, around)
  const notes = notesOf(track, fates, replayed, pastOf(around.inherited, track))
  const left = (end: End): Inherited => ({
    tcb: ended.left[end],
    certainty: replayed.certainties[end],
    flow: around.flow,
    timeWaitUntil: timeWaitLeft(replayed, notes, end),
  })
  const rows = rowsOf(track, fates, replayed, notes)
  const first = track.segments[0] as Segment
  const last = track.segments[track.segments.length - 1] as Segment
  const seen = named({
    flow: around.flow,
    outer: connection.outer,
    client: flowEnd(connection.client, ended, CLIENT),
    server: flowEnd(connection.server, ended, SERVER),
    roles: connection.roles,
    start: (rows[0] as PacketRow).time,
    end: (rows[rows.length - 1] as PacketRow).time,
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
  return { flow, left: [left(CLIENT), left(SERVER)] }
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
