/**
 * What became of every segment of a connection after it was captured: the rules one after the other, stronger
 * evidence first.
 *
 * In: a track and empty fates. Out: the fates, filled.
 */
import { CLIENT, other, SERVER, type Segment } from '../flow/segment.js'
import { acknowledgmentFates, isNear } from './acknowledgments.js'
import type { Fate } from './fate.js'
import { handshakeFates, readHandshake } from './handshake.js'
import { CAME, NEVER_CAME } from './hosts.js'
import { meaningOf } from './icmp.js'
import { resetFates } from './resets.js'
import { sequenceSpaceFates, settle } from './sequence-space.js'
import { answeredSynFates } from './syn-answers.js'
import { isGenuine, type Track } from './track.js'

export function arrivalFates(track: Track, fates: readonly Fate[]): void {
  for (const end of [CLIENT, SERVER] as const) sequenceSpaceFates(track, end, fates)
  resetFates(track, fates)
  for (const end of [CLIENT, SERVER] as const) acknowledgmentFates(track, end, fates)
  handshakeFates(track, readHandshake(track), fates)
  answeredSynFates(track, fates)
  unansweredSyns(track, fates)
  nothingCameBack(track, fates)
  returnedByIcmp(track, fates)
  onTheSpot(track, fates)
  atTheHosts(track, fates)
}

/**
 * An ICMP error quotes the segment that a router could not pass on: it never arrived. Of several that look alike, the last
 * one before the error. Errors and rows are gone through side by side: there may be very many of both.
 */
function returnedByIcmp(track: Track, fates: readonly Fate[]): void {
  const { segments, connection } = track
  if (connection.icmp.length === 0) return
  const errors = connection.icmp.filter((error) => meaningOf(error).hardness !== 'none')
  const byTime = segments.map((_, row) => row)
  byTime.sort((a, b) => (segments[a] as Segment).at - (segments[b] as Segment).at)
  /** The last row so far, by its sender and its number. */
  const last = [new Map<number, number>(), new Map<number, number>()] as const
  let next = 0
  for (const { to, seq, at } of errors.toSorted((a, b) => a.at - b.at)) {
    for (let row = byTime[next]; row !== undefined; row = byTime[++next]) {
      const s = segments[row] as Segment
      if (s.at > at) break
      last[s.from].set(s.seq, Math.max(row, last[s.from].get(s.seq) ?? -1))
    }
    const row = last[to].get(seq)
    if (row !== undefined && fates[row]?.received === null) settle(fates, row, false, -1)
  }
}

/**
 * Sent again in vain, and of its receiver nothing was heard any more: that no answer came is all that a repeat shows. The
 * answers may as well have been lost. The likeliest stays what the replay goes by. A capture at the receiver knows better.
 */
function nothingCameBack(track: Track, fates: readonly Fate[]): void {
  for (const end of [CLIENT, SERVER] as const) {
    if (isNear(track, other(end)) || track.unheard[other(end)]) continue
    for (let row = track.segments.length - 1; row >= 0; row--) {
      if (!isGenuine(track, row)) continue
      const s = track.segments[row] as Segment
      const fate = fates[row] as Fate
      if (s.from !== end) break
      if (track.came?.[row] === NEVER_CAME) continue
      if (fate.received === false && fate.thrown === null) fate.received = null
    }
  }
}

/** A SYN moves its receiver only if something shows that it answered. */
function unansweredSyns(track: Track, fates: readonly Fate[]): void {
  const clientAcks = track.segments.some((s) => s.from === CLIENT && s.ackBit && !s.rst && !s.syn)
  for (let row = 0; row < track.segments.length; row++) {
    const s = track.segments[row] as Segment
    if (!s.syn || s.ackBit || s.rst) continue
    const fate = fates[row] as Fate
    if (fate.received === true) continue
    if (fate.received === null && clientAcks && s.from === CLIENT) continue
    fate.arrives = false
  }
}

/** Where nothing else tells: what its receiver's own capture has, or has not. */
function atTheHosts(track: Track, fates: readonly Fate[]): void {
  const { came } = track
  if (came === null) return
  for (let row = 0; row < came.length; row++) {
    const fate = fates[row] as Fate
    if (came[row] === NEVER_CAME && fate.by < 0) {
      settle(fates, row, false, -1)
      fate.thrown = null
    } else if (came[row] === CAME && fate.received === null && fate.arrives) fate.received = true
  }
}

/** Near a host, what was captured on its way in did reach its interface; nothing spoke against its being taken. */
function onTheSpot(track: Track, fates: readonly Fate[]): void {
  for (const end of [CLIENT, SERVER] as const) {
    if (!isNear(track, end)) continue
    for (let row = 0; row < track.segments.length; row++) {
      const s = track.segments[row] as Segment
      const fate = fates[row] as Fate
      if (s.from !== end && !s.rst && fate.received === null && fate.arrives) fate.received = true
    }
  }
}
