/**
 * What an end did that made it send a segment: a call, an answer, a timer; or something that happened to it unseen.
 *
 * In: both ends' control blocks as replayed so far, and the row that one of them sends. Out: events for the machine,
 * or states forced upon it with the name of the reason. RFC 9293 section 3.9.1 (calls).
 */
import { other, type Segment } from '../flow/segment.js'
import type { Tcb } from '../rfc9293/event.js'
import { type Doing, NOTHING } from './sender/doing.js'
import { hiddenClose } from './sender/hidden-close.js'
import { syn, synAck, unseenSyn } from './sender/opening.js'
import { aliveBefore, reset } from './sender/reset.js'
import { synchronized } from './sender/synchronized.js'
import { caughtUp } from './sender/unseen.js'
import { isGenuine, type Track } from './track.js'

export { textEndsOrphan } from './orphan.js'
export { type Doing, hasNoSocket } from './sender/doing.js'
export { explainCookie, explainGone } from './sender/gone.js'
export { hiddenCloseBeforeFin } from './sender/hidden-close.js'

export function explainSending(
  track: Track,
  ends: readonly [{ readonly tcb: Tcb }, { readonly tcb: Tcb }],
  row: number,
): readonly Doing[] {
  const s = track.segments[row] as Segment
  const own = ends[s.from].tcb
  const peer = ends[other(s.from)].tcb
  if (!isGenuine(track, row)) return NOTHING
  if (s.rst) {
    const alive = aliveBefore(track, own, peer, row)
    const then = alive.find((doing) => doing.end === s.from && doing.kind === 'force')
    return [...alive, ...reset(track, then?.kind === 'force' ? then.tcb : own, row)]
  }
  if (s.syn && !s.ackBit) return syn(track, own, peer, row)
  if (s.syn) return inTurn(unseenSyn(track, peer, s), synAck(track, own, row))
  return inTurn(
    inTurn(caughtUp(track, own, peer, row), hiddenClose(track, own, row)),
    synchronized(track, own, row),
  )
}

/** Most rows have one thing to say, or nothing. */
const inTurn = (first: readonly Doing[], second: readonly Doing[]): readonly Doing[] =>
  first.length === 0 ? second : second.length === 0 ? first : [...first, ...second]
