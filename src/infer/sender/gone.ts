/**
 * What became of a socket unseen: the segment that finds it gone, or that a SYN cookie turns into one.
 *
 * In: the receiver's control block as replayed so far and the row. Out: actions.
 */
import { other, SERVER, type Segment } from '../../flow/segment.js'
import type { InferredRule } from '../../report.js'
import type { Tcb } from '../../rfc9293/event.js'
import { adopt, closed } from '../../rfc9293/machine.js'
import { add } from '../../rfc9293/sequence.js'
import { orphanRanOut, type Standing } from '../orphan.js'
import { nextTryDue, synWait } from '../timers.js'
import { comesAt, type Track } from '../track.js'
import { type Doing, hasNoSocket, NOTHING } from './doing.js'

/** The ACK of a cookie makes the connection: the server had nothing before it (RFC 4987 section 3.6). */
export function explainCookie(track: Track, own: Tcb, row: number): readonly Doing[] {
  const s = track.segments[row] as Segment
  const iss = track.isn[SERVER]
  if (!track.cookies || s.from === SERVER || !hasNoSocket(own.state) || s.syn || s.rst || iss === null)
    return NOTHING
  if (!s.ackBit || s.ack !== add(iss, 1)) return NOTHING
  const tcb = adopt({
    state: 'ESTABLISHED',
    origin: 'passive',
    iss,
    sndUna: s.ack,
    sndNxt: s.ack,
    rcvNxt: s.seq,
  })
  return [{ kind: 'force', tcb, rule: 'infer/syn-cookie', certainty: 'assumed' }]
}

/** The segment at `row` met no socket: what had become of it. */
export function explainGone(track: Track, standing: Standing, row: number): readonly Doing[] {
  const own = standing.tcb
  if (hasNoSocket(own.state)) return NOTHING
  const [rule, cause] = whatEnded(track, standing, row)
  const s = track.segments[row] as Segment
  const arrived = comesAt(track, row)
  // Nobody knows when a host forgot a connection: the middle of its silence is the best guess.
  const lost = own.state === 'ESTABLISHED' || own.state === 'CLOSE_WAIT'
  const due = lost ? nextTryDue(track, other(s.from), s.at) : null
  if (due !== null) {
    // It sent the same again and again, and then stopped: it gave up when the next try was due.
    const when = Math.min(due, arrived)
    return [
      { kind: 'force', tcb: closed(), rule: 'infer/gave-up', certainty: 'implied', cause: 'timer', at: when },
    ]
  }
  if (own.state === 'SYN_SENT') return [abandoned(track, row, arrived)]
  const at = lost ? (lastHeard(track, row) + arrived) / 2 : arrived
  return [{ kind: 'force', tcb: closed(), rule, certainty: 'implied', cause, at }]
}

/** Its application had stopped waiting: after the last SYN, and before the next was due. */
function abandoned(track: Track, row: number, arrived: number): Doing {
  const from = other((track.segments[row] as Segment).from)
  const syns = track.segments.slice(0, row).filter((x) => x.from === from && x.syn)
  const last = syns[syns.length - 1]?.at ?? arrived
  const at = (last + Math.min(arrived, last + synWait(track.stacks[from], syns.length))) / 2
  return {
    kind: 'force',
    tcb: closed(),
    rule: 'infer/gone',
    certainty: 'implied',
    cause: 'call',
    at,
  }
}

/** A timer only where it can have run out by then. */
function whatEnded(track: Track, standing: Standing, row: number): readonly [InferredRule, 'timer' | 'call'] {
  if (standing.tcb.state === 'SYN_RECEIVED') return ['infer/gave-up', 'timer']
  if (orphanRanOut(track, standing, row)) return ['infer/orphan-timeout', 'timer']
  return ['infer/gone', 'call']
}

/** When the receiver of `row` last gave a sign of life before it. */
function lastHeard(track: Track, row: number): number {
  const to = other((track.segments[row] as Segment).from)
  for (let k = row - 1; k >= 0; k--) {
    const s = track.segments[k] as Segment
    if (s.from === to && !s.rst) return s.at
  }
  return track.segments[0]?.at ?? 0
}
