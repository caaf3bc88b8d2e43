/**
 * Notes on bytes that came again, late, or not at all.
 *
 * RFC 9293 section 3.8.1; RFC 5681 section 3.2 (fast retransmit); RFC 2018 (SACK); RFC 6298 section 5 (the timer);
 * RFC 8985 section 7 (tail loss probe). What the receiver had is known in hindsight, from the fates.
 */
import { diff } from '../../rfc9293/sequence.js'
import { isTooOld } from './fate.js'
import { filledAgain, filledLate, type Gap, type OpenMissing } from './gaps.js'
import { type OpenRetransmission, whyAgain } from './retransmission.js'
import { type Scene, sentBefore } from './scene.js'

/** A segment of data or a FIN that starts below what its sender had sent already. */
export function again(scene: Scene): void {
  const { s, own } = scene
  if (scene.length === 0 || s.syn || s.rst || !own.known) return
  if (scene.saysOneOf(NOT_AGAIN)) return
  const start = own.at(s.seq)
  if (start >= own.highest) return
  // More followed that position: its sender has no FIN there. Somebody else made this, or it is very old.
  if (s.fin && own.finRow < 0 && own.at(s.end) < own.highest) return
  const gap = scene.gaps[scene.from].find(start)
  if (gap !== undefined && cameLate(scene, gap)) {
    filledLate(gap)
    scene.say({ code: 'out-of-order', behind: scene.packet(gap.row), ...scene.elsewhere('behind', gap.row) })
    return
  }
  if (gap !== undefined) filledAgain(gap)
  const latest = gap === undefined ? own.latestCopy(start) : -1
  const firstCopy = gap === undefined ? own.firstCopy(start) : -1
  const of = { of: scene.packet(firstCopy), ...scene.elsewhere('of', firstCopy) }
  if (s.fin && own.finRow >= 0)
    scene.say({
      code: 'fin-retransmission',
      of: scene.packet(own.finRow) ?? s.packet,
      ...scene.elsewhere('of', own.finRow),
    })
  const needless = neededNoMore(scene, latest)
  if (needless !== null) scene.say({ code: 'spurious-retransmission', ...of, ...needless })
  else if (asked(scene, start)) {
    scene.say({ code: 'fast-retransmission', ...of, duplicateAcks: own.duplicateAcks })
  } else {
    const note: OpenRetransmission = { code: 'retransmission', ...of, why: whyAgain(scene, start, latest) }
    scene.say(note)
  }
}

const NOT_AGAIN = ['old-duplicate', 'keep-alive', 'zero-window-probe'] as const

/** Without identification or timestamp: no sender reacts to a gap sooner than this, in seconds (as Wireshark has it). */
const TOO_SOON = 0.003

/** It fills a gap, and left before the segment that jumped over it. */
function cameLate(scene: Scene, gap: Gap): boolean {
  const { s, own, track } = scene
  const before = sentBefore(own, s, scene.segment(gap.row))
  if (before !== null) return before
  return s.at - gap.at < Math.max(TOO_SOON, 0.9 * (track.roundTrip[scene.from] ?? 0))
}

type ShownBy = { readonly shownBy: number | null; readonly shownByCapture?: number }
const shownBy = (scene: Scene, row: number): ShownBy => ({
  shownBy: scene.packet(row),
  ...scene.elsewhere('shownBy', row),
})

/** Its receiver had all of it: an ACK said so before, or the fate of the copy before it does. */
function neededNoMore(scene: Scene, latest: number): ShownBy | null {
  const { s, own, fates } = scene
  const end = own.at(s.end)
  if (end <= own.acked) return shownBy(scene, own.ackedRow)
  const fate = fates[latest]
  if (fate?.received !== true || own.at(scene.segment(latest).end) < end) return null
  return shownBy(scene, fate.by)
}

/** Duplicate ACKs that make a sender repeat (RFC 5681 section 3.2). */
const THRESHOLD = 3
/** A sender repeats within so many seconds after the word that asks for it. */
const PROMPT = 0.05

/** Its receiver asked for it just before, by duplicate ACKs or by SACK blocks above it. */
function asked(scene: Scene, start: number): boolean {
  const { s, own, track } = scene
  const round = track.roundTrip[scene.from] ?? 0
  if (s.at - own.troubleAt > 1.25 * round + PROMPT) return false
  return own.duplicateAcks >= THRESHOLD ? start <= Math.max(own.acked, own.sacked) : start < own.sacked
}

/** Bytes between what was captured of this direction and this segment. */
export function missing(scene: Scene): void {
  const { s, own } = scene
  if (s.syn || s.rst || !own.known || scene.says('old-duplicate')) return
  const start = own.at(s.seq)
  if (start <= own.highest) return
  const kind = start <= own.acked ? 'not-captured' : 'unknown'
  const note: OpenMissing = { code: 'previous-segment-missing', bytes: start - own.highest, kind }
  const notes = scene.say(note)
  scene.gaps[scene.from].open({ from: own.highest, to: start, row: scene.row, at: s.at, note, notes })
}

/** It acknowledges what was never captured. */
export function ackOfUnseen(scene: Scene): void {
  const { s, peer } = scene
  if (!s.ackBit || s.rst || peer.lastRow < 0) return // of a direction without any packet it goes without saying
  const position = peer.at(s.ack)
  const beyond = position - Math.max(peer.highest, peer.acked)
  if (beyond > 0 && beyond <= FARTHEST) scene.say({ code: 'ack-of-unseen', bytes: beyond })
}

/** The largest window there is (RFC 7323 section 2.3): an ACK of more belongs to something else. */
const FARTHEST = 2 ** 30

/** The same ACK again while data beyond it is under way: something before that data is missing (RFC 5681 section 2). */
export function duplicateAck(scene: Scene): void {
  const { s, own, peer } = scene
  if (!scene.bareAck || own.ack !== s.ack || s.window === 0) return
  if (scene.saysOneOf(NO_DUPLICATE)) return
  if (!peer.known || peer.highest <= peer.at(s.ack)) return
  // Of what is under way nothing was captured yet. A refused segment is answered with an ACK, which says nothing of a hole.
  if (peer.lastRow < 0 || isTooOld(scene.cell(scene.from, peer.lastRow))) return
  if (own.window !== scene.window && !newlySacked(scene)) return
  if (diff(s.seq, scene.segment(own.lastRow).end) < 0 && own.at(s.seq) < own.highest) return
  scene.say({
    code: 'duplicate-ack',
    nth: own.duplicatesSent + 1,
    of: scene.packet(own.ackRow) ?? s.packet,
    ...scene.elsewhere('of', own.ackRow),
  })
}

const NO_DUPLICATE = [
  'old-duplicate',
  'keep-alive',
  'keep-alive-ack',
  'zero-window-probe',
  'challenge-ack',
] as const

/** A SACK block says more than the last one: a duplicate ACK even if the window moved (RFC 6675 section 2). */
function newlySacked(scene: Scene): boolean {
  const first = scene.s.sack[0]
  return first !== undefined && scene.peer.at(first[1]) > Math.max(scene.peer.sacked, scene.peer.acked)
}
