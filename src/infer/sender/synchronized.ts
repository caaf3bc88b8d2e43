/**
 * Who sends a segment without SYN and RST: data, a FIN, an ACK.
 *
 * In: the sender's control block as replayed so far and the row. Out: actions: calls (RFC 9293 sections 3.10.2, 3.10.4),
 * or a state that the segment proves.
 */
import { CLIENT, SERVER, type Segment, sequenceLength } from '../../flow/segment.js'
import type { Tcb } from '../../rfc9293/event.js'
import { adopt } from '../../rfc9293/machine.js'
import { add, gt } from '../../rfc9293/sequence.js'
import { isGenuine, nextShownBy, stateAtFirst, type Track, windowOf } from '../track.js'
import { type Doing, event, hasNoSocket, NOTHING } from './doing.js'

/** A segment without SYN and RST: only an end that has a connection sends it. */
export function synchronized(track: Track, own: Tcb, row: number): readonly Doing[] {
  const s = track.segments[row] as Segment
  const impossible =
    hasNoSocket(own.state) ||
    own.state === 'SYN_SENT' ||
    (own.state === 'SYN_RECEIVED' && own.origin !== 'active' && provesMore(track, own, s))
  const sends = s.len > 0 && gt(add(s.seq, s.len), own.sndNxt)
  if (!impossible && !s.fin) return sends ? [send(s)] : NOTHING
  const doings: Doing[] = []
  let tcb = own
  if (impossible) {
    if (hasNoSocket(own.state) && !mayHaveBegunEarlier(track, own, s)) return NOTHING
    const begins = hasNoSocket(own.state) && track.connection.beginsInMiddle
    const next = own.state === 'SYN_RECEIVED' ? own.sndNxt : nextShownBy(track, row)
    tcb = adopt({
      state: begins ? stateAtFirst(track, s.from) : 'ESTABLISHED',
      origin: own.origin,
      sndUna: next,
      sndNxt: next,
      rcvNxt: s.ackBit ? s.ack : own.rcvNxt,
      rcvWnd: windowOf(track, s),
    })
    doings.push({
      kind: 'force',
      tcb,
      rule: begins ? 'infer/adopted' : 'infer/resync',
      certainty: begins ? 'assumed' : 'implied',
    })
  }
  if (s.len > 0 && gt(add(s.seq, s.len), tcb.sndNxt)) doings.push(send(s))
  if (s.fin && tcb.fin === null) {
    const earlier = firstSentAt(track, row)
    const close = event({ kind: 'call', call: 'close', fin: add(s.seq, s.len) })
    doings.push(earlier === null ? close : { ...close, at: earlier })
  }
  return doings
}

const send = ({ seq, len }: Segment): Doing => event({ kind: 'call', call: 'send', seq, len }, null)

/**
 * When a FIN was first sent that the capture shows only later: the sender's packet count (IP identification) has a
 * hole before it, and nothing else was due from it. The copies that were lost before the capture point are taken to
 * have been a first one, a tail loss probe (RFC 8985 section 7.2) and time-outs that double. Null: this is the first.
 */
function firstSentAt(track: Track, row: number): number | null {
  const s = track.segments[row] as Segment
  if (s.ipId <= 0) return null
  let missing = Number.POSITIVE_INFINITY
  let last: Segment | undefined
  for (let k = row - 1; k >= Math.max(0, row - LOOK_BACK); k--) {
    const x = track.segments[k] as Segment
    if (x.from !== s.from) {
      // Something came in that it may have acknowledged with one of the missing packets.
      if (sequenceLength(x) > 0 && last === undefined) return null
      continue
    }
    if (!isGenuine(track, k) || x.ipId <= 0) continue
    const between = ((s.ipId - x.ipId) & 0xffff) - 1
    if (between < missing) {
      missing = between
      last = x
    }
  }
  if (last === undefined || last.syn || gt(s.seq, last.end)) return null
  if (missing < 1 || missing > 6) return null
  const wait =
    track.stacks[s.from].minRto + 1.5 * ((track.roundTrip[CLIENT] ?? 0) + (track.roundTrip[SERVER] ?? 0))
  const before = Array.from({ length: missing }, (_, n) => wait * 2 ** Math.max(0, n - 1)).reduce(
    (a, b) => a + b,
    0,
  )
  return Math.max(s.at - before, last.at)
}

/** How many rows to look back for the packet counted before a FIN. */
const LOOK_BACK = 16

/** In SYN_RECEIVED a request answers old segments with a bare ACK; data, a FIN, or an ACK of data shows more. Fast Open may send data. */
function provesMore(track: Track, own: Tcb, s: Segment): boolean {
  const fastOpen = track.segments[0]?.fastOpen ?? -1
  if (fastOpen > 0 && !s.fin && (track.segments[0]?.len ?? 0) > 0) return false
  return sequenceLength(s) > 0 || gt(s.ack, own.rcvNxt)
}

/** An end we believe to be without a socket sends: did the capture begin later, or did it answer from TIME_WAIT's end? */
const mayHaveBegunEarlier = (track: Track, own: Tcb, s: Segment): boolean =>
  own.state === 'LISTEN' || own.iss === 0 || sequenceLength(s) > 0 || track.connection.beginsInMiddle
