/**
 * Takes a row into the running state of both directions, once its notes are made.
 *
 * In: the scene. Out: nothing; `own` is what its sender has sent, `peer` what it said about the other direction.
 */
import { isSuperseded } from '../../infer/superseded.js'
import { diff } from '../../rfc9293/sequence.js'
import { acknowledgesNothingSent, isForeign } from './foreign.js'
import { learnIds, type Scene } from './scene.js'

export function take(scene: Scene): void {
  const { s, row, own } = scene
  if (own.lastRow >= 0) learnIds(own, s, scene.segment(own.lastRow))
  own.lastRow = row
  if (s.rst) {
    own.rstRow = row
    return
  }
  sent(scene)
  if (s.ackBit) {
    acknowledged(scene)
    own.carriesAck(row)
  }
  probed(scene)
}

function sent(scene: Scene): void {
  const { s, row, own } = scene
  if (s.syn) {
    if (own.synCopies === 0) {
      own.synRow = row
      own.synSeq = s.seq
    }
    if (own.synSeq === s.seq) own.synCopies++
    if (s.ackBit && own.synSeq === s.seq) {
      if (own.synAckCopies === 0) own.synAckRow = row
      own.synAckCopies++
    }
    own.lastSynRow = row
  } else {
    own.movedOn = true
  }
  // A SYN that does not belong to the connection (old, forged) must not move its numbers.
  if (s.syn && ((own.known && own.synSeq !== s.seq) || isSuperseded(scene.track, row))) return
  if (s.fin && own.finRow < 0) own.finRow = row
  own.extend(s.seq, s.end, row)
}

/** What its ACK says about the other direction, and what it advertises. */
function acknowledged(scene: Scene): void {
  const { s, row, own, peer } = scene
  if (!peer.known) peer.extend(s.ack, s.ack, row)
  const position = peer.at(s.ack)
  const forward = position > peer.acked
  if (forward) {
    peer.acked = position
    peer.ackedRow = row
    peer.duplicateAcks = 0
    scene.gaps[scene.to].acknowledged(position)
  }
  if (scene.says('duplicate-ack')) {
    peer.duplicateAcks++
    peer.troubleAt = s.at
  }
  for (const [, right] of s.sack) {
    const to = peer.at(right)
    if (to <= position) continue
    peer.sacked = Math.max(peer.sacked, to)
    peer.troubleAt = s.at
  }
  if (own.ack !== s.ack) {
    if (own.ack !== null && !forward) return // an old ACK, overtaken on the way
    own.ack = s.ack
    own.ackRow = row
    own.duplicatesSent = 0
  } else if (scene.says('duplicate-ack')) {
    own.duplicatesSent++
  }
  own.window = scene.window
}

function probed(scene: Scene): void {
  const { row, own, peer } = scene
  if (scene.says('keep-alive')) {
    own.keepAlives++
    own.keepAliveRow = row
  } else {
    own.keepAlives = 0
  }
  if (scene.says('zero-window-probe')) {
    own.probes++
    own.probeRow = row
  } else if (scene.length > 0) {
    own.probes = 0
    own.probeRow = -1
  }
  // An answer: the next probe counts from one.
  peer.keepAlives = 0
  peer.keepAliveRow = -1
  if (scene.says('zero-window-probe-ack')) peer.probeRow = -1
  if (scene.s.window > 0) peer.probes = 0
}

/** How far behind its cause a challenge ACK may come, in seconds, on top of the round trip. */
const PATIENCE = 0.1

/**
 * Its receiver now owes a challenge ACK: the machine says so, or it is a RST in the window without the exact number, a
 * SYN after the handshake, or a foreign ACK of what was never sent, of which the fates say no more than that it changed nothing.
 */
export function owe(scene: Scene): void {
  const { row, s, own, peer } = scene
  for (const { kind, seq, ack } of scene.replayed.replies.get(row) ?? NONE) {
    if (kind !== 'challenge-ack' && !(kind === 'ack' && s.syn && own.movedOn)) continue
    oweAnswer(scene, seq, ack)
    return
  }
  if (peer.ack === null || peer.window === null) return
  const beyond = diff(s.seq, peer.ack)
  const inexact = s.rst && beyond > 0 && beyond < peer.window
  const newSyn = s.syn && !s.ackBit && own.movedOn && peer.movedOn
  const badAck = !s.rst && !s.syn && acknowledgesNothingSent(scene) && isForeign(scene)
  if (!inexact && !newSyn && !badAck) return
  oweAnswer(scene, peer.nextSeq, peer.ack)
}

function oweAnswer(scene: Scene, seq: number, ack: number | null): void {
  const { row, s, fate, track } = scene
  scene.predictions[scene.to].owe({
    row,
    after: Math.max(row, fate.after),
    until: s.at + 2 * (track.roundTrip[scene.to] ?? 0) + PATIENCE,
    seq,
    ack,
  })
}

const NONE: readonly never[] = []
