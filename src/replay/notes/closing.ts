/**
 * Notes on the end of a connection: both close at once, data for an end that has closed, TIME_WAIT.
 *
 * RFC 9293 sections 3.6 (closing), 3.6.1 (data after CLOSE draws a RST) and 3.10.8 (2MSL).
 */
import { CLIENT, type End, SERVER } from '../../flow/segment.js'
import type { Change, Scene } from './scene.js'

/** The second of two FINs, of which neither acknowledges the other (figure 13). */
export function simultaneousClose(scene: Scene): void {
  const { s, own, peer } = scene
  if (!s.fin || s.rst || own.finRow >= 0 || peer.finRow < 0) return
  const first = scene.segment(peer.finRow)
  if (s.ackBit && peer.at(s.ack) < peer.at(first.end)) {
    scene.say({ code: 'simultaneous-close', with: first.packet, ...scene.elsewhere('with', peer.finRow) })
  }
}

/** Its receiver had closed both halves and was gone. */
export function dataAfterClose(scene: Scene): void {
  const { s, peer, fate } = scene
  if (s.len === 0 || s.rst || s.syn) return
  const closed = peer.finRow >= 0 || peer.rstRow >= 0
  const { was } = scene.cell(scene.to)
  const met = fate.gone >= 0 ? closed || was.startsWith('FIN_WAIT') : closed && was === 'CLOSED'
  if (met) scene.say({ code: 'data-after-close', bytes: s.len })
}

/** An end enters TIME_WAIT, or begins it anew with a FIN that came again (section 3.10.7.4 steps 5 and 8). */
export function timeWait(scene: Scene): void {
  timeWaitAt(scene, CLIENT)
  timeWaitAt(scene, SERVER)
}

function timeWaitAt(scene: Scene, end: End): void {
  const from = beganAt(scene, end)
  if (from === null) return
  const until = Math.round((from + scene.track.stacks[end].timeWait) * 1e6) / 1e6
  scene.say({ code: 'time-wait-until', side: scene.sideOf(end), until })
}

function beganAt(scene: Scene, end: End): number | null {
  for (let k = scene.changes.length - 1; k >= 0; k--) {
    const change = scene.changes[k] as Change
    if (change.end === end && change.entry.to === 'TIME_WAIT') return change.entry.at
  }
  const { rules } = scene.cell(end)
  return rules.includes('3.10.7.4/1-sequence/time-wait/fin-again') ? scene.s.at : null
}
