/**
 * The sockets that exist on every host at a moment, out of the flows' spans and timers.
 *
 * In: a report, a moment. Out: {@link Socket}s, without CLOSED and LISTEN: a flow's listening socket is not its own.
 */
import {
  type Certainty,
  type Flow,
  type PacketRow,
  type Report,
  SIDES,
  type Side,
  type State,
  type StateSpan,
  watchedUntil,
} from '../../report.js'
import { endpoint } from '../endpoint.js'
import type { Moment } from './moment.js'
import { sendQueue } from './queue.js'
import { isUpTo } from './sent.js'
import { type SocketTimer, timerAt } from './timer.js'

export interface Socket {
  readonly flow: number
  readonly host: string
  readonly local: string
  readonly peer: string
  readonly state: State
  readonly certainty: Certainty
  /** Seconds as in `at`; null: since before the capture. */
  readonly since: number | null
}

/** With what takes a walk over its packets to know. */
export interface DetailedSocket extends Socket {
  /** Bytes sent and not acknowledged, as far as the capture shows. */
  readonly sendQueue: number
  readonly timer: SocketTimer | null
}

/** Every socket of every host at the moment. */
export const socketsAt = (report: Report, moment: Moment): Socket[] =>
  places(report, moment).open.map(({ socket }) => socket)

export interface SocketsThen {
  /** With queue and timer. */
  readonly sockets: readonly DetailedSocket[]
  /** Hosts of sockets that have been there and are listed no more, although nothing shows that they are CLOSED. */
  readonly takenForClosed: readonly string[]
}

export const detailedSocketsAt = (report: Report, moment: Moment): SocketsThen => {
  const { open, gone } = places(report, moment)
  return {
    sockets: open.map(({ flow, side, socket }) => ({
      ...socket,
      certainty: isByTime(moment) ? certaintyAt(flow, side, socket, moment.at) : socket.certainty,
      sendQueue: sendQueue(flow, side, socket.state, moment),
      timer: timerAt(flow, side, socket.state, moment, report.timeouts[side]),
    })),
    takenForClosed: gone,
  }
}

interface Place {
  readonly flow: Flow
  readonly side: Side
  readonly socket: Socket
}

const places = (report: Report, moment: Moment): { readonly open: Place[]; readonly gone: string[] } => {
  const found = new Map<string, Place>()
  const gone: { readonly key: string; readonly host: string }[] = []
  for (const flow of report.flows)
    for (const side of SIDES) {
      const held = heldAt(report, flow, side, moment)
      if (held === undefined) continue
      const socket = socketOf(flow, side, held)
      const key = socketKey(flow, side)
      // One host has one socket for a 4-tuple: a later incarnation has replaced the one before.
      if (!isNone(held)) found.set(key, { flow, side, socket })
      else if (isTakenForClosed(held, flow.spans[side], moment)) gone.push({ key, host: socket.host })
    }
  const hosts = gone.filter(({ key }) => !found.has(key)).map(({ host }) => host)
  return { open: [...found.values()], gone: hosts }
}

const isTakenForClosed = ({ state, certainty }: Held, spans: readonly StateSpan[], { at }: Moment): boolean =>
  state === 'CLOSED' &&
  certainty === 'assumed' &&
  spans.some((span) => !isNone(span) && (span.from ?? at) <= at)

/** It is in no state that netstat lists. */
export const isNone = ({ state }: Pick<Held, 'state'>): boolean => state === 'CLOSED' || state === 'LISTEN'

const heldAt = (report: Report, flow: Flow, side: Side, moment: Moment): Held | undefined =>
  isByTime(moment)
    ? atTime(flow, side, moment.at, watchedUntil(flow, report))
    : moment.end === true
      ? inTheEnd(flow, side, moment.at)
      : afterRow(flow, side, moment)

/** What `spanAt` and `afterRow` tell of a socket. */
type Held = Pick<StateSpan, 'state' | 'certainty' | 'from'>

const isByTime = ({ packet, end }: Moment): boolean => packet === null && end !== true

/** As the flow says, timers included. */
const inTheEnd = (flow: Flow, side: Side, endAt: number): Held => {
  const { state, certainty } = flow[side]
  const from = flow.spans[side].at(-1)?.from ?? null
  // What was captured last comes a moment later.
  return { state, certainty, from: from === null ? null : Math.min(from, endAt) }
}

/** By that end's own clock. After it was watched nothing comes, and the timers that run then run out. */
const atTime = (flow: Flow, side: Side, at: number, until: number): Held | undefined =>
  runsOutAt(flow, side, until) <= at ? undefined : spanAt(flow.spans[side], at)

/** When the first of its timers runs out behind all that was watched; Infinity: none does. */
const runsOutAt = ({ timers }: Flow, side: Side, until: number): number =>
  timers.reduce(
    (least, timer) =>
      timer.side === side && timer.stopped === null && timer.expires > until
        ? Math.min(least, timer.expires)
        : least,
    Number.POSITIVE_INFINITY,
  )

/** What an end is in from a time on, in seconds as in `PacketRow.at`; null: in no state that netstat lists. */
export interface HeldFrom {
  readonly from: number
  readonly state: State | null
}

/** What {@link atTime} says of every moment, in order of time. */
export const heldThroughTime = (flow: Flow, side: Side, until: number): HeldFrom[] => {
  const over = runsOutAt(flow, side, until)
  const held: HeldFrom[] = []
  const begins = flow.spans[side].map((span, index) => ({ span, index, from: span.from ?? BEFORE_ALL }))
  let latest = -1
  for (const { span, index, from } of begins.sort((a, b) => a.from - b.from)) {
    if (from >= over) break
    // The last in the list counts, whenever those before it begin.
    if (index < latest) continue
    latest = index
    held.push({ from, state: isNone(span) ? null : span.state })
  }
  if (over < Number.POSITIVE_INFINITY) held.push({ from: over, state: null })
  return held
}

const BEFORE_ALL = Number.NEGATIVE_INFINITY

/** A state may begin assumed, and later packets show it: as sure as the last packet before the moment has it. */
const certaintyAt = ({ rows }: Flow, side: Side, { state, certainty }: Socket, at: number): Certainty => {
  const has = (row: PacketRow): boolean => row[side].state === state
  const row = rows.findLast((each) => each.at <= at && has(each)) ?? rows.find(has)
  return row?.[side].certainty ?? certainty
}

/** The span that is on at a time. */
const spanAt = (spans: readonly StateSpan[], at: number): Held | undefined =>
  spans.findLast((span) => span.from === null || span.from <= at)

/**
 * The state after packet n, as that packet's line has it: not by the clock of the far end, which may have got the packet
 * a moment later. What needed no segment of this flow (timers, ICMP) comes on top.
 */
const afterRow = (flow: Flow, side: Side, moment: Moment): Held | undefined => {
  const { at } = moment
  const spans = flow.spans[side]
  const row = flow.rows.findLast((each) => isUpTo(each, moment))
  if (row === undefined) return spanAt(spans, Math.min(at, flow.startAt - 1e-9))
  const later = spans.findLast(
    (span) =>
      span.from !== null &&
      span.from > row.at &&
      span.from <= at &&
      (span.packet === null || flow.icmp.some((icmp) => isOf(icmp, span) && isUpTo(icmp, moment))),
  )
  if (later !== undefined) return later
  const { state, certainty } = row[side]
  const began = spans.findLast((span) => span.state === state && hasBegun(span, flow, moment))
  // By the clock of the far end it may begin a moment later; asked for is what that packet led to.
  const from = began?.from ?? null
  return { state, certainty, from: from === null ? null : Math.min(from, at) }
}

export const isOf = (row: { readonly packet: number; readonly capture: number }, span: StateSpan): boolean =>
  row.packet === span.packet && row.capture === (span.capture ?? 0)

/** The packet that shows its beginning had been captured. */
export const hasBegun = (span: StateSpan, { rows, icmp }: Flow, moment: Moment): boolean => {
  const { packet, capture = 0 } = span
  if (packet === null) return true
  if (moment.packet !== null && capture === (moment.capture ?? 0)) return packet <= moment.packet
  return [rows, icmp].some((all) => all.some((row) => isOf(row, span) && isUpTo(row, moment)))
}

/** A socket of a host: where two flows have the same, the later one has taken its place. */
export const socketKey = (flow: Flow, side: Side): string =>
  `${flow.outer}|${endpoint(flow[side])}|${endpoint(farOf(flow, side))}`

const farOf = (flow: Flow, side: Side) => (side === 'client' ? flow.server : flow.client)

const socketOf = (flow: Flow, side: Side, { state, certainty, from }: Held): Socket => {
  const own = flow[side]
  const far = farOf(flow, side)
  return {
    flow: flow.flow,
    host: own.address,
    local: endpoint(own),
    peer: endpoint(far),
    state,
    certainty,
    since: from,
  }
}
