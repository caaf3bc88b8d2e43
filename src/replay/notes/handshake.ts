/**
 * Notes on the beginning of a connection: SYNs again, Fast Open, both ends at once, ports used again.
 *
 * RFC 9293 sections 3.5 and 3.10.7.2 to 3.10.7.3; RFC 6298 section 5; RFC 7413; RFC 4987.
 */
import { type End, SERVER } from '../../flow/segment.js'
import { answeredSyn } from '../../infer/syn-answers.js'
import { givesUp, modelTimeout, synWait } from '../../infer/timers.js'
import { add, diff } from '../../rfc9293/sequence.js'
import type { StackProfile } from '../../rfc9293/stack.js'
import { identicalCopy } from './copies.js'
import type { Scene } from './scene.js'

export function firstRow(scene: Scene): void {
  if (scene.row > 0) return
  const { connection } = scene.track
  if (connection.beginsInMiddle) scene.say({ code: 'state-unknown-before' })
  if (connection.incarnation > 0 && scene.past !== null) {
    scene.say({ code: 'port-reuse', previousFlow: scene.past.flow, inTimeWait: scene.past.inTimeWait })
  }
}

export function synAgain(scene: Scene): void {
  const { s, own, track } = scene
  const nth = s.ackBit ? own.synAckCopies : own.synCopies - own.synAckCopies
  if (!s.syn || s.rst || nth === 0 || own.synSeq !== s.seq) return
  const firstRow = s.ackBit ? own.synAckRow : own.synRow
  const first = scene.packet(firstRow) ?? s.packet
  // A sender that went on does not send its SYN again: the network brings it.
  if ((own.movedOn && !s.ackBit) || identicalCopy(scene) >= 0) {
    scene.say({ code: 'old-duplicate', of: first, ...scene.elsewhere('of', firstRow) })
    return
  }
  const stack = track.stacks[scene.from]
  if (!s.ackBit) {
    const budget = finite(stack.synRetries + stack.synLinearTimeouts)
    scene.say({
      code: 'syn-retransmission',
      nth,
      budget,
      givesUpAt: synGivesUpAt(scene, stack, nth),
      first,
      ...scene.elsewhere('first', firstRow),
    })
  } else if (!answersWithCookies(scene)) {
    const budget = shownBudget(scene) ?? finite(stack.synAckRetries)
    const answered = answeredSyn(track, scene.row)
    scene.say({
      code: 'syn-ack-retransmission',
      nth,
      budget: budget === null ? null : Math.max(nth, budget),
      first,
      ...scene.elsewhere('first', firstRow),
      answers: scene.packet(answered),
      ...scene.elsewhere('answers', answered),
    })
  }
}

/** For each end of a connection what {@link shownBudget} said: found once for many resends. */
const budgets = new WeakMap<Scene['replayed'], Map<End, number | null>>()

/** A host that evidently gave up earlier is set to fewer resends than the defaults. */
function shownBudget({ track, fates, replayed, from }: Scene): number | null {
  const known = budgets.get(replayed) ?? new Map<End, number | null>()
  budgets.set(replayed, known)
  const before = known.get(from)
  if (before !== undefined) return before
  const log = replayed.logs[from]
  const k = log.findIndex(({ to }) => to === 'SYN_RECEIVED')
  const [began, left] = [log[k], log[k + 1]]
  const to = left?.at ?? Number.POSITIVE_INFINITY
  const gone = left?.rules[0] === 'infer/gave-up'
  const over = began === undefined ? null : givesUp(track, fates, from, 'SYN_RECEIVED', began.at, to, gone)
  known.set(from, over?.resends ?? null)
  return over?.resends ?? null
}

const finite = (n: number): number | null => (Number.isFinite(n) ? n : null)

/** When the SYNs end that follow the `nth` resend if nobody answers; seconds as in `Segment.at`. */
function synGivesUpAt(scene: Scene, stack: StackProfile, nth: number): number | null {
  if (!Number.isFinite(stack.synRetries)) return null
  const limit = modelTimeout(stack, stack.synRetries, stack.initialRto)
  const first = scene.segment(scene.own.synRow).at
  let { at } = scene.s
  for (let sent = nth + 1; ; sent++) {
    at += synWait(stack, sent)
    if (sent - 1 >= stack.synRetries + stack.synLinearTimeouts || at - first >= limit)
      return Math.round(at * 1e6) / 1e6
  }
}

const answersWithCookies = ({ track, from }: Scene): boolean => track.cookies && from === SERVER

export function synCookie(scene: Scene): void {
  const { s, peer } = scene
  if (!s.syn || !s.ackBit || s.rst || !answersWithCookies(scene) || peer.lastRow < 0) return
  const answers = scene.packet(peer.lastRow)
  if (answers !== null)
    scene.say({ code: 'syn-cookie', answers, ...scene.elsewhere('answers', peer.lastRow) })
}

export function fastOpen(scene: Scene): void {
  const { s } = scene
  if (!s.syn || s.rst) return
  if (!s.ackBit && s.len > 0) scene.say({ code: 'fast-open', bytes: s.len, accepted: acceptedText(scene) })
  else if (!s.ackBit && s.fastOpen === 0) scene.say({ code: 'fast-open-cookie', request: true })
  else if (s.ackBit && s.fastOpen > 0) scene.say({ code: 'fast-open-cookie', request: false })
}

/** How far to look for the SYN+ACK of a SYN. */
const AHEAD = 64

/** The SYN+ACK covers the text on the SYN, or only the SYN (RFC 7413 section 4.2.2). */
function acceptedText({ track, row, s }: Scene): boolean | null {
  for (let k = row + 1; k < track.segments.length && k < row + AHEAD; k++) {
    const x = track.segments[k]
    if (x === undefined || x.from === s.from || !x.syn || !x.ackBit || x.rst) continue
    return diff(x.ack, add(s.seq, 1)) > 0
  }
  return null
}

export function simultaneousOpen(scene: Scene): void {
  const { s, own, peer } = scene
  if (!s.syn || s.ackBit || s.rst || own.synCopies > 0 || peer.synCopies === 0 || peer.movedOn) return
  const first = scene.segment(peer.synRow)
  if (!first.ackBit)
    scene.say({ code: 'simultaneous-open', with: first.packet, ...scene.elsewhere('with', peer.synRow) })
}
