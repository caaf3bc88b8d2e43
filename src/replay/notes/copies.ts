/**
 * The same packet once more: the network made a copy, or brought an old one, and its sender knows nothing of it.
 *
 * In: the scene. Out: the row it is a copy of, or -1. A sender that repeats bytes makes a new packet: another IP
 * identification, a later timestamp, the newest ACK. RFC 6864 section 4 lets the identification of a datagram that
 * is never fragmented be anything, so all else has to agree as well.
 */
import type { Segment } from '../../flow/segment.js'
import type { Scene } from './scene.js'

/** Without an identification (IPv6, SYN+ACKs of Linux) only what comes at once is a copy, in seconds: no timer is that fast. */
const AT_ONCE = 0.003

export function identicalCopy(scene: Scene): number {
  const { s, own, track } = scene
  const known = track.copyOf[scene.row] as number
  if (known >= 0 || s.ipId > 0 || scene.bareAck) return known // many ACKs may say the same
  const row = s.syn ? own.synRow : own.latestCopy(own.at(s.seq))
  if (row < 0) return -1
  const first = scene.segment(row)
  const asked = own.duplicateAcks > 0 || own.troubleAt > first.at
  return !asked && s.at - first.at < AT_ONCE && samePacket(first, s) ? row : -1
}

const samePacket = (a: Segment, b: Segment): boolean =>
  a.seq === b.seq &&
  a.ack === b.ack &&
  a.flags === b.flags &&
  a.len === b.len &&
  a.window === b.window &&
  a.tsVal === b.tsVal &&
  a.tsEcr === b.tsEcr

export function oldDuplicate(scene: Scene): void {
  const { s } = scene
  if (s.syn || s.rst) return
  const row = identicalCopy(scene)
  if (row >= 0) scene.say({ code: 'old-duplicate', of: scene.packet(row), ...scene.elsewhere('of', row) })
}
