/**
 * The row at hand with everything the detectors may look at. One object, moved from row to row.
 *
 * In: a track with its fates, replayed. Out: the notes of each row. Detectors run before the row's own segment is
 * taken into the running state of its direction.
 */
import { CLIENT, type End, other, SERVER, type Segment, sequenceLength } from '../../flow/segment.js'
import { isNear } from '../../infer/acknowledgments.js'
import type { Fate } from '../../infer/fate.js'
import type { Track } from '../../infer/track.js'
import { windowOf } from '../../infer/track.js'
import type { Note, NoteCode, PacketArgument } from '../../notes.js'
import { SIDES, type Side } from '../../report.js'
import { diff } from '../../rfc9293/sequence.js'
import type { Cell, LogEntry } from '../end.js'
import type { Replayed } from '../replay.js'
import { Direction } from './direction.js'
import { Gaps } from './gaps.js'
import { Predictions } from './predictions.js'

/** What the connection before this one on the same 4-tuple left. */
export interface Past {
  /** Its number in the report. */
  readonly flow: number
  /** One of its ends was still in TIME_WAIT. */
  readonly inTimeWait: boolean
}

export class Scene {
  readonly directions = [new Direction(), new Direction()] as const
  readonly gaps = [new Gaps(), new Gaps()] as const
  readonly predictions = [new Predictions(), new Predictions()] as const
  /** Of each row; one list stands for all rows of which nothing is said. */
  readonly notes: (readonly Note[])[] = []
  /** State changes of both ends by the row that shows them. */
  readonly #changes: ReadonlyMap<number, readonly Change[]>
  /** Seconds until the same end next opens its window, for each row that shuts it; else not set. */
  readonly opensAfter: ReadonlyMap<number, number>
  /** The capture was taken next to this end. */
  readonly near: readonly [boolean, boolean]
  /** For each row the next of the same end, or -1. */
  readonly nextOwn: Int32Array
  /** For each row the RST of which answers an earlier row: that row. */
  readonly drawnBy: ReadonlyMap<number, number>

  row = 0
  s: Segment
  from: End = CLIENT
  to: End = SERVER
  own: Direction = this.directions[CLIENT]
  peer: Direction = this.directions[SERVER]
  /** Sequence space of the segment. */
  length = 0
  /** Nothing but an ACK. */
  bareAck = false
  fate: Fate
  /** State changes of both ends that the row shows. */
  changes: readonly Change[] = NO_CHANGES

  constructor(
    readonly track: Track,
    readonly fates: readonly Fate[],
    readonly replayed: Replayed,
    readonly past: Past | null,
  ) {
    this.s = track.segments[0] as Segment
    this.fate = fates[0] as Fate
    for (let row = 0; row < track.segments.length; row++) this.notes.push(NO_NOTES)
    this.#changes = changesByRow(replayed)
    this.opensAfter = openings(track)
    this.near = [isNear(track, CLIENT), isNear(track, SERVER)]
    this.nextOwn = nextOwnRows(track)
    this.drawnBy = answeredByReset(fates)
  }

  moveTo(row: number): void {
    const s = this.track.segments[row] as Segment
    this.row = row
    this.s = s
    this.from = s.from
    this.to = other(s.from)
    this.own = this.directions[this.from]
    this.peer = this.directions[this.to]
    this.length = sequenceLength(s)
    this.bareAck = s.ackBit && this.length === 0 && !s.rst
    this.fate = this.fates[row] as Fate
    this.changes = this.#changes.get(row) ?? NO_CHANGES
  }

  /** The row's notes with this one. */
  say(note: Note): Note[] {
    const before = this.notes[this.row] as Note[]
    if (before === NO_NOTES) {
      const notes = [note]
      this.notes[this.row] = notes
      return notes
    }
    before.push(note)
    return before
  }

  says(code: NoteCode): boolean {
    const notes = this.notes[this.row] as readonly Note[]
    // Of most rows nothing is said: asked so often, that should cost nothing.
    if (notes === NO_NOTES) return false
    for (const note of notes) if (note.code === code) return true
    return false
  }

  saysOneOf(codes: readonly NoteCode[]): boolean {
    const notes = this.notes[this.row] as readonly Note[]
    if (notes === NO_NOTES) return false
    for (const { code } of notes) if (codes.includes(code)) return true
    return false
  }

  segment(row: number): Segment {
    return this.track.segments[row] as Segment
  }

  /** Frame number of a row; null for -1. */
  packet(row: number): number | null {
    return row < 0 ? null : (this.track.segments[row]?.packet ?? null)
  }

  /** Beside such an argument: the capture of the packet at `row`, where that is another one than here. */
  elsewhere<N extends PacketArgument>(name: N, row: number): { readonly [_ in `${N}Capture`]?: number } {
    const capture = row < 0 ? undefined : this.track.segments[row]?.capture
    if (capture === undefined || capture === this.s.capture) return {}
    return { [`${name}Capture`]: capture } as { readonly [_ in `${N}Capture`]?: number }
  }

  cell(end: End, row = this.row): Cell {
    return this.replayed.cells[end][row] as Cell
  }

  sideOf(end: End): Side {
    return SIDES[end]
  }

  get window(): number {
    return windowOf(this.track, this.s)
  }
}

const NO_NOTES: readonly Note[] = []

export interface Change {
  readonly end: End
  readonly entry: LogEntry
}

const NO_CHANGES: readonly Change[] = []

function changesByRow(replayed: Replayed): Map<number, Change[]> {
  const changes = new Map<number, Change[]>()
  for (const end of [CLIENT, SERVER] as const) {
    for (const entry of replayed.logs[end]) {
      const at = changes.get(entry.row)
      if (at === undefined) changes.set(entry.row, [{ end, entry }])
      else at.push({ end, entry })
    }
  }
  return changes
}

function nextOwnRows(track: Track): Int32Array {
  const rows = new Int32Array(track.segments.length).fill(-1)
  const next: [number, number] = [-1, -1]
  for (let row = rows.length - 1; row >= 0; row--) {
    if ((track.duplicateOf[row] as number) >= 0) continue
    const { from } = track.segments[row] as Segment
    rows[row] = next[from]
    next[from] = row
  }
  return rows
}

/** From the last row to the first: each shut window meets the next open one of its end. */
function openings(track: Track): Map<number, number> {
  const opens = new Map<number, number>()
  const next: [Segment | null, Segment | null] = [null, null]
  for (let row = track.segments.length - 1; row >= 0; row--) {
    const s = track.segments[row] as Segment
    if (!s.ackBit || s.rst) continue
    const open = next[s.from]
    if (s.window > 0) next[s.from] = s
    else if (open !== null) opens.set(row, open.at - s.at)
  }
  return opens
}

function answeredByReset(fates: readonly Fate[]): Map<number, number> {
  const drawn = new Map<number, number>()
  fates.forEach((fate, row) => {
    if (fate.gone >= 0) drawn.set(fate.gone, row)
  })
  return drawn
}

/** a - b of two 16-bit counters, -32768 to 32767. */
export const idDiff = (a: number, b: number): number => ((a - b) << 16) >> 16

/** Did `s` leave its sender before `later`, though it was captured after it? Null: nothing in them tells. */
export function sentBefore(own: Direction, s: Segment, later: Segment): boolean | null {
  if (s.hasTimestamps && later.hasTimestamps && s.tsVal !== later.tsVal) return diff(s.tsVal, later.tsVal) < 0
  if (own.idsInOrder <= 4 * own.idsNot || s.ipId === 0 || later.ipId === 0 || s.ipId === later.ipId)
    return null
  return idDiff(s.ipId, later.ipId) < 0
}

/** Counts whether the sender's IP identifications go up. */
export function learnIds(own: Direction, s: Segment, before: Segment): void {
  const step = idDiff(s.ipId, before.ipId)
  if (step > 0 && step < 256) own.idsInOrder++
  else own.idsNot++
}
