/**
 * Which segments crossed: the receiver's own segment, captured later, had left before this one came.
 *
 * In: a track and the fates. Out: `after` of each fate: the last such row of the receiver.
 * Evidence: a time shorter than the way there and back; an ack number that does not cover what arrived later.
 */
import { CLIENT, type End, other, SERVER, type Segment, sequenceLength } from '../flow/segment.js'
import { geq, lt } from '../rfc9293/sequence.js'
import type { Fate } from './fate.js'
import { isSacked } from './in-flight.js'
import { finRow, isGenuine, leastRoundTrip, type Track } from './track.js'

/** How many of its receiver's rows to look at for each segment. */
export const AHEAD = 64

export function crossings(track: Track, fates: readonly Fate[]): void {
  const { segments, duplicateOf } = track
  const lastAck = lastAckOf(track)
  const slackTo = [leastRoundTrip(track, CLIENT), leastRoundTrip(track, SERVER)] as const
  for (let i = 0; i < segments.length; i++) {
    const s = segments[i] as Segment
    const fate = fates[i]
    if (fate === undefined || !fate.arrives || (duplicateOf[i] as number) >= 0) continue
    const to = other(s.from)
    const slack = slackTo[to]
    const carries = sequenceLength(s) > 0 && !s.rst
    const isOwn = isGenuine(track, i)
    const ends = !carries && lastAck !== null && lastAck.from === s.from && s.ack === lastAck.ack && s.ackBit
    for (let j = i + 1; j < segments.length && j < i + AHEAD; j++) {
      const answer = segments[j] as Segment
      if (answer.from !== to || (duplicateOf[j] as number) >= 0) continue
      const tooSoon = answer.at - s.at < slack
      // Its ACK says what it had taken when it sent this: not that, unless it could not say so behind a gap.
      const unaware =
        (j < fate.by || (fate.by < 0 && isOwn && (track.sack || geq(answer.ack, s.seq)))) &&
        carries &&
        answer.ackBit &&
        lt(answer.ack, s.end) &&
        !isSacked(s, answer)
      // A SYN answers nothing; a SYN+ACK answers a SYN, and no SYN+ACK (section 3.10.7.3 fourth).
      const silentSyn = carries && answer.syn && (!answer.ackBit || (s.syn && s.ackBit))
      // An end that has nothing left sends no more than RSTs.
      const stillThere = ends && !answer.rst && !answer.syn && isGenuine(track, j)
      // Its ACK covers it: it had come, however short the time.
      if (carries && fate.received === true && fate.by === j) break
      if (!tooSoon && !silentSyn && !unaware && !stillThere) break
      fate.after = j
    }
  }
}

/** The ACK with which LAST_ACK ends (section 3.10.7.4 fifth): that of a FIN whose sender had the other one's. */
function lastAckOf(track: Track): { readonly from: End; readonly ack: number } | null {
  const ofClient = track.segments[finRow(track, CLIENT)]
  const ofServer = track.segments[finRow(track, SERVER)]
  if (ofClient === undefined || ofServer === undefined) return null
  if (geq(ofClient.ack, ofServer.end)) return { from: SERVER, ack: ofClient.end }
  if (geq(ofServer.ack, ofClient.end)) return { from: CLIENT, ack: ofServer.end }
  return null
}
