/**
 * An end without an owner in FIN_WAIT: how long it can have lasted, and what ends it sooner.
 *
 * In: a track, the end's control block as replayed so far and since when it is in its state, the row of a segment that
 * drew a RST without a socket. Out: whether a timer can have ended it before; whether the segment's own text did.
 * RFC 9293 section 3.6.1 (SHLD-3); Linux tcp_fin_timeout, tcp_orphan_retries, tcp_rcv_state_process().
 */
import { other, type Segment } from '../flow/segment.js'
import type { Tcb } from '../rfc9293/event.js'
import { add, gt } from '../rfc9293/sequence.js'
import { isHeld, modelTimeout } from './timers.js'
import { comesAt, type Track } from './track.js'

export interface Standing {
  readonly tcb: Tcb
  /** When it entered its state, seconds as in `Segment.at`; -Infinity: before anything that is known. */
  readonly since: number
}

/** A FIN_WAIT that nobody owned can have run out before the segment at `row` arrived. */
export function orphanRanOut(track: Track, { tcb, since }: Standing, row: number): boolean {
  const s = track.segments[row] as Segment
  const end = other(s.from)
  const stack = track.stacks[end]
  const arrived = comesAt(track, row)
  const lasted = arrived - since
  if (tcb.state === 'FIN_WAIT_1') return lasted >= modelTimeout(stack, stack.orphanRetries)
  return tcb.state === 'FIN_WAIT_2' && lasted >= stack.finTimeout && !isHeld(track, end, since, s.at)
}

/**
 * New text, or a FIN with a hole before it, met the end while it was still there: "if new data is received after CLOSE
 * is called", a RST is the answer and its end. Old text is only acknowledged.
 */
export function textEndsOrphan(track: Track, standing: Standing, row: number): boolean {
  const { state, rcvNxt, rcvWnd } = standing.tcb
  if (state !== 'FIN_WAIT_1' && state !== 'FIN_WAIT_2') return false
  const s = track.segments[row] as Segment
  const isNew = (s.len > 0 || s.fin) && gt(add(s.seq, s.len), rcvNxt)
  // What begins beyond its window it would have answered with an ACK (tcp_timewait_state_process(), tcp_sequence()).
  const isWithin = gt(add(rcvNxt, Math.max(1, rcvWnd)), s.seq)
  return isNew && isWithin && !orphanRanOut(track, standing, row)
}
