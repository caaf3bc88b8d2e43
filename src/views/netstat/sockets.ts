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
      const span = spanAt(flow.spans[side], moment)
      if (span === undefined || span.state === 'CLOSED' || span.state === 'LISTEN') continue
      const socket = socketOf(flow, side, span, moment)
      // One host has one socket for a 4-tuple: a later incarnation has replaced the one before.
      found.set(`${flow.outer}|${socket.local}|${socket.peer}`, socket)
    }
  return [...found.values()]
}

/** The span that is on at the moment. */
const spanAt = (spans: readonly StateSpan[], { at, packet }: Moment): StateSpan | undefined => {
  const last = spans.findLast(
    (span) =>
      (span.from === null || span.from <= at) &&
      (packet === null || span.packet === null || span.packet <= packet),
  )
  if (last === undefined) return undefined
  // A span can end before the next one is said to begin only by a later packet of the same moment.
  return last.to !== null && last.to < at && last === spans[spans.length - 1] ? undefined : last
}

const endpoint = (address: string, port: number): string =>
  address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`

const socketOf = (flow: Flow, side: Side, span: StateSpan, moment: Moment): Socket => {
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
    timer: timerAt(flow, side, moment),
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

const timerAt = (flow: Flow, side: Side, moment: Moment): SocketTimer | null => {
  const timer = flow.timers.findLast(
    (each) => each.side === side && each.from <= moment.at && each.expires > moment.at,
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
