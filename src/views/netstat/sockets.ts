/**
 * The sockets that exist on every host at a moment, out of the flows' spans and timers.
 *
 * In: a report, a moment. Out: {@link Socket}s, without CLOSED and LISTEN: a flow's listening socket is not its own.
 */
import {
  type Certainty,
  type Flow,
  type Report,
  SIDES,
  type Side,
  type State,
  type StateSpan,
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
  places(report, moment).map(({ socket }) => socket)

/** The same with queue and timer. */
export const detailedSocketsAt = (report: Report, moment: Moment): DetailedSocket[] =>
  places(report, moment).map(({ flow, side, socket }) => ({
    ...socket,
    sendQueue: sendQueue(flow, side, socket.state, moment),
    timer: timerAt(flow, side, socket.state, moment, report.timeouts[side]),
  }))

interface Place {
  readonly flow: Flow
  readonly side: Side
  readonly socket: Socket
}

const places = (report: Report, moment: Moment): Place[] => {
  const found = new Map<string, Place>()
  for (const flow of report.flows)
    for (const side of SIDES) {
      const held = moment.packet === null ? spanAt(flow.spans[side], moment.at) : afterRow(flow, side, moment)
      if (held === undefined || held.state === 'CLOSED' || held.state === 'LISTEN') continue
      const socket = socketOf(flow, side, held)
      // One host has one socket for a 4-tuple: a later incarnation has replaced the one before.
      found.set(`${flow.outer}|${socket.local}|${socket.peer}`, { flow, side, socket })
    }
  return [...found.values()]
}

/** What `spanAt` and `afterRow` tell of a socket. */
type Held = Pick<StateSpan, 'state' | 'certainty' | 'from'>

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

const isOf = (row: { readonly packet: number; readonly capture: number }, span: StateSpan): boolean =>
  row.packet === span.packet && row.capture === (span.capture ?? 0)

const hasBegun = (span: StateSpan, { rows, icmp }: Flow, moment: Moment): boolean => {
  const { packet, capture = 0 } = span
  if (packet === null) return true
  if (moment.packet !== null && capture === (moment.capture ?? 0)) return packet <= moment.packet
  return [rows, icmp].some((all) => all.some((row) => isOf(row, span) && isUpTo(row, moment)))
}

const socketOf = (flow: Flow, side: Side, { state, certainty, from }: Held): Socket => {
  const own = flow[side]
  const far = side === 'client' ? flow.server : flow.client
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
