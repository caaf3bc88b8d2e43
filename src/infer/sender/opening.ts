/**
 * Who sends a SYN or a SYN+ACK, and what that shows of both ends.
 *
 * In: control blocks as replayed so far and the row. Out: actions. RFC 9293 sections 3.10.1, 3.10.7.2, 3.10.7.3.
 */
import { other, SERVER, type Segment } from '../../flow/segment.js'
import type { Tcb } from '../../rfc9293/event.js'
import { adopt, closed } from '../../rfc9293/machine.js'
import { add, diff, lt } from '../../rfc9293/sequence.js'
import { AHEAD } from '../sight.js'
import { isSuperseded } from '../superseded.js'
import { type Track, windowOf } from '../track.js'
import { type Doing, event, hasNoSocket, NOTHING } from './doing.js'

/** A SYN: an active OPEN (section 3.10.1), or the same one again. */
export function syn(track: Track, own: Tcb, peer: Tcb, row: number): readonly Doing[] {
  const s = track.segments[row] as Segment
  if (track.spoofed || track.oldSyn[row] === 1 || isLeftOver(track, own, peer, row)) return NOTHING
  const sameAttempt = !hasNoSocket(own.state) && own.iss === s.seq
  if (sameAttempt) return NOTHING
  // A SYN of its own that this end's TCP did not make (old duplicate, forged) leaves it as it is.
  if (!hasNoSocket(own.state) && own.state !== 'TIME_WAIT' && goesOnAsBefore(track, row)) return NOTHING
  const open: Doing[] = hasNoSocket(own.state)
    ? []
    : [{ kind: 'force', tcb: closed(), rule: 'infer/gone', certainty: 'implied' }]
  open.push(event({ kind: 'call', call: 'open-active', iss: s.seq, wnd: s.window }))
  if (s.len > 0) open.push(event({ kind: 'call', call: 'send', seq: add(s.seq, 1), len: s.len }))
  return open
}

/**
 * A SYN of old numbers for a peer in TIME_WAIT, which answers as one of the connection before (section 3.10.7.4 step 1):
 * a host that opens again takes a higher number (section 3.4.1), and whoever did mean to connect sends the SYN again.
 */
function isLeftOver(track: Track, own: Tcb, peer: Tcb, row: number): boolean {
  const s = track.segments[row] as Segment
  if (peer.state !== 'TIME_WAIT' || !hasNoSocket(own.state) || !lt(s.seq, peer.rcvNxt)) return false
  const behind = track.segments.slice(row + 1, row + 1 + AHEAD)
  const answer = behind.find((x) => x.from !== s.from)
  if (answer === undefined || answer.syn || answer.rst || answer.ack !== peer.rcvNxt) return false
  return !behind.some((x) => x.syn)
}

/** The sender of this SYN later sends segments that do not belong to it. */
function goesOnAsBefore(track: Track, row: number): boolean {
  const s = track.segments[row] as Segment
  const own = (x: Segment) => x.from === s.from && !x.rst
  const next = track.segments.slice(row + 1, row + 1 + AHEAD).find((x) => own(x) && x.at > s.at && !x.syn)
  const earlier = track.segments.slice(Math.max(0, row - AHEAD), row).findLast((x) => own(x) && x.at < s.at)
  if (next === undefined || earlier === undefined) return false
  return Math.abs(diff(next.seq, earlier.end)) < Math.abs(diff(next.seq, add(s.seq, 1)))
}

/** The SYN that this SYN+ACK answers was not captured: its sender is in SYN_SENT all the same. */
export function unseenSyn(track: Track, peer: Tcb, s: Segment): readonly Doing[] {
  if (track.isn[other(s.from)] !== null || track.spoofed || !hasNoSocket(peer.state)) return NOTHING
  const tcb = adopt({
    state: 'SYN_SENT',
    origin: 'active',
    iss: add(s.ack, -1),
    sndUna: add(s.ack, -1),
    sndNxt: s.ack,
  })
  return [{ end: other(s.from), kind: 'force', tcb, rule: 'infer/adopted', certainty: 'implied' }]
}

/** A SYN+ACK: its sender has taken a SYN. */
export function synAck(track: Track, own: Tcb, row: number): readonly Doing[] {
  const s = track.segments[row] as Segment
  const keepsNothing = isSuperseded(track, row) || (track.cookies && s.from === SERVER)
  if (keepsNothing && hasNoSocket(own.state)) return NOTHING
  if (own.state === 'SYN_RECEIVED') {
    // The first one tells the sequence number that the machine could not know.
    return own.iss === s.seq
      ? []
      : [{ kind: 'force', tcb: received(track, own, s), rule: 'infer/resync', certainty: 'seen' }]
  }
  if (own.state === 'SYN_SENT' || hasNoSocket(own.state) || own.state === 'TIME_WAIT') {
    return [{ kind: 'force', tcb: received(track, own, s), rule: 'infer/adopted', certainty: 'seen' }]
  }
  return NOTHING
}

const received = (track: Track, own: Tcb, s: Segment): Tcb =>
  adopt({
    state: 'SYN_RECEIVED',
    origin: own.state === 'SYN_SENT' ? 'active' : 'passive',
    iss: s.seq,
    sndUna: s.seq,
    sndNxt: s.end,
    irs: add(s.ack, -1),
    rcvNxt: s.ack,
    rcvWnd: windowOf(track, s),
  })
