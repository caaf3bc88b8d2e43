/**
 * Notes on a RST: what its form says about its sender, what drew it, whether its receiver took it.
 *
 * RFC 9293 sections 3.5.2, 3.5.3 and 3.10.7.1. A bare `<SEQ=SEG.ACK><CTL=RST>` comes from no socket; `<SEQ=SND.NXT>
 * <ACK=RCV.NXT><CTL=RST,ACK>` from a live one. RFC 5961 section 3.2: a RST may be refused by a challenge ACK.
 */
import { LEFT, NEVER_LEFT } from '../../infer/hosts.js'
import { isForged, isUnprompted } from '../../infer/resets.js'
import type { NoteArguments } from '../../notes.js'
import { add } from '../../rfc9293/sequence.js'
import type { State } from '../../rfc9293/state.js'
import { keepAliveFailed } from '../calls.js'
import { identicalCopy } from './copies.js'
import { endsOrphan } from './fate.js'
import type { Scene } from './scene.js'

type Form = NoteArguments['reset']['form']

export function reset(scene: Scene): void {
  if (!scene.s.rst || again(scene)) return
  const [form, answers] = formOf(scene)
  scene.say({
    code: 'reset',
    form,
    answers: scene.packet(answers),
    ...scene.elsewhere('answers', answers),
    taken: taken(scene),
    ...left(scene),
  })
}

/** What the capture of its apparent sender's host says of it. */
function left({ track, row }: Scene): Pick<NoteArguments['reset'], 'left'> {
  const told = track.left?.[row]
  return told === LEFT ? { left: true } : told === NEVER_LEFT ? { left: false } : {}
}

/** The very same RST once more: the network made a copy. */
function again(scene: Scene): boolean {
  const of = identicalCopy(scene)
  if (of < 0 || !scene.segment(of).rst) return false
  scene.say({ code: 'old-duplicate', of: scene.packet(of), ...scene.elsewhere('of', of) })
  return true
}

const OPENING: ReadonlySet<State> = new Set<State>(['SYN_SENT', 'SYN_RECEIVED'])

function formOf(scene: Scene): readonly [Form, number] {
  return scene.s.ackBit ? withAck(scene) : bare(scene, scene.drawnBy.get(scene.row) ?? lastWithAck(scene))
}

function bare(scene: Scene, drawnBy: number): readonly [Form, number] {
  const { row, track } = scene
  if (drawnBy >= 0 && OPENING.has(scene.cell(scene.from).state)) return ['bad-ack', drawnBy]
  if (isForged(track, row)) return ['forged', -1]
  if (drawnBy < 0) return ['unknown', -1]
  return [endsOrphan(scene.cell(scene.from, drawnBy)) ? 'unread-data' : 'no-socket', drawnBy]
}

function withAck(scene: Scene): readonly [Form, number] {
  const { row, track, own, peer } = scene
  const refusesSyn = own.synCopies === 0 && peer.synCopies > 0 && !own.movedOn && answersSyn(scene)
  if (refusesSyn) return ['refused', peer.lastSynRow]
  if (isForged(track, row)) return ['forged', -1]
  if (keepAliveFailed(track, row)) return ['keep-alive-timeout', -1]
  return ['abort', -1]
}

/** Its ACK covers the peer's SYN, with or without the text on it. */
function answersSyn({ peer, s, track }: Scene): boolean {
  const syn = track.segments[peer.synRow]
  return syn !== undefined && (s.ack === syn.end || s.ack === add(syn.seq, 1))
}

/** The latest segment of the peer whose ack number this RST carries as its own sequence number, and that may have drawn it. */
function lastWithAck({ peer, row, s, track }: Scene): number {
  return isUnprompted(track, row) ? -1 : peer.rowOfAck(s.seq, track.segments)
}

/** Its receiver gave up the connection because of it; null: nothing tells, or it had none. */
function taken(scene: Scene): boolean | null {
  const { received } = scene.fate
  if (received === false) return false
  const { was, state } = scene.cell(scene.to)
  if (was === 'CLOSED' || was === 'LISTEN') return null
  if (state === 'CLOSED' || state === 'LISTEN') return received
  // What TIME_WAIT ignores no packet shows: it has nothing to say any more.
  if (state === 'TIME_WAIT' && received === null) return null
  return scene.fate.arrives ? false : received
}
