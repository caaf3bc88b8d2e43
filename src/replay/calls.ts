/**
 * What the sockets' owners saw: which call on which side returned which errno.
 *
 * In: a track, replayed, and the timers that ran out. Out: calls in order of time.
 * Linux tcp_reset(): a RST in SYN_SENT gives ECONNREFUSED, in CLOSE_WAIT EPIPE, else ECONNRESET; tcp_write_err() and
 * tcp_keepalive_timer(): ETIMEDOUT, or the soft error that ICMP left behind.
 */
import { laterBy } from '../flow/clocks.js'
import { CLIENT, type End, type Epoch, other, SERVER, type Segment } from '../flow/segment.js'
import type { Fate } from '../infer/fate.js'
import { meaningOf } from '../infer/icmp.js'
import { unansweredProbes } from '../infer/timers.js'
import type { Track } from '../infer/track.js'
import { unacknowledged } from '../infer/unacknowledged.js'
import { type Certainty, type Errno, SIDES, type SocketCall } from '../report.js'
import { add } from '../rfc9293/sequence.js'
import type { State } from '../rfc9293/state.js'
import type { Cell, LogEntry } from './end.js'
import { isoTime } from './iso-time.js'
import type { Replayed } from './replay.js'
import type { Expired } from './spans.js'

export function socketCalls(
  track: Track,
  fates: readonly Fate[],
  replayed: Replayed,
  expired: readonly [readonly Expired[], readonly Expired[]],
  epoch: Epoch,
): SocketCall[] {
  const calls = new Calls(epoch)
  for (let row = 0; row < track.segments.length; row++) {
    const isReset = (track.segments[row] as Segment).rst
    if (isReset && (track.duplicateOf[row] as number) < 0) reset(calls, track, fates, replayed, row)
  }
  for (const error of replayed.fatalErrors) {
    const { errno } = meaningOf(error)
    if (errno !== null) calls.say(error.to, 'connect', errno, 'implied', error.at, error)
  }
  for (const end of [CLIENT, SERVER] as const) {
    gaveUp(calls, track, replayed.logs[end], end)
    unanswered(calls, track, replayed, end)
    for (const over of expired[end]) ranOut(calls, track, over, end)
  }
  return calls.inOrder()
}

/** What was found so far. */
class Calls {
  readonly #all: { readonly at: number; readonly call: SocketCall }[] = []

  constructor(readonly epoch: Epoch) {}

  say(
    end: End,
    call: SocketCall['call'],
    errno: Errno,
    certainty: Certainty,
    at: number,
    /** The packet that caused it; null: a timer did. */
    cause: Captured | null = null,
    /** The packet that its end sent when the timer ran out. */
    shows: Captured | null = null,
  ): void {
    const capture = (cause ?? shows)?.capture ?? 0
    const shown = {
      ...(shows === null ? {} : { shownBy: shows.packet }),
      ...(capture === 0 ? {} : { capture }),
    }
    const time = timeOf(this.epoch, at)
    const packet = cause?.packet ?? null
    this.#all.push({ at, call: { side: SIDES[end], call, errno, packet, ...shown, time, certainty } })
  }

  inOrder(): SocketCall[] {
    return this.#all.sort((a, b) => a.at - b.at).map(({ call }) => call)
  }
}

type Captured = Pick<Segment, 'packet' | 'capture'>

function reset(calls: Calls, track: Track, fates: readonly Fate[], replayed: Replayed, row: number): void {
  const s = track.segments[row] as Segment
  const to = other(s.from)
  const seen = afterReset(replayed.cells[to][row] as Cell)
  if (seen !== null) {
    const certainty = seen.certainty ?? (fates[row]?.received === true ? 'implied' : 'assumed')
    calls.say(to, seen.call, seen.errno, certainty, s.at, s)
  }
  // Its own RST is what the timer sent, not what caused it.
  if (keepAliveFailed(track, row))
    calls.say(s.from, 'recv', timedOut(track, s.from, s.at), 'implied', s.at, null, s)
}

/** The packets show that a timer ran out. */
function gaveUp(calls: Calls, track: Track, log: readonly LogEntry[], end: End): void {
  for (const { rules, from, at } of log) {
    const call = rules[0] === 'infer/gave-up' ? afterTimer(from) : null
    if (call !== null) calls.say(end, call, timedOut(track, end, at), 'implied', at)
  }
}

/** It goes on asking; when it stops, that is what its owner will be told. */
function unanswered(calls: Calls, track: Track, replayed: Replayed, end: End): void {
  if (afterTimer(replayed.ends[end].state) === null) return
  const probes = unansweredProbes(track, end)
  const last = probes[probes.length - 1]
  if (last === undefined || probes.length < 2) return
  calls.say(end, 'recv', timedOut(track, end, last.at), 'assumed', last.at)
}

function ranOut(calls: Calls, track: Track, over: Expired, end: End): void {
  const call = afterTimer(over.state)
  if (call === null) return
  // A timer that is still to come is only told when the end has already tried in vain.
  if (!over.happened) {
    const { POSITIVE_INFINITY } = Number
    const isSyn = over.state === 'SYN_SENT'
    const tries = isSyn ? syns(track, end) : unacknowledged(track, end, POSITIVE_INFINITY).length
    if (tries < 2) return
  }
  calls.say(end, call, timedOut(track, end, over.at), 'assumed', over.at)
}

const syns = (track: Track, end: End): number =>
  track.segments.filter((s) => s.from === end && s.syn && !s.ackBit).length

/** The call that notices a RST, by the state it met. Null: no owner, or none that could notice. */
function afterReset(cell: Cell): { call: SocketCall['call']; errno: Errno; certainty?: Certainty } | null {
  if (cell.state !== 'CLOSED') return null
  switch (cell.was) {
    case 'SYN_SENT':
      return { call: 'connect', errno: 'ECONNREFUSED' }
    case 'CLOSE_WAIT':
      return { call: 'send', errno: 'EPIPE' }
    case 'ESTABLISHED':
      return { call: 'recv', errno: 'ECONNRESET' }
    case 'SYN_RECEIVED':
      return null
    case 'FIN_WAIT_1':
    case 'FIN_WAIT_2':
      // A socket that somebody holds would not have taken this RST.
      if (cell.rules.includes('infer/resync')) return null
      // After close() nobody is left to see it; after shutdown() recv() does.
      return { call: 'recv', errno: 'ECONNRESET', certainty: 'assumed' }
    default:
      return null
  }
}

function afterTimer(state: State): SocketCall['call'] | null {
  if (state === 'SYN_SENT') return 'connect'
  if (state === 'ESTABLISHED' || state === 'CLOSE_WAIT') return 'recv'
  return null
}

/** The RST+ACK at `row` follows keep-alive probes that nobody answered (section 3.8.4). */
export function keepAliveFailed(track: Track, row: number): boolean {
  const reset = track.segments[row] as Segment
  if (!reset.rst || !reset.ackBit) return false
  let probes = 0
  let last = reset.at
  for (let k = row - 1; k >= 0; k--) {
    const s = track.segments[k] as Segment
    if (s.from !== reset.from) break
    if (s.len > 1 || s.syn || s.fin || s.rst || add(s.seq, 1) !== reset.seq) break
    if (probes === 0) last = s.at
    probes++
  }
  // Probes are seconds apart; an ACK in passing just before an abort is none.
  return probes >= 2 && reset.at - last > 0.3
}

/** What ICMP told a connection that went on trying: Linux returns it instead of ETIMEDOUT (sk_err_soft). */
function timedOut(track: Track, end: End, at: number): Errno {
  const error = track.connection.icmp.findLast((e) => e.to === end && e.at <= at)
  return (error === undefined ? null : meaningOf(error).errno) ?? 'ETIMEDOUT'
}

export function timeOf(epoch: Epoch, at: number): string {
  const { seconds, nanoseconds } = laterBy(epoch, at)
  return isoTime(seconds, nanoseconds)
}
