/**
 * The sockets that exist on every host at a moment, out of the flows' spans and timers.
 *
 * In: a report, a moment. Out: {@link Socket}s, without CLOSED and LISTEN: a flow's listening socket is not its own.
 */
import type { Certainty, Flow, Report, Side, State, StateSpan, TimerSpan } from '../../report.js'
import type { Moment } from './moment.js'

export interface Socket {
  readonly flow: number
  readonly host: string
  readonly local: string
  readonly peer: string
  readonly state: State
  readonly certainty: Certainty
  /** Seconds as in `at`; null: since before the capture. */
  readonly since: number | null
  /** Bytes sent and not acknowledged, as far as the capture shows. */
  readonly sendQueue: number
  readonly timer: SocketTimer | null
}

export interface SocketTimer {
  /** As `netstat -o` calls it. */
  readonly name: 'on' | 'keepalive' | 'timewait' | 'probe'
  /** Seconds as in `at`. */
  readonly expires: number
  /** Retransmissions so far, as in the middle of netstat's `(1.57/3/0)`. */
  readonly retries: number
}

const SIDES: readonly Side[] = ['client', 'server']
// net-tools, netstat.c, tcp_do_one(): timer 1 "on", 2 "keepalive", 3 "timewait", 4 "probe". FIN_WAIT_2 of an orphan is
// kept by a TIME_WAIT socket in Linux, and shown with its timer.
const TIMER_NAMES: Readonly<Record<TimerSpan['name'], SocketTimer['name']>> = {
  syn: 'on',
  'syn-ack': 'on',
  retransmission: 'on',
  'time-wait': 'timewait',
  'fin-wait-2': 'timewait',
  'keep-alive': 'keepalive',
  'zero-window-probe': 'probe',
}

export const socketsAt = (report: Report, moment: Moment): Socket[] => {
  const found = new Map<string, Socket>()
  for (const flow of report.flows)
    for (const side of SIDES) {
      const span = moment.packet === null ? spanAt(flow.spans[side], moment.at) : afterRow(flow, side, moment)
      if (span === undefined || span.state === 'CLOSED' || span.state === 'LISTEN') continue
      const socket = socketOf(flow, side, span, moment)
      // One host has one socket for a 4-tuple: a later incarnation has replaced the one before.
      found.set(`${flow.outer}|${socket.local}|${socket.peer}`, socket)
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
const afterRow = (flow: Flow, side: Side, { at, packet }: Moment): Held | undefined => {
  const upTo = packet ?? Number.POSITIVE_INFINITY
  const spans = flow.spans[side]
  const row = flow.rows.findLast((each) => each.packet <= upTo)
  if (row === undefined) return spanAt(spans, Math.min(at, flow.startAt - 1e-9))
  const later = spans.findLast(
    (span) =>
      span.from !== null &&
      span.from > row.at &&
      span.from <= at &&
      (span.packet === null ||
        (span.packet <= upTo && flow.icmp.some((icmp) => icmp.packet === span.packet))),
  )
  if (later !== undefined) return later
  const { state, certainty } = row[side]
  const began = spans.findLast(
    (span) => span.state === state && (span.packet === null || span.packet <= upTo),
  )
  return { state, certainty, from: began?.from ?? null }
}

const endpoint = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`

const socketOf = (flow: Flow, side: Side, span: Held, moment: Moment): Socket => {
  const own = flow[side]
  const far = side === 'client' ? flow.server : flow.client
  return {
    flow: flow.flow,
    host: own.address,
    local: endpoint(own.address, own.port),
    peer: endpoint(far.address, far.port),
    state: span.state,
    certainty: span.certainty,
    since: span.from,
    sendQueue: sendQueue(flow, side, moment),
    timer: timerAt(flow, side, span.state, moment),
  }
}

const isBy = (row: { readonly at: number; readonly packet: number }, { at, packet }: Moment): boolean =>
  row.at <= at && (packet === null || row.packet <= packet)

/** SND.NXT - SND.UNA: the highest byte sent so far minus the highest acknowledged, both as captured. SYN and FIN count none. */
const sendQueue = (flow: Flow, side: Side, moment: Moment): number => {
  let sent: number | null = null
  let acknowledged: number | null = null
  for (const row of flow.rows) {
    if (!isBy(row, moment)) break
    if (row.flags.includes('R')) continue
    if (row.from === side) {
      const end = (row.seq + row.len + (row.flags.includes('S') ? 1 : 0)) >>> 0
      if (sent === null || ((end - sent) | 0) > 0) sent = end
    } else if (row.ack !== null && row.received !== false) {
      if (acknowledged === null || ((row.ack - acknowledged) | 0) > 0) acknowledged = row.ack
    }
  }
  return sent === null || acknowledged === null ? 0 : Math.max(0, (sent - acknowledged) | 0)
}

/** A timer ends with its state, also where its span was drawn up to when it would have run out. */
const runsIn = (name: TimerSpan['name'], state: State): boolean => {
  const only = TIMER_STATES[name]
  return only === undefined
    ? state !== 'SYN_SENT' && state !== 'SYN_RECEIVED' && state !== 'TIME_WAIT'
    : only === state
}
const TIMER_STATES: Readonly<Partial<Record<TimerSpan['name'], State>>> = {
  syn: 'SYN_SENT',
  'syn-ack': 'SYN_RECEIVED',
  'time-wait': 'TIME_WAIT',
  'fin-wait-2': 'FIN_WAIT_2',
}

const timerAt = (flow: Flow, side: Side, state: State, moment: Moment): SocketTimer | null => {
  const timer = flow.timers.findLast(
    (each) =>
      each.side === side && each.from <= moment.at && each.expires > moment.at && runsIn(each.name, state),
  )
  if (timer === undefined) return null
  return { name: TIMER_NAMES[timer.name], expires: timer.expires, retries: retries(flow, side, moment) }
}

const RESENT: ReadonlySet<string> = new Set([
  'syn-retransmission',
  'syn-ack-retransmission',
  'retransmission',
  'fin-retransmission',
])

/** How often the oldest segment has been sent again: resends of this side since its peer last acknowledged something new. */
const retries = (flow: Flow, side: Side, moment: Moment): number => {
  let count = 0
  let acknowledged: number | null = null
  for (const row of flow.rows) {
    if (!isBy(row, moment)) break
    if (row.from === side) {
      if (row.notes.some(({ code }) => RESENT.has(code))) count += 1
    } else if (row.ack !== null && row.received !== false) {
      if (acknowledged === null || ((row.ack - acknowledged) | 0) > 0) {
        acknowledged = row.ack
        count = 0
      }
    }
  }
  return count
}
