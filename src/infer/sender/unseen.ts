/**
 * What a segment shows of packets that were not captured: its sender acknowledges more than was seen.
 *
 * In: both control blocks as replayed so far and the row. Out: actions for both ends.
 */
import { other, SERVER, type Segment, sequenceLength } from '../../flow/segment.js'
import type { MachineSegment, Tcb } from '../../rfc9293/event.js'
import { adopt } from '../../rfc9293/machine.js'
import { add, diff, geq, gt } from '../../rfc9293/sequence.js'
import { nextShownBy, stateAtFirst, type Track } from '../track.js'
import { type Doing, event, hasNoSocket, NOTHING } from './doing.js'

/** Its ack number says that this end has received more than was delivered to it so far. */
export function caughtUp(track: Track, own: Tcb, peer: Tcb, row: number): readonly Doing[] {
  const s = track.segments[row] as Segment
  if (!s.ackBit || hasNoSocket(own.state) || own.state === 'SYN_SENT') return mirrored(track, own, peer, row)
  const missing = diff(s.ack, own.rcvNxt)
  if (missing <= 0 || missing > 1 << 30) return NOTHING
  const doings: Doing[] = []
  let fin = peer.fin !== null && geq(s.ack, add(peer.fin, 1))
  if (gt(s.ack, peer.sndNxt)) {
    fin ||= missing === 1 && unseenFin(track, row)
    const len = fin ? missing - 1 : missing
    if (!hasNoSocket(peer.state) && peer.state !== 'SYN_SENT' && len > 0) {
      doings.push({
        end: other(s.from),
        ...event({ kind: 'call', call: 'send', seq: own.rcvNxt, len }, null),
      })
    }
    if (fin && peer.fin === null) {
      doings.push({
        end: other(s.from),
        ...event({ kind: 'call', call: 'close', fin: add(s.ack, -1) }, 'implied'),
      })
    }
  }
  const segment: MachineSegment = {
    seq: own.rcvNxt,
    // With one direction captured, silence means that all went well.
    ack: track.unheard[other(s.from)] ? own.sndNxt : own.sndUna,
    len: fin ? missing - 1 : missing,
    wnd: own.sndWnd,
    syn: false,
    ackBit: true,
    fin,
    rst: false,
    urg: false,
    paws: false,
    newerTimestamp: false,
  }
  doings.push(event({ kind: 'segment', segment, answer: undefined }, 'implied'))
  return doings
}

/** The first segment of a capture that begins in the middle: the other end is there as well. */
function mirrored(track: Track, own: Tcb, peer: Tcb, row: number): readonly Doing[] {
  const s = track.segments[row] as Segment
  const opened = own.state === 'SYN_SENT'
  const peerHasNothing = hasNoSocket(peer.state)
  if (!peerHasNothing || !s.ackBit) return NOTHING
  if (!opened && !track.connection.beginsInMiddle) return NOTHING
  const state = opened && s.from !== SERVER ? 'SYN_RECEIVED' : stateAtFirst(track, other(s.from))
  return [
    {
      end: other(s.from),
      kind: 'force',
      tcb: adopt({
        state,
        origin: state === 'SYN_RECEIVED' ? 'passive' : 'unknown',
        sndUna: state === 'SYN_RECEIVED' ? add(s.ack, -1) : s.ack,
        sndNxt: s.ack,
        iss: add(s.ack, -1),
        rcvNxt: nextShownBy(track, row),
      }),
      rule: 'infer/adopted',
      certainty: opened ? 'implied' : 'assumed',
    },
  ]
}

/** One byte was acknowledged that nobody captured, and nothing follows it: a FIN, likeliest. */
function unseenFin(track: Track, row: number): boolean {
  const s = track.segments[row] as Segment
  for (let j = row + 1; j < track.segments.length; j++) {
    const x = track.segments[j] as Segment
    if (x.from === s.from ? x.ackBit && gt(x.ack, s.ack) : sequenceLength(x) > 0 && geq(x.seq, s.ack))
      return false
  }
  return true
}
