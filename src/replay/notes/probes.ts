/**
 * Notes on segments that only ask: keep-alives, probes of a shut window, and what answers them.
 *
 * RFC 9293 section 3.8.4: a keep-alive has SEG.SEQ = SND.NXT-1 and none or one byte; section 3.8.6.1: a window probe.
 * Linux probes a shut window with a keep-alive's form (tcp_xmit_probe_skb()), so the peer's window tells them apart.
 */
import { lt } from '../../rfc9293/sequence.js'
import { PSH } from '../../wire/packet.js'
import type { Scene } from './scene.js'

/** Looks like a probe: no or one byte, just below or at what was sent last. */
function asksOnly(scene: Scene): 'below' | 'at' | null {
  const { s, own } = scene
  if (!s.ackBit || s.syn || s.fin || s.rst || s.len > 1 || !own.known) return null
  const start = own.at(s.seq)
  if (start === own.highest - 1) return 'below'
  return start === own.highest && s.len === 1 ? 'at' : null
}

export function keepAlive(scene: Scene): void {
  const { s, own, peer } = scene
  const isFirst = scene.track.firstProbes[scene.from]?.row === scene.row
  if (asksOnly(scene) !== 'below' || peer.window === 0 || (peer.ack === null && !isFirst)) return
  // With its last byte still unacknowledged, one byte again is a retransmission.
  if (own.acked < own.highest || own.at(s.seq) < 0 || scene.says('old-duplicate')) return
  // The byte of a keep-alive is garbage that nobody pushes; one that is pushed is data, sent again.
  if (s.len > 0 && (s.flags & PSH) !== 0) return
  if (isOldAck(scene)) return
  scene.say({ code: 'keep-alive', nth: own.keepAlives + 1 })
}

/** An ACK from before the last byte was sent, overtaken on the way: its timestamp is older. */
const isOldAck = ({ s, own, track }: Scene): boolean => {
  const last = track.segments[own.lastRow]
  return last?.hasTimestamps === true && s.hasTimestamps && lt(s.tsVal, last.tsVal)
}

export function zeroWindowProbe(scene: Scene): void {
  const { s, own, peer } = scene
  if (peer.window !== 0 || !own.known) return
  const form = asksOnly(scene)
  const belowAcked = s.len === 0 && scene.bareAck && own.at(s.seq) === own.acked - 1
  if (form === null && !belowAcked) return
  scene.say({ code: 'zero-window-probe', nth: own.probes + 1 })
}

/** The same ACK once more, from an end that was asked and has nothing else to say. */
function answersNothingNew(scene: Scene): boolean {
  const { s, own } = scene
  return scene.bareAck && own.ack === s.ack && own.at(s.seq) === own.highest && !scene.says('keep-alive')
}

/** An answer that was not held up comes within so many seconds beside the way there and back. */
const PROMPT = 0.1

export function keepAliveAck(scene: Scene): void {
  const { peer, s } = scene
  const answers = scene.packet(peer.keepAliveRow)
  if (answers === null || s.window === 0 || !answersNothingNew(scene)) return
  // What its sender has sent since may be what is answered: only one that is due now is the probe's.
  const waited = s.at - scene.segment(peer.keepAliveRow).at
  const due = 1.5 * (scene.track.roundTrip[scene.from] ?? 0) + PROMPT
  if (peer.lastRow !== peer.keepAliveRow && waited > due) return
  scene.say({ code: 'keep-alive-ack', answers, ...scene.elsewhere('answers', peer.keepAliveRow) })
}

export function zeroWindowProbeAck(scene: Scene): void {
  const { peer, s } = scene
  const answers = scene.packet(peer.probeRow)
  if (answers === null || s.window !== 0 || !answersNothingNew(scene)) return
  scene.say({ code: 'zero-window-probe-ack', answers, ...scene.elsewhere('answers', peer.probeRow) })
}

/** A bare ACK that the machine says its sender owes for a SYN, a RST or a bad ACK (RFC 5961 sections 3.2, 4.2, 5.2). */
export function challengeAck(scene: Scene): void {
  const { s } = scene
  if (!scene.bareAck) return
  const row = scene.predictions[scene.from].paid(scene.row, s)
  if (row >= 0)
    scene.say({ code: 'challenge-ack', answers: scene.packet(row), ...scene.elsewhere('answers', row) })
}
