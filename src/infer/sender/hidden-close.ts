/**
 * A FIN that was lost before the capture point: it is captured only when it is sent again, but what its sender says in
 * between has the number behind it.
 *
 * In: a control block as replayed so far and a row. Out: the close() that came before, in its place. RFC 9293 section 3.6:
 * an end that closes before the other's FIN comes goes through FIN_WAIT_1 and CLOSING, one that closes after it through
 * CLOSE_WAIT and LAST_ACK.
 */
import { other, type Segment, sequenceLength } from '../../flow/segment.js'
import type { Tcb } from '../../rfc9293/event.js'
import { add, geq, gt } from '../../rfc9293/sequence.js'
import type { Fate } from '../fate.js'
import { isGenuine, type Track } from '../track.js'
import { type Doing, event, NOTHING } from './doing.js'

/** So many of its sender's rows are looked at for the FIN that comes again. */
const AHEAD = 64

/** What its sender did before the segment at `row`. */
export const hiddenClose = (track: Track, own: Tcb, row: number): readonly Doing[] => {
  const { fin, seq } = track.segments[row] as Segment
  // Hardly ever: most segments go on where the one before ended.
  if (fin || own.fin !== null || !gt(seq, own.sndNxt) || !comesAgain(track, row)) return NOTHING
  return [close(seq)]
}

/**
 * What the receiver of the FIN at `row` had done before it came: the first that it says of that FIN lies behind a FIN of its
 * own. Had it closed afterwards, its own FIN would have said it.
 */
export function hiddenCloseBeforeFin(track: Track, own: Tcb, row: number, { after }: Fate): readonly Doing[] {
  const s = track.segments[row] as Segment
  const to = other(s.from)
  const next = track.nextOf[to][Math.max(row, after)] ?? -1
  const answer = track.segments[next]
  if (answer === undefined || own.fin !== null || own.state !== 'ESTABLISHED') return NOTHING
  if (answer.rst || sequenceLength(answer) > 0 || !gt(answer.seq, own.sndNxt) || !geq(answer.ack, s.end))
    return NOTHING
  // A FIN that came a second time is answered again: the first answer may have been in a FIN that nobody captured.
  for (let k = row + 1; k < next; k++) {
    const copy = track.segments[k] as Segment
    if (copy.from === s.from && copy.fin) return NOTHING
  }
  return comesAgain(track, next) ? [close(answer.seq)] : NOTHING
}

const close = (behind: number): Doing =>
  event({ kind: 'call', call: 'close', fin: add(behind, -1) }, 'implied')

/** The sender of the segment at `row` sends a FIN later that ends where this one begins. */
function comesAgain(track: Track, row: number): boolean {
  const { from, seq } = track.segments[row] as Segment
  let next = row
  for (let k = 0; k < AHEAD; k++) {
    next = track.nextOf[from][next] ?? -1
    const s = track.segments[next]
    if (s === undefined) return false
    if (s.fin && s.end === seq && isGenuine(track, next)) return true
  }
  return false
}
