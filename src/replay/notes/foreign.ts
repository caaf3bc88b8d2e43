/**
 * Segments that their apparent sender did not send: forged, or left over from something else.
 *
 * In: the scene, at a row that `infer/` calls foreign. Out: its notes. Such a row says nothing about its direction.
 * RFC 9293 section 3.10.7.4 steps 1 and 5: outside the window, or an ACK of what was never sent.
 */
import { diff } from '../../rfc9293/sequence.js'
import { idDiff, type Scene } from './scene.js'

/** Two packets of one socket lie at most this far apart in its count when the network swaps them. */
const SWAPPED = 64
/** A jump of so many bytes beyond the window is none of its sender's, if that one goes on where it was. */
const JUMP = 65_536

/** Its apparent sender did not send it: `infer/` says so, or it goes on as if this had never been. */
export function isForeign(scene: Scene): boolean {
  const { s, own, track, row } = scene
  if (s.rst || s.syn) return track.foreign[row] === 1
  if (track.foreign[row] === 1) {
    const last = track.segments[own.lastRow]
    const back = last === undefined ? 0 : idDiff(last.ipId, s.ipId)
    return back <= 0 || back > SWAPPED
  }
  const nextRow = scene.nextOwn[row] as number
  if (!own.known || nextRow < 0) return false
  const next = scene.segment(nextRow)
  if (next.rst || next.syn) return false
  const ahead = own.at(s.seq) - own.highest
  if (ahead > Math.max(JUMP, scene.peer.window ?? 0)) return own.at(next.seq) <= own.highest
  if (s.fin && own.finRow < 0 && own.at(s.end) < own.highest) return own.at(next.seq) >= own.highest
  return acknowledgesNothingSent(scene) && next.ackBit && diff(next.ack, s.ack) < 0
}

export function strayed(scene: Scene): void {
  const { s, own, peer } = scene
  if (s.rst || s.syn || !own.known || peer.ack === null || peer.window === null) return
  const ahead = diff(s.seq, peer.ack)
  const beyond = ahead > 0 && ahead >= peer.window
  const behind = diff(s.end, peer.ack) < 0
  if (beyond || behind || acknowledgesNothingSent(scene)) scene.say({ code: 'outside-window' })
}

/** It acknowledges more than was ever captured of the other direction (RFC 5961 section 5). */
export const acknowledgesNothingSent = ({ s, peer }: Scene): boolean =>
  s.ackBit && peer.lastRow >= 0 && peer.at(s.ack) > Math.max(peer.highest, peer.acked)
