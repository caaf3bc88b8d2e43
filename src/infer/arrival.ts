/**
 * What became of every segment of a connection after it was captured: the rules one after the other, stronger
 * evidence first.
 *
 * In: a track and empty fates. Out: the fates, filled.
 */
import { CLIENT, SERVER, type Segment } from '../flow/segment.js'
import { acknowledgmentFates, isNear } from './acknowledgments.js'
import type { Fate } from './fate.js'
import { handshakeFates, readHandshake } from './handshake.js'
import { meaningOf } from './icmp.js'
import { resetFates } from './resets.js'
import { sequenceSpaceFates, settle } from './sequence-space.js'
import type { Track } from './track.js'

export function arrivalFates(track: Track, fates: readonly Fate[]): void {
  for (const end of [CLIENT, SERVER] as const) sequenceSpaceFates(track, end, fates)
  resetFates(track, fates)
  for (const end of [CLIENT, SERVER] as const) acknowledgmentFates(track, end, fates)
  handshakeFates(track, readHandshake(track), fates)
  unansweredSyns(track, fates)
  returnedByIcmp(track, fates)
  onTheSpot(track, fates)
}

/** An ICMP error quotes the segment that a router could not pass on: it never arrived. */
function returnedByIcmp(track: Track, fates: readonly Fate[]): void {
  for (const error of track.connection.icmp) {
    if (meaningOf(error).hardness === 'none') continue
    const row = track.segments.findLastIndex(
      (s) => s.from === error.to && s.seq === error.seq && s.at <= error.at,
    )
    if (row >= 0 && fates[row]?.received === null) settle(fates, row, false, -1)
  }
}

/** A SYN moves its receiver only if something shows that it answered. */
function unansweredSyns(track: Track, fates: readonly Fate[]): void {
  const clientAcks = track.segments.some((s) => s.from === CLIENT && s.ackBit && !s.rst && !s.syn)
  track.segments.forEach((s, row) => {
    const fate = fates[row]
    if (fate === undefined || !s.syn || s.ackBit || s.rst || fate.received === true) return
    if (fate.received === null && clientAcks && s.from === CLIENT) return
    fate.arrives = false
  })
}

/** Near a host, what was captured on its way in did reach its interface; nothing spoke against its being taken. */
function onTheSpot(track: Track, fates: readonly Fate[]): void {
  for (const end of [CLIENT, SERVER] as const) {
    if (!isNear(track, end)) continue
    track.segments.forEach((s: Segment, row) => {
      const fate = fates[row]
      if (fate === undefined || s.from === end || s.rst || fate.received !== null || !fate.arrives) return
      fate.received = true
    })
  }
}
