/**
 * A segment on its arrival: as the machine of its receiver sees it, and how sure it is that it came.
 *
 * In: a track, a row, the receiver's control block as replayed so far. Out: a machine's segment, the SYN+ACK that a SYN
 * drew, a certainty.
 */
import { CLIENT, other, SERVER, type Segment } from '../flow/segment.js'
import type { Fate } from '../infer/fate.js'
import { hasNoSocket } from '../infer/sender.js'
import { AHEAD } from '../infer/sight.js'
import { isSuperseded } from '../infer/superseded.js'
import { type Track, widestWindowOf } from '../infer/track.js'
import type { Certainty } from '../report.js'
import type { MachineSegment, SegmentEvent, Tcb } from '../rfc9293/event.js'
import { add, geq, gt } from '../rfc9293/sequence.js'

/** The machine can't guess the number of a SYN+ACK, nor whether Fast Open took the text: the wire shows both. */
export function answerTo(track: Track, row: number): SegmentEvent['answer'] {
  const s = track.segments[row] as Segment
  if (!s.syn || s.ackBit) return undefined
  const behind = track.segments.slice(row + 1, row + 1 + AHEAD)
  const answer = behind.find(
    (x) => x.from !== s.from && x.syn && x.ackBit && geq(x.ack, add(s.seq, 1)) && geq(s.end, x.ack),
  )
  if (answer !== undefined) return { iss: answer.seq, ack: answer.ack }
  // The SYN+ACK was not captured: the first ACK of the SYN's sender tells its number.
  if (track.isn[other(s.from)] !== null) return undefined
  const ack = behind.find((x) => x.from === s.from && x.ackBit && !x.rst)
  return ack === undefined ? undefined : { iss: add(ack.ack, -1), ack: add(s.seq, 1) }
}

/** With SYN cookies a SYN leaves nothing behind (RFC 4987 section 3.6): the server stays in LISTEN. */
export function answersByCookie(track: Track, receiver: Tcb, row: number): boolean {
  const s = track.segments[row] as Segment
  if (s.from !== CLIENT || !s.syn || s.ackBit || !hasNoSocket(receiver.state)) return false
  if (track.cookies) return true
  const answer = track.nextOf[SERVER][row] ?? -1
  return answer >= 0 && isSuperseded(track, answer)
}

export const inWindow = (tcb: Tcb, s: Segment): boolean =>
  geq(s.seq, tcb.rcvNxt) && gt((tcb.rcvNxt + Math.max(1, tcb.rcvWnd)) >>> 0, s.seq)

/**
 * How sure a receiver's state is. Nothing acknowledges an ACK: where no packet proves that it came, a receiver that
 * goes on afterwards, or has no reason to send anything again for long enough, implies it. Not when the same sender
 * sent more before: that carried the same ACK, and may have been the first to arrive.
 */
export function arrivalCertainty(track: Track, row: number, fate: Fate): Certainty {
  if (track.connection.beginsInMiddle && mayHaveClosed(track, row)) return 'assumed'
  if (fate.received !== null) return 'implied'
  const s = track.segments[row] as Segment
  const heard = track.nextOf[other(s.from)][row] ?? -1
  const more = track.nextOf[s.from][row] ?? -1
  if (more >= 0 && (heard < 0 || more < heard)) return 'assumed'
  return heard >= 0 || track.captureEnd - s.at > FIRST_RTO ? 'implied' : 'assumed'
}

/**
 * A FIN meets an end that the capture shows neither text nor a FIN of: it may have closed before the capture began. Then
 * this FIN was the last one.
 */
function mayHaveClosed(track: Track, row: number): boolean {
  if (track.closedBefore !== null) return false
  const [client, server] = track.outlines
  if (client.carriers.length > 0 && server.carriers.length > 0) return false
  const last = client.carriers.at(-1) ?? server.carriers.at(-1) ?? Number.POSITIVE_INFINITY
  return last <= row && track.segments[last]?.fin === true
}

/** Who has not got an ACK sends again within this time, in seconds (RFC 6298 section 2.1: 1 s before a measurement). */
export const FIRST_RTO = 1.2

/** Its timestamp is later than that of the segment before it from the same end; the connection before counts as earlier. */
function isNewest(track: Track, row: number): boolean {
  const s = track.segments[row] as Segment
  const before = track.segments.findLast((x, k) => k < row && x.from === s.from && x.hasTimestamps)
  return before === undefined || gt(s.tsVal, before.tsVal)
}

/** The segment as the machine of its receiver sees it. */
export function machineSegment(track: Track, row: number, receiver: Tcb, paws: boolean): MachineSegment {
  const s = track.segments[row] as Segment
  return {
    seq: s.seq,
    ack: s.ack,
    len: s.len,
    wnd: widestWindowOf(track, s),
    syn: s.syn,
    ackBit: s.ackBit,
    fin: s.fin,
    rst: s.rst,
    urg: false,
    paws,
    newerTimestamp: receiver.state === 'TIME_WAIT' && s.syn && s.hasTimestamps && isNewest(track, row),
  }
}
