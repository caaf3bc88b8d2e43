/**
 * SYN+ACKs of which nothing was kept: the server answers the same SYN again with another number, and the client takes that up.
 * A server that holds a connection in SYN_RECEIVED sends the same SYN+ACK again (RFC 9293 section 3.10.7.4 first); one that
 * answers with SYN cookies holds none (RFC 4987 section 3.6).
 *
 * In: a track and a row. Out: whether it is such a SYN+ACK.
 */
import { other, type Segment } from '../flow/segment.js'
import { add } from '../rfc9293/sequence.js'
import type { Track } from './track.js'

export function isSuperseded(track: Track, row: number): boolean {
  const s = track.segments[row] as Segment
  const asked = track.isn[other(s.from)] ?? null
  if (!s.syn || !s.ackBit || s.rst || asked === null) return false
  return row < track.isnRow[s.from] && s.seq !== track.isn[s.from] && s.ack === add(asked, 1)
}
