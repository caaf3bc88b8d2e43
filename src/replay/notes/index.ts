/**
 * What is worth saying about each packet, as codes with typed arguments.
 *
 * In: a track with its fates, replayed. Out: the notes of every row, in the order in which a reader wants them. One pass,
 * in capture order: each detector looks at the row and at the running state of both directions, which then take the row in.
 */
import { CLIENT, type End, SERVER } from '../../flow/segment.js'
import type { Fate } from '../../infer/fate.js'
import type { Track } from '../../infer/track.js'
import type { Note } from '../../notes.js'
import { SIDES } from '../../report.js'
import type { Replayed } from '../replay.js'
import { dataAfterClose, simultaneousClose, timeWait } from './closing.js'
import { oldDuplicate } from './copies.js'
import { crossing, hiddenChange, notReceived } from './fate.js'
import { isForeign, strayed } from './foreign.js'
import { fastOpen, firstRow, simultaneousOpen, synAgain, synCookie } from './handshake.js'
import { ackOfUnseen, again, duplicateAck, missing } from './loss.js'
import { challengeAck, keepAlive, keepAliveAck, zeroWindowProbe, zeroWindowProbeAck } from './probes.js'
import { reset } from './resets.js'
import { type Past, Scene } from './scene.js'
import { owe, take } from './take.js'
import { outsideWindow, windowFull, windowUpdate, zeroWindow } from './window.js'

export { endedUnseen, endsOrphan, isTooOld } from './fate.js'
export type { Past } from './scene.js'
export { isOutside } from './window.js'

/** In order: a later one may look at what an earlier one said. */
const DETECTORS: readonly ((scene: Scene) => void)[] = [
  firstRow,
  hiddenChange,
  synAgain,
  synCookie,
  fastOpen,
  simultaneousOpen,
  oldDuplicate,
  zeroWindowProbe,
  keepAlive,
  again,
  missing,
  challengeAck,
  keepAliveAck,
  zeroWindowProbeAck,
  zeroWindow,
  windowUpdate,
  duplicateAck,
  ackOfUnseen,
  windowFull,
  reset,
  simultaneousClose,
  dataAfterClose,
  outsideWindow,
  notReceived,
  crossing,
  timeWait,
]

/** For a segment that its apparent sender did not send. */
const FOREIGN: readonly ((scene: Scene) => void)[] = [
  firstRow,
  hiddenChange,
  strayed,
  reset,
  notReceived,
  crossing,
  timeWait,
]

/** How long an end that is left in TIME_WAIT stays there, as its notes say; undefined for another state. */
export function timeWaitLeft(
  replayed: Replayed,
  notes: readonly (readonly Note[])[],
  end: End,
): number | undefined {
  if (replayed.ends[end].state !== 'TIME_WAIT') return undefined
  const side = SIDES[end]
  for (let row = notes.length - 1; row >= 0; row--) {
    for (const note of notes[row] ?? NONE) {
      if (note.code === 'time-wait-until' && note.side === side) return note.until
    }
  }
  return undefined
}

const NONE: readonly Note[] = []

/** Linear in the number of segments. `past`: what the connection before on the same 4-tuple left; null: none is known. */
export function notesOf(
  track: Track,
  fates: readonly Fate[],
  replayed: Replayed,
  past: Past | null = null,
): readonly (readonly Note[])[] {
  if (track.segments.length === 0) return []
  const scene = new Scene(track, fates, replayed, past)
  for (const end of [CLIENT, SERVER] as const) {
    const probe = track.firstProbes[end]
    if (probe !== null) scene.directions[end].beginsBelow(probe.next, probe.row)
  }
  for (let row = 0; row < track.segments.length; row++) {
    scene.moveTo(row)
    const original = track.duplicateOf[row] as number
    if (original >= 0) {
      scene.say({
        code: 'capture-duplicate',
        of: scene.segment(original).packet,
        ...scene.elsewhere('of', original),
      })
      continue
    }
    const foreign = isForeign(scene)
    const detectors = foreign ? FOREIGN : DETECTORS
    for (let k = 0; k < detectors.length; k++) detectors[k]?.(scene)
    owe(scene)
    if (!foreign && (track.copyOf[row] as number) < 0) take(scene)
  }
  return scene.notes
}
