/**
 * Notes on what became of a segment, and on what no packet shows.
 *
 * In: the fates and the changes that `infer/` and the replay decided on. Design: a state is an estimate that a later
 * packet may revise; the packet that revises it is named.
 */
import type { Segment } from '../../flow/segment.js'
import { NEVER_CAME } from '../../infer/hosts.js'
import type { NoteArguments } from '../../notes.js'
import type { EndState } from '../../report.js'
import type { LogEntry } from '../end.js'
import type { Scene } from './scene.js'

/** Its receiver's machine refused it for its old time stamp (PAWS, RFC 7323 section 5.3). */
export const isTooOld = ({ rules }: Pick<EndState, 'rules'>): boolean =>
  rules.includes('3.10.7.4/1-sequence/paws')

/** Text for an end whose owner had closed both halves: its TCP was still there, answers with a RST, and is gone (section 3.6.1). */
export const endsOrphan = ({ rules }: Pick<EndState, 'rules'>): boolean =>
  rules.includes('3.10.7.4/7-text/orphan')

/**
 * It drew a RST from an end in FIN_WAIT that no timer can have ended: a hole before it that the capture does not show
 * may have done it (its TCP took it then), or the end was gone already.
 */
export const endedUnseen = ({ rules, was }: Pick<EndState, 'rules' | 'was'>): boolean =>
  rules.includes('infer/gone') && was.startsWith('FIN_WAIT')

export function notReceived(scene: Scene): void {
  const { fate, s } = scene
  // A RST says itself whether it was taken; what is outside the window comes, and is dropped.
  if (s.rst || scene.says('outside-window')) return
  const tooOld = isTooOld(scene.cell(scene.to))
  const unanswered = fate.received === null && !fate.arrives && fate.by >= 0
  // Most are received.
  if (!tooOld && !unanswered && fate.received !== false) return
  const side = scene.sideOf(scene.to)
  const shown = { shownBy: scene.packet(fate.by), ...scene.elsewhere('shownBy', fate.by) }
  if (tooOld) {
    if (!scene.says('old-duplicate')) scene.say({ code: 'thrown-away', side, ...shown, why: 'old-timestamp' })
    return
  }
  if (unanswered) scene.say({ code: 'unanswered', ...shown })
  if (fate.received !== false) return
  if (fate.thrown !== null) {
    const met = scene.cell(scene.to)
    if (endsOrphan(met) || endedUnseen(met)) return
    scene.say({ code: 'thrown-away', side, ...shown, why: fate.thrown })
    return
  }
  // A full accept queue throws the final ACK away in silence; only away from the server can it be told from a loss.
  // So does a firewall with a SYN.
  const opening = s.syn && !s.ackBit
  const neverCame = scene.track.came?.[scene.row] === NEVER_CAME
  const doubtful =
    !neverCame && (opening || scene.cell(scene.to).state === 'SYN_RECEIVED' || scene.near[scene.to])
  scene.say({ code: 'not-received', side, ...shown, lost: !doubtful })
}

/** It crossed one of its receiver's own; said where it matters to a state. */
export function crossing(scene: Scene): void {
  const { fate, row, s } = scene
  if (fate.after <= row) return
  const { state, was } = scene.cell(scene.to)
  if (!s.syn && !s.fin && !s.rst && state === was) return
  const other = scene.packet(fate.after)
  if (other !== null) scene.say({ code: 'crossing', with: other, ...scene.elsewhere('with', fate.after) })
}

export function hiddenChange(scene: Scene): void {
  for (const { end, entry } of scene.changes) {
    const why = whyHidden(entry, scene.s, scene.from === end)
    if (why === null || entry.from === entry.to) continue
    scene.say({ code: 'hidden-change', side: scene.sideOf(end), from: entry.from, to: entry.to, why })
  }
}

type Why = NoteArguments['hidden-change']['why']

/** Null: a packet shows the change. */
function whyHidden(entry: LogEntry, s: Segment, own: boolean): Why | null {
  const [rule] = entry.rules
  switch (rule) {
    case 'infer/gave-up':
      return 'gave-up'
    case 'infer/orphan-timeout':
      return 'orphan'
    case 'infer/syn-cookie':
      return 'cookie'
    case 'infer/gone':
      if (entry.from === 'TIME_WAIT') return 'time-wait-over'
      return entry.from === 'ESTABLISHED' || entry.from === 'CLOSE_WAIT' ? 'crash' : 'unknown'
    default:
      return entry.cause === 'call' && rule?.startsWith('3.10.4') && !(own && s.fin) ? 'close' : null
  }
}
