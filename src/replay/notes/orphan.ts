/**
 * Data for an end whose owner has closed both halves: its TCP is still there, answers with a RST, and is gone.
 *
 * In: the scene, and a row that drew a bare RST. Out: whether the data did it, or the end had timed out before.
 * RFC 9293 section 3.6.1 (SHLD-3); Linux tcp_rcv_state_process() and tcp_fin_timeout.
 */
import { other } from '../../flow/segment.js'
import type { Scene } from './scene.js'

export function killedByData(scene: Scene, row: number): boolean {
  const s = scene.segment(row)
  const end = other(s.from)
  const met = scene.replayed.cells[row]?.[end].was
  if (s.len === 0 || (met !== 'FIN_WAIT_1' && met !== 'FIN_WAIT_2')) return false
  const since = scene.halfClosedAt[end]
  return since === null || s.at - since < scene.track.stacks[end].finTimeout
}
