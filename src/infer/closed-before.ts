/**
 * Which end had closed before a capture began that begins in the middle: its FIN was not captured, but Linux keeps what
 * is left of a closed socket in FIN_WAIT_2 and TIME_WAIT without the socket, and sends the ACKs of these without its count
 * of packets (IP identification 0, as all that no socket counts). A host that numbers its packets and then sends such an
 * ACK, with no text and no FIN of its own in between, had sent its FIN before, and it was acknowledged.
 *
 * In: the segments of a connection that begins in the middle. Out: that end; null: nothing tells.
 * Linux tcp_rcv_state_process() (FIN_WAIT_2 of an orphan), tcp_v4_timewait_ack(); RFC 9293 section 3.6, case 1.
 */
import { CLIENT, type End, SERVER, type Segment, sequenceLength } from '../flow/segment.js'
import { gt } from '../rfc9293/sequence.js'

export function closedBefore(segments: readonly Segment[]): End | null {
  if (closedAtFirst(segments, CLIENT)) return CLIENT
  return closedAtFirst(segments, SERVER) ? SERVER : null
}

function closedAtFirst(segments: readonly Segment[], end: End): boolean {
  const own = segments.filter((s) => s.from === end && !s.rst)
  const [first] = own
  // There are hosts that number nothing.
  if (first === undefined || first.ipId <= 0) return false
  const isQuiet = own.every((s) => s.ackBit && sequenceLength(s) === 0 && s.seq === first.seq)
  const left = own.findIndex(({ ipId }) => ipId === 0)
  if (!isQuiet || left < 0 || own.slice(left).some(({ ipId }) => ipId !== 0)) return false
  // The FIN itself would be out still.
  return segments.every((s) => s.from === end || !s.ackBit || s.rst || !gt(first.seq, s.ack))
}
