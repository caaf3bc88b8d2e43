/**
 * A RST ended an open connection: who sent it, in which state, and why.
 *
 * In: the RST's form, the states of both ends when it was sent. RFC 9293 sections 3.5.2, 3.6.1 SHLD-3 and 3.10.5:
 * a bare `<SEQ=SEG.ACK><CTL=RST>` comes from no socket, `<SEQ=SND.NXT><CTL=RST,ACK>` from one that aborts.
 */
import type { CauseOf, ResetReason } from '../findings.js'
import { type Finding, type Flow, type Likelihood, type PacketRow, SIDES } from '../report.js'
import { has, isReset, keepAliveProbes, lengthOf, named, noteOf, wasOpen } from './evidence.js'
import { lookAt } from './look.js'
import { about, held, inEachFlow, opposite, type Rule } from './rule.js'

function ended(flow: Flow): Finding<'reset'> | null {
  const { rows, resets } = lookAt(flow)
  if (resets.length === 0) return null
  const reset = resets.find(endsIt) ?? resets.find((row) => bothAborted(row, resets))
  if (reset === undefined || (!wasOpen(flow, 'client') && !wasOpen(flow, 'server'))) return null
  const index = rows.indexOf(reset)
  const side = reset.from
  // Both had closed: nothing is left to end. A RST for a SYN+ACK ends an attempt, not a connection.
  if (bothClosed(rows, index) || !wentOn(flow, rows, index)) return null
  if (!has(reset, 'A') && has(drawnBy(rows, index) ?? reset, 'S')) return null
  const why = reasonOf(flow, rows, index)
  if (why === null) return null
  const met = reset[opposite(side)]
  const errno =
    flow.calls.find(({ packet, side: who }) => packet === reset.packet && who !== side)?.errno ?? null
  const draws = named(reset, 'reset', 'answers') ?? drawnBy(rows, index)
  return about(
    flow,
    side,
    why === 'closed-socket' || why === 'data-after-close' || hasLeft(reset) ? 'implied' : 'assumed',
    [draws, reset],
    {
      id: 'reset',
      // After its own close nobody is left there to lose anything; and who only looked whether somebody listens, as
      // health checks do, lost nothing either.
      severity:
        (met.was === 'ESTABLISHED' || met.was === 'CLOSE_WAIT') && rows.some(({ len }) => len > 0)
          ? 'warning'
          : 'note',
      args: held(flow, side, { why, state: reset[side].was, errno, idle: idleBefore(rows, index) }),
      causes: causesOf(why, rows, index),
    },
  )
}

const bothClosed = (rows: readonly PacketRow[], index: number): boolean =>
  SIDES.every((side) => rows.some((row, k) => k < index && row.from === side && has(row, 'F')))

const wentOn = (flow: Flow, rows: readonly PacketRow[], index: number): boolean =>
  flow.beginsInMiddle ||
  rows.some(
    (row, k) => k < index && row.from === 'client' && row.ack !== null && !has(row, 'S') && !isReset(row),
  )

/** It was taken, and ended a connection that its receiver still had. */
const endsIt = (row: PacketRow): boolean => {
  const met = row[opposite(row.from)]
  return (
    met.was !== 'CLOSED' &&
    met.was !== 'LISTEN' &&
    met.was !== 'SYN_SENT' &&
    met.was !== 'TIME_WAIT' &&
    met.state === 'CLOSED'
  )
}

/** An abort that met another one under way: neither RST was taken, and both ends are gone. */
const bothAborted = (row: PacketRow, resets: readonly PacketRow[]): boolean =>
  aborts(row) && resets.some((other) => other.from !== row.from && aborts(other))

const aborts = (row: PacketRow): boolean =>
  isReset(row) &&
  has(row, 'A') &&
  (row[row.from].was === 'ESTABLISHED' || row[row.from].was === 'CLOSE_WAIT') &&
  row[row.from].state === 'CLOSED'

/** Null: another finding tells it (half-open, injected). */
function reasonOf(flow: Flow, rows: readonly PacketRow[], index: number): ResetReason | null {
  const reset = rows[index] as PacketRow
  const side = reset.from
  const form = noteOf(reset, 'reset')?.form
  if (form === 'forged') return null
  const was = reset[side].was
  const closed = finBefore(rows, index) !== undefined
  const draw = drawnBy(rows, index)
  if (!has(reset, 'A')) {
    // Its abort had not come through; this one answers what its peer sent since.
    if (rows.some((row, k) => k < index && row.from === side && aborts(row))) return 'abort'
    if (draw === undefined) return 'unknown'
    return closed ? (draw.len > 0 ? 'data-after-close' : 'closed-socket') : 'unknown'
  }
  if (form === 'keep-alive-timeout' || unansweredTries(flow, rows, index)) return 'time-out'
  if (closed || was.startsWith('FIN_WAIT')) return 'data-after-close'
  return 'abort'
}

/** The segment that a bare RST answers: its ack number is the RST's sequence number. */
const drawnBy = (rows: readonly PacketRow[], index: number): PacketRow | undefined => {
  const reset = rows[index]
  return reset === undefined
    ? undefined
    : rows.findLast(
        (row, k) => k < index && row.from !== reset.from && row.ack === reset.seq && !isReset(row),
      )
}

/** The last that came before it was data for its sender, which had not said anything since. */
function leftUnread(rows: readonly PacketRow[], reset: PacketRow): boolean {
  const last = lastText(rows, reset)
  return last !== undefined && last.from !== reset.from && last.received !== false
}

/** It had asked again and again, and nobody had answered. */
function unansweredTries(flow: Flow, rows: readonly PacketRow[], index: number): boolean {
  const reset = rows[index] as PacketRow
  const heard =
    rows.findLast((row, k) => k < index && row.from !== reset.from)?.at ?? Number.NEGATIVE_INFINITY
  return keepAliveProbes(flow, reset.from).filter(({ at }) => at > heard && at < reset.at).length >= 2
}

function causesOf(why: ResetReason, rows: readonly PacketRow[], index: number): readonly Cause[] {
  const all = fitting(why, rows, index)
  // What its sender's own capture has, no device on the way made.
  return hasLeft(rows[index] as PacketRow) ? all.filter(({ code }) => code !== 'middlebox') : all
}

const hasLeft = (reset: PacketRow): boolean => noteOf(reset, 'reset')?.left === true

function fitting(why: ResetReason, rows: readonly PacketRow[], index: number): readonly Cause[] {
  const reset = rows[index] as PacketRow
  if (why === 'data-after-close') {
    if (waitedForAnswer(rows, index, KEPT) && (drawnBy(rows, index)?.len ?? 0) > 0) return LATE
    return wroteAfterFin(rows, index) ? STALE : spokeLast(rows, index) ? ANSWERED : CAUSES_OF[why]
  }
  if (why !== 'abort') return CAUSES_OF[why]
  // Who got a request and said nothing has likely not read it; who got an answer has likely read it.
  if (reset.from === 'server' && leftUnread(rows, reset)) return UNREAD
  if (waitedForAnswer(rows, index, LONG)) return TIRED
  // A server that has answered, and a server that was never asked, wait for the next request.
  return reset.from === 'server' && idleBefore(rows, index) >= LONG ? IDLE : CAUSES_OF[why]
}

/** The FIN of who sent the RST, before it. */
const finBefore = (rows: readonly PacketRow[], index: number): PacketRow | undefined =>
  rows.find((row, k) => k < index && row.from === rows[index]?.from && has(row, 'F'))

/** Its sender's FIN, or the RST itself where it had not closed. */
const endedBy = (rows: readonly PacketRow[], index: number): PacketRow =>
  finBefore(rows, index) ?? (rows[index] as PacketRow)

/** The last before it, of either side, that carried data. */
const lastText = (rows: readonly PacketRow[], { at }: PacketRow): PacketRow | undefined =>
  rows.findLast((row) => row.at < at && row.len > 0)

/** How long nothing had come from either side before it, in seconds. */
function silenceBefore(rows: readonly PacketRow[], { at }: PacketRow): number {
  const before = rows.findLast((row) => row.at < at)
  return before === undefined ? 0 : at - before.at
}

/** The same when its sender ended the connection. */
const idleBefore = (rows: readonly PacketRow[], index: number): number =>
  silenceBefore(rows, endedBy(rows, index))

/** Nothing that came from the other side was without an answer when it closed. */
function spokeLast(rows: readonly PacketRow[], index: number): boolean {
  const end = endedBy(rows, index)
  return lastText(rows, end)?.from === end.from
}

/** It is the side that asks, its request was the last text of either side, and it ended the connection so much later. */
function waitedForAnswer(rows: readonly PacketRow[], index: number, seconds: number): boolean {
  const end = endedBy(rows, index)
  return (
    end.from === 'client' && lastText(rows, end)?.from === 'client' && silenceBefore(rows, end) >= seconds
  )
}

/**
 * The segment that drew it acknowledges the FIN, and a silence lay before the one or the other: its sender was not just
 * sending when the FIN came.
 */
function wroteAfterFin(rows: readonly PacketRow[], index: number): boolean {
  const draw = drawnBy(rows, index)
  const fin = finBefore(rows, index)
  if (draw === undefined || fin === undefined || draw.ack === null) return false
  const knows = ((draw.ack - ((fin.seq + lengthOf(fin)) >>> 0)) | 0) >= 0
  return knows && (silenceBefore(rows, draw) >= KEPT || silenceBefore(rows, fin) >= KEPT)
}

/** A connection that lay idle for so long was kept for reuse, in seconds. */
const KEPT = 0.5
/** No request and no answer takes so long to come on its way, in seconds: somebody waits. */
const LONG = 1

type Cause = { readonly code: CauseOf<'reset'>; readonly likelihood: Likelihood }

const CAUSES_OF: Readonly<Record<ResetReason, readonly Cause[]>> = {
  abort: [
    { code: 'application-abort', likelihood: 'likely' },
    { code: 'unread-data', likelihood: 'possible' },
    { code: 'killed-process', likelihood: 'possible' },
    { code: 'middlebox', likelihood: 'possible' },
  ],
  'data-after-close': [{ code: 'early-close', likelihood: 'likely' }],
  'closed-socket': [{ code: 'early-close', likelihood: 'likely' }],
  'time-out': [{ code: 'unanswered-probes', likelihood: 'likely' }],
  // No application sends a bare RST of its own accord.
  unknown: [
    { code: 'middlebox', likelihood: 'possible' },
    { code: 'application-abort', likelihood: 'possible' },
  ],
}
/** Of data for who had answered before it closed. */
const ANSWERED: readonly Cause[] = [
  { code: 'early-close', likelihood: 'likely' },
  { code: 'stale-connection', likelihood: 'possible' },
]
/** Of data that was sent long after the FIN had come. */
const STALE: readonly Cause[] = [
  { code: 'stale-connection', likelihood: 'likely' },
  { code: 'early-close', likelihood: 'possible' },
]
const TIMED: readonly CauseOf<'reset'>[] = ['late-answer', 'idle-time-out']
/** Of an answer to somebody who has waited for it, and has closed meanwhile. */
const LATE: readonly Cause[] = [
  { code: 'late-answer', likelihood: 'likely' },
  { code: 'early-close', likelihood: 'possible' },
]
/** Of an abort by who was waiting for an answer. */
const TIRED: readonly Cause[] = [
  { code: 'late-answer', likelihood: 'likely' },
  { code: 'application-abort', likelihood: 'possible' },
  { code: 'killed-process', likelihood: 'possible' },
  { code: 'middlebox', likelihood: 'possible' },
]
/** Of an abort by a server that nobody had asked for anything for long. */
const IDLE: readonly Cause[] = [
  { code: 'idle-time-out', likelihood: 'likely' },
  { code: 'application-abort', likelihood: 'possible' },
  { code: 'middlebox', likelihood: 'possible' },
]
/** Of an abort by a server that has said nothing since it was asked. */
const UNREAD: readonly Cause[] = [
  { code: 'unread-data', likelihood: 'likely' },
  { code: 'killed-process', likelihood: 'possible' },
  { code: 'application-abort', likelihood: 'possible' },
]

export const rule: Rule = {
  id: 'reset',
  severity: 'warning',
  // A time-out is another story, with another remedy.
  ...inEachFlow(
    'reset',
    ended,
    ({ why }, { causes }) => `${why} ${TIMED.find((code) => code === causes[0]?.code)}`,
  ),
}
