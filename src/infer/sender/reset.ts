/**
 * Who sends a RST: an abort, an end without a socket, or somebody else. RFC 9293 sections 3.5.2, 3.5.3, 3.10.5.
 *
 * In: control blocks as replayed so far and the row. Out: actions.
 */
import { type End, other, type Segment } from '../../flow/segment.js'
import type { Tcb } from '../../rfc9293/event.js'
import { adopt, closed } from '../../rfc9293/machine.js'
import { gt, lt } from '../../rfc9293/sequence.js'
import { isForged, isUnprompted } from '../resets.js'
import type { Track } from '../track.js'
import { type Doing, event, hasNoSocket, NOTHING } from './doing.js'

/** A capture that begins with a RST: whoever it is for had a connection, and so had its sender if it aborts one. */
export function aliveBefore(track: Track, own: Tcb, peer: Tcb, row: number): readonly Doing[] {
  const s = track.segments[row] as Segment
  if (!track.connection.beginsInMiddle || !hasNoSocket(own.state) || !hasNoSocket(peer.state)) return NOTHING
  for (let k = row - 1; k >= 0 && k > row - FORGOTTEN; k--)
    if (track.segments[k]?.rst === false) return NOTHING
  const established = (sndNxt: number, rcvNxt: number): Tcb =>
    adopt({ state: 'ESTABLISHED', sndUna: sndNxt, sndNxt, rcvNxt })
  const force = (end: End, tcb: Tcb): Doing => ({
    end,
    kind: 'force',
    tcb,
    rule: 'infer/adopted',
    certainty: 'assumed',
  })
  const receiver = force(other(s.from), established(s.ackBit ? s.ack : 0, s.seq))
  const aborts = s.ackBit && (s.hasOptions || s.window > 0)
  return aborts ? [receiver, force(s.from, established(s.seq, s.ack))] : s.ackBit ? [] : [receiver]
}

/** After so many RSTs and nothing else nobody knows any more what was before them, in rows. */
const FORGOTTEN = 1024

/** A RST: an abort, an answer from no socket, or not its sender's at all. */
export function reset(track: Track, own: Tcb, row: number): readonly Doing[] {
  const s = track.segments[row] as Segment
  if (hasNoSocket(own.state) || isForged(track, row) || isUnprompted(track, row)) return NOTHING
  if (s.ackBit) return [event({ kind: 'call', call: 'abort' })]
  if (answersBadAck(own, s)) return NOTHING
  return [{ kind: 'force', tcb: closed(), rule: 'infer/gone', certainty: 'implied' }]
}

/** In SYN_SENT and SYN_RECEIVED an unacceptable ACK draws a bare RST from an end that stays (3.10.7.3 first, 3.10.7.4 step 5). */
const answersBadAck = (own: Tcb, s: Segment): boolean =>
  (own.state === 'SYN_SENT' || own.state === 'SYN_RECEIVED') &&
  (gt(s.seq, own.sndNxt) || lt(s.seq, own.sndNxt))
