/**
 * Notes on the receive window: shut, opened, used up.
 *
 * RFC 9293 sections 3.8.6 (managing the window) and 3.10.7.4 step 1 (the window test).
 */
import type { AnyRule, EndState } from '../../report.js'
import type { Scene } from './scene.js'

const round = (seconds: number): number => Math.round(seconds * 1e6) / 1e6

export function zeroWindow(scene: Scene): void {
  const { s } = scene
  if (s.window !== 0 || !s.ackBit || s.rst || s.syn || s.fin) return
  const seconds = scene.opensAfter.get(scene.row)
  scene.say({ code: 'zero-window', seconds: seconds === undefined ? null : round(seconds) })
}

/** Nothing new but a larger window. */
export function windowUpdate(scene: Scene): void {
  const { s, own } = scene
  if (!scene.bareAck || own.ack !== s.ack || own.window === null || scene.window <= own.window) return
  if (own.at(s.seq) !== own.highest) return
  if (scene.saysOneOf(NO_UPDATE)) return
  scene.say({ code: 'window-update', bytes: scene.window })
}

const NO_UPDATE = ['keep-alive', 'keep-alive-ack', 'zero-window-probe', 'old-duplicate'] as const

/** Its last byte is the last that the peer's window takes, as far as the capture has heard of that window. */
export function windowFull(scene: Scene): void {
  const { s, own, peer } = scene
  if (s.len === 0 || s.syn || s.fin || s.rst || peer.window === null || peer.ack === null || !own.known)
    return
  if (peer.window === 0 || !scaleKnown(scene)) return
  if (own.at(s.end) === own.at(peer.ack) + peer.window) scene.say({ code: 'window-full', bytes: peer.window })
}

/** Without both SYNs nobody knows how far the window in the header is shifted (RFC 7323 section 2.2). */
const scaleKnown = ({ track }: Scene): boolean => track.isn[0] !== null && track.isn[1] !== null

const DROPPED: ReadonlySet<AnyRule> = new Set<AnyRule>([
  '3.10.7.4/1-sequence/unacceptable',
  '3.10.7.4/1-sequence/time-wait/unacceptable',
])

/** Its receiver's machine dropped it for its numbers. */
export const isOutside = ({ rules }: Pick<EndState, 'rules'>): boolean =>
  rules.some((rule) => DROPPED.has(rule))

/** Its receiver's machine drops it, and nothing else says why it came. */
export function outsideWindow(scene: Scene): void {
  const { s, fate } = scene
  if (s.rst || s.syn || scene.length === 0 || !fate.arrives || fate.gone >= 0 || fate.received === true)
    return
  if (!isOutside(scene.cell(scene.to))) return
  if (scene.saysOneOf(EXPLAINED)) return
  scene.say({ code: 'outside-window' })
}

const EXPLAINED = [
  'old-duplicate',
  'keep-alive',
  'zero-window-probe',
  'retransmission',
  'fast-retransmission',
  'spurious-retransmission',
  'fin-retransmission',
  'out-of-order',
] as const
