/**
 * When an end gives up without a packet: SYN and SYN+ACK budgets, retransmission limits, orphans, 2MSL.
 *
 * In: a track, an end, a stretch of time it spent in one state. Out: when the stretch ends by itself, and what a call
 * then returns. Times in seconds as in `Segment.at`, at the capture point.
 * Linux tcp_write_timeout(), retransmits_timed_out(), reqsk_timer_handler(), tcp_time_wait(); RFC 6298, RFC 9293
 * sections 3.8.3 and 3.6.1.
 */
import { type End, type Segment, sequenceLength } from '../flow/segment.js'
import type { TimerSpan } from '../report.js'
import { add, geq } from '../rfc9293/sequence.js'
import type { StackProfile } from '../rfc9293/stack.js'
import type { State } from '../rfc9293/state.js'
import { abandonedAt } from './abandoned-attempt.js'
import type { Fate } from './fate.js'
import type { Timeline } from './track.js'
import { unacknowledged } from './unacknowledged.js'

export type TimerName = TimerSpan['name']

export interface GivesUp {
  readonly at: number
  /** When it was started first, where that is not the beginning of the state. */
  readonly since?: number
  readonly timer: TimerName
  /** The packets alone show it (resends that stopped early), not only the defaults. */
  readonly shown: boolean
  /** So many times it was sent again before: all that this host allows. */
  readonly resends?: number
  /** Its owner did not wait for that: the end of the state, which no packet shows. */
  readonly abandoned?: number
}

/** When `state`, entered at `from` and left at `to` as far as packets tell (Infinity: never), ends by itself; null: not. */
export function givesUp(
  track: Timeline,
  fates: readonly Fate[],
  end: End,
  state: State,
  from: number,
  to: number,
  /** A packet proves that it was over by `to`, without showing when it ended. */
  gone: boolean,
): GivesUp | null {
  const stack = track.stacks[end]
  switch (state) {
    case 'SYN_SENT':
      return synGivesUp(track, end, stack, from, to)
    case 'SYN_RECEIVED':
      return synAckGivesUp(track, end, stack, from, to, gone)
    case 'TIME_WAIT':
      return {
        at: timeWaitFrom(track, fates, end, from, to) + stack.timeWait,
        timer: 'time-wait',
        shown: false,
      }
    case 'FIN_WAIT_2':
      if (!Number.isFinite(stack.finTimeout) || isHeld(track, end, from, to)) return null
      return { at: from + stack.finTimeout, timer: 'fin-wait-2', shown: false }
    case 'FIN_WAIT_1':
    case 'CLOSING':
    case 'LAST_ACK':
      return retransmissionGivesUp(track, end, stack.orphanRetries, stack, to)
    case 'ESTABLISHED':
    case 'CLOSE_WAIT':
      return retransmissionGivesUp(track, end, stack.retries2, stack, to)
    default:
      return null
  }
}

const rowsOf = (
  track: Timeline,
  end: End,
  from: number,
  to: number,
  which: (s: Segment) => boolean,
): Segment[] =>
  track.segments.filter(
    (s, row) =>
      s.from === end &&
      s.at >= from - EDGE &&
      s.at < to &&
      (track.duplicateOf[row] as number) < 0 &&
      which(s),
  )

/** A stretch begins on the end's own clock, a little before its packet passes the capture point. */
const EDGE = 1

/** The wait after the nth SYN (from 1): constant at first, then doubled (tcp_syn_linear_timeouts, RFC 6298 5.5). */
export const synWait = (stack: StackProfile, nth: number): number =>
  Math.min(stack.maxRto, stack.initialRto * 2 ** Math.max(0, nth - 1 - stack.synLinearTimeouts))

function synGivesUp(
  track: Timeline,
  end: End,
  stack: StackProfile,
  from: number,
  to: number,
): GivesUp | null {
  const syns = rowsOf(track, end, from, to, (s) => s.syn && !s.ackBit)
  const first = syns[0]
  const last = syns[syns.length - 1]
  if (first === undefined || last === undefined || !Number.isFinite(stack.synRetries)) return null
  const at = last.at + waitAfterSyns(stack, syns.length, last.at - first.at)
  const over: GivesUp = { at, timer: 'syn', shown: false }
  if (Number.isFinite(to)) return over
  const abandoned = abandonedAt(syns, synWait(stack, syns.length), track.captureEnd)
  return abandoned === null || track.captureEnd > at ? over : { at, timer: 'syn', shown: false, abandoned }
}

/**
 * How long a client goes on after the last of so many SYNs, which it sent over `took` seconds: the timer fires, and
 * either sends again or gives up. SYNs not captured any more are reckoned with.
 */
export function waitAfterSyns(stack: StackProfile, syns: number, took: number): number {
  const limit = modelTimeout(stack, stack.synRetries, stack.initialRto)
  let waited = 0
  for (let nth = syns; ; nth++) {
    waited += synWait(stack, nth)
    if (nth - 1 >= stack.synRetries + stack.synLinearTimeouts || took + waited >= limit) return waited
  }
}

/** How long a server holds a connection of whose SYN+ACKs none is answered. */
export const synAckBudget = (stack: StackProfile): number =>
  modelTimeout(stack, stack.synAckRetries, stack.initialRto)

function synAckGivesUp(
  track: Timeline,
  end: End,
  stack: StackProfile,
  from: number,
  to: number,
  gone: boolean,
): GivesUp | null {
  const synAcks = rowsOf(track, end, from, to, (s) => s.syn && s.ackBit)
  const first = synAcks[0]
  const last = synAcks[synAcks.length - 1]
  if (first === undefined || last === undefined) return null
  const budget = first.at + synAckBudget(stack)
  // Resends that stop before the budget: the host is set to fewer, and gave up when the next one was due.
  const resent = Math.round(Math.log2((last.at - first.at) / stack.initialRto + 1))
  const due = first.at + stack.initialRto * (2 ** (resent + 1) - 1)
  const missed = Math.min(to, track.captureEnd) > due + 0.3 * 2 ** resent
  if (resent >= 1 && due < budget && (missed || (gone && due < to))) {
    return { at: due, timer: 'syn-ack', shown: true, resends: resent }
  }
  return Number.isFinite(budget) ? { at: budget, timer: 'syn-ack', shown: false } : null
}

/** TIME_WAIT begins again with each segment that is answered with an ACK (section 3.10.7.4 steps 5 and 8). */
function timeWaitFrom(track: Timeline, fates: readonly Fate[], end: End, from: number, to: number): number {
  let begin = from
  const { anyAckRestartsTimeWait } = track.stacks[end]
  for (let row = 0; row < track.segments.length; row++) {
    const s = track.segments[row] as Segment
    if (s.from === end || s.at <= from || s.at >= to || s.rst || fates[row]?.arrives !== true) continue
    if (s.fin || anyAckRestartsTimeWait) begin = s.at
  }
  return begin
}

/** Its owner still holds the socket: it took data after its own FIN. */
export function isHeld(track: Timeline, end: End, from: number, to: number): boolean {
  const data = track.segments.find((s) => s.from !== end && s.at > from && s.at < to && s.len > 0)
  if (data === undefined) return false
  return track.segments.some(
    (s) => s.from === end && s.at >= data.at && s.ackBit && !s.rst && geq(s.ack, data.end),
  )
}

/** Linux tcp_model_timeout(): how long `boundary` doublings of `base`, the least RTO, take, in seconds. */
export function modelTimeout(stack: StackProfile, boundary: number, base = stack.minRto): number {
  const linear = Math.floor(Math.log2(stack.maxRto / base))
  if (boundary <= linear) return (2 ** (boundary + 1) - 1) * base
  return (2 ** (linear + 1) - 1) * base + (boundary - linear) * stack.maxRto
}

/** Sends the same bytes again and again without an answer: gives up at the first time-out beyond the limit. */
function retransmissionGivesUp(
  track: Timeline,
  end: End,
  retries: number,
  stack: StackProfile,
  to: number,
): GivesUp | null {
  if (!Number.isFinite(retries)) return null
  const copies = unacknowledged(track, end, to)
  const [first, second] = copies
  const last = copies[copies.length - 1]
  const before = copies[copies.length - 2]
  if (first === undefined || second === undefined || last === undefined || before === undefined) return null
  const limit = modelTimeout(stack, retries)
  let wait = Math.min(stack.maxRto, Math.max(stack.minRto, 2 * (last.at - before.at)))
  // The second copy may be a tail loss probe, which does not double the time-out.
  if (copies.length === 2 && stack.lossProbe) wait = Math.max(stack.minRto, last.at - before.at)
  let at = last.at
  // Of its peer nothing was captured: an end that stops sending again before it may give up was answered.
  const { segments } = track
  const unheard = !segments.some((s) => s.from !== end)
  const stopped = Math.min(to, track.captureEnd) > at + LATE * wait && at + wait - second.at < limit
  if (unheard && stopped) return null
  do {
    at += wait
    wait = Math.min(stack.maxRto, 2 * wait)
  } while (at - second.at < limit)
  // Who still sends has not given up; what stopped the timer was not captured.
  const wentOn = segments.some(
    (s, row) => s.from === end && s.at > at && !s.rst && !s.syn && isOwn(track, row),
  )
  return wentOn ? null : { at, since: first.at, timer: 'retransmission', shown: false }
}

const isOwn = (track: Timeline, row: number): boolean => (track.duplicateOf[row] as number) < 0

/** No time-out that was not doubled takes so many times the one before it. */
const LATE = 3

/** When an end that has sent the same bytes at least twice in vain before `to` would have sent them again; else null. */
export function nextTryDue(track: Timeline, end: End, to: number): number | null {
  const copies = unacknowledged(track, end, to)
  const last = copies[copies.length - 1]
  const before = copies[copies.length - 2]
  if (last === undefined || before === undefined) return null
  return (
    last.at +
    Math.min(track.stacks[end].maxRto, Math.max(track.stacks[end].minRto, 2 * (last.at - before.at)))
  )
}

/**
 * Probes at the end of the capture that nobody answered: keep-alives (section 3.8.4) or window probes (3.8.6.1), one
 * below what was sent last. Oldest first.
 */
export function unansweredProbes(track: Timeline, end: End): Segment[] {
  const probes: Segment[] = []
  /** Row of the last segment before that takes sequence space: the same one for many probes. */
  let base = track.segments.length
  for (let row = track.segments.length - 1; row >= 0; row--) {
    const s = track.segments[row] as Segment
    if (s.from !== end || s.len > 1 || s.syn || s.fin || s.rst) break
    if (row <= base) base = lastBefore(track, row)
    if (track.segments[base]?.end !== add(s.seq, 1)) break
    probes.push(s)
  }
  return probes.reverse()
}

/** The last row before `row` of the same end that takes sequence space; -1: none. */
function lastBefore(track: Timeline, row: number): number {
  const { from } = track.segments[row] as Segment
  for (let k = row - 1; k >= 0; k--) {
    const x = track.segments[k] as Segment
    if (x.from === from && sequenceLength(x) > 0 && !x.rst) return k
  }
  return -1
}
