/**
 * Why a sender sent something again that nobody had asked for: its timer, or a tail loss probe.
 *
 * In: the scene, and the copy before. Out: the reason. RFC 6298 section 5; RFC 8985 section 7: a probe repeats the last
 * segment once, before the timer, only on connections with SACK; the time-out that follows it is not doubled yet.
 */
import type { Note } from '../../notes.js'
import type { Scene } from './scene.js'

type Retransmission = Extract<Note, { code: 'retransmission' }>
export type OpenRetransmission = { -readonly [K in keyof Retransmission]: Retransmission[K] }

/** `start`: its position; `latest`: row of the copy before, or -1. */
export function whyAgain(scene: Scene, start: number, latest: number): OpenRetransmission['why'] {
  const { s, own, track } = scene
  const stack = track.stacks[scene.from]
  const last = latest < 0 ? undefined : scene.segment(latest)
  const secondTime = latest >= 0 && own.firstCopy(start) !== latest
  const silent = s.at - Math.max(own.troubleAt, last?.at ?? Number.NEGATIVE_INFINITY)
  const tail = own.at(s.end) >= own.highest
  if (tail && !secondTime && track.sack && stack.lossProbe && own.duplicateAcks === 0 && last !== undefined) {
    return 'probe'
  }
  return silent >= 0.9 * stack.minRto && start <= Math.max(0, own.acked) ? 'timeout' : 'unknown'
}
