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
      args: held(flow, side, { why, state: reset[side].was, errno }),
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
  const closed = rows.some((row, k) => k < index && row.from === side && has(row, 'F'))
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
  const last = rows.findLast((row) => row.at < reset.at && row.len > 0)
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
  // Who got a request and said nothing has likely not read it; who got an answer has likely read it.
  if (why === 'abort' && reset.from === 'server' && leftUnread(rows, reset)) return UNREAD
  return why === 'data-after-close' && wroteAfterFin(rows, index) ? STALE : CAUSES_OF[why]
}

/** The segment that drew it acknowledges the FIN, and came after a silence: its sender was not just sending when the FIN came. */
function wroteAfterFin(rows: readonly PacketRow[], index: number): boolean {
  const reset = rows[index] as PacketRow
  const draw = drawnBy(rows, index)
  const fin = rows.find((row, k) => k < index && row.from === reset.from && has(row, 'F'))
  if (draw === undefined || fin === undefined || draw.ack === null) return false
  const before = rows.findLast((row) => row.at < draw.at)
  const knows = ((draw.ack - ((fin.seq + lengthOf(fin)) >>> 0)) | 0) >= 0
  return knows && before !== undefined && draw.at - before.at >= KEPT
}

/** A connection that lay idle for so long was kept for reuse, in seconds. */
const KEPT = 0.5

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
/** Of data that was sent long after the FIN had come. */
const STALE: readonly Cause[] = [
  { code: 'stale-connection', likelihood: 'likely' },
  { code: 'early-close', likelihood: 'possible' },
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
  ...inEachFlow('reset', ended, ({ why }) => `${why}`),
}
