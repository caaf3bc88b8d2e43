/**
 * What the sockets' owners saw: which call on which side returned which errno.
 *
 * In: a track, replayed, and the timers that ran out. Out: calls in order of time.
 * Linux tcp_reset(): a RST in SYN_SENT gives ECONNREFUSED, in CLOSE_WAIT EPIPE, else ECONNRESET; tcp_write_err() and
 * tcp_keepalive_timer(): ETIMEDOUT, or the soft error that ICMP left behind.
 */
import { CLIENT, type End, other, SERVER, type Segment } from '../flow/segment.js'
import type { Fate } from '../infer/fate.js'
import { meaningOf } from '../infer/icmp.js'
import { unansweredProbes } from '../infer/timers.js'
import type { Track } from '../infer/track.js'
import { unacknowledged } from '../infer/unacknowledged.js'
import type { Certainty, Errno, SocketCall } from '../report.js'
import { add } from '../rfc9293/sequence.js'
import type { State } from '../rfc9293/state.js'
import type { Cell } from './end.js'
import { isoTime } from './iso-time.js'
import type { Replayed } from './replay.js'
import type { Expired } from './spans.js'

type Epoch = { readonly seconds: number; readonly nanoseconds: number }

const SIDES = ['client', 'server'] as const

export function socketCalls(
  track: Track,
  fates: readonly Fate[],
  replayed: Replayed,
  expired: readonly [readonly Expired[], readonly Expired[]],
  epoch: Epoch,
): SocketCall[] {
  const calls: { at: number; call: SocketCall }[] = []
  const say = (
    end: End,
    call: SocketCall['call'],
    errno: Errno,
    at: number,
    packet: number | null,
    certainty: Certainty,
    shownBy: number | null = null,
    /** Of the packet that caused or shows it. */
    capture = 0,
  ): void => {
    const shown = { ...(shownBy === null ? {} : { shownBy }), ...(capture === 0 ? {} : { capture }) }
    const time = timeOf(epoch, at)
    calls.push({ at, call: { side: SIDES[end], call, errno, packet, ...shown, time, certainty } })
  }
  track.segments.forEach((s, row) => {
    if (!s.rst || (track.duplicateOf[row] as number) >= 0) return
    const to = other(s.from)
    const cell = replayed.cells[row]?.[to] as Cell
    const seen = afterReset(cell)
    if (seen !== null) {
      const certainty = seen.certainty ?? (fates[row]?.received === true ? 'implied' : 'assumed')
      say(to, seen.call, seen.errno, s.at, s.packet, certainty, null, s.capture)
    }
    if (keepAliveFailed(track, row))
      // Its own RST is what the timer sent, not what caused it.
      say(
        s.from,
        'recv',
        softError(track, s.from, s.at) ?? 'ETIMEDOUT',
        s.at,
        null,
        'implied',
        s.packet,
        s.capture,
      )
  })
  for (const error of replayed.fatalErrors) {
    const meaning = meaningOf(error)
    if (meaning.errno !== null)
      say(error.to, 'connect', meaning.errno, error.at, error.packet, 'implied', null, error.capture)
  }
  for (const end of [CLIENT, SERVER] as const) {
    for (const entry of replayed.logs[end]) {
      const call = entry.rules[0] === 'infer/gave-up' ? afterTimer(entry.from) : null
      if (call !== null)
        say(end, call, softError(track, end, entry.at) ?? 'ETIMEDOUT', entry.at, null, 'implied')
    }
    const probes = unansweredProbes(track, end)
    const last = probes[probes.length - 1]
    // It goes on asking; when it stops, that is what its owner will be told.
    if (last !== undefined && probes.length >= 2 && afterTimer(replayed.ends[end].state) !== null) {
      say(end, 'recv', softError(track, end, last.at) ?? 'ETIMEDOUT', last.at, null, 'assumed')
    }
    for (const over of expired[end]) {
      const call = afterTimer(over.state)
      if (call === null) continue
      // A timer that is still to come is only told when the end has already tried in vain.
      const tries = over.state === 'SYN_SENT' ? syns(track, end) : unacknowledged(track, end, Infinity).length
      if (!over.happened && tries < 2) continue
      say(end, call, softError(track, end, over.at) ?? 'ETIMEDOUT', over.at, null, 'assumed')
    }
  }
  return calls.sort((a, b) => a.at - b.at).map(({ call }) => call)
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
function softError(track: Track, end: End, before: number): Errno | null {
  const error = track.connection.icmp.findLast((e) => e.to === end && e.at <= before)
  return error === undefined ? null : meaningOf(error).errno
}

export function timeOf(epoch: Epoch, at: number): string {
  const whole = Math.floor(at)
  let seconds = epoch.seconds + whole
  let nanoseconds = epoch.nanoseconds + Math.round((at - whole) * 1e9)
  if (nanoseconds >= 1e9) {
    seconds += Math.floor(nanoseconds / 1e9)
    nanoseconds %= 1e9
  }
  return isoTime(seconds, nanoseconds)
}
