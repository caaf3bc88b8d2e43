/**
 * Folds what `infer/` decided through two machines: the state of both ends at every row.
 *
 * In: a track, the fate of each segment, the ends as the connection before left them. Out: a cell for each end at
 * each row, and each end's log. A row shows its sender once it has sent it, and its receiver once it has received
 * and processed it, each in its own order: where two segments crossed, the columns are not the same moment.
 */
import { CLIENT, type End, type IcmpError, other, SERVER, type Segment } from '../flow/segment.js'
import type { Fate } from '../infer/fate.js'
import { finTaken } from '../infer/fin-taken.js'
import { countedBefore } from '../infer/origin.js'
import { hasNoSocket } from '../infer/sender.js'
import { isGenuine, type Track } from '../infer/track.js'
import type { Certainty } from '../report.js'
import type { Reply, Tcb } from '../rfc9293/event.js'
import type { State } from '../rfc9293/state.js'
import { type Cell, EndReplay, type LogEntry } from './end.js'
import { type Cells, type Course, Fold, type Fork, isOrdinary } from './fold.js'
import { inDoubtFrom } from './in-doubt.js'
import { mayBeTooOld, RecentTimestamp } from './recent-timestamp.js'

export { FIRST_RTO } from './arriving.js'

export interface Replayed {
  /** Of client and server the cells of each row. */
  readonly cells: readonly [readonly Cell[], readonly Cell[]]
  readonly logs: readonly [readonly LogEntry[], readonly LogEntry[]]
  readonly ends: readonly [Tcb, Tcb]
  readonly certainties: readonly [Certainty, Certainty]
  /** What the machine says a row draws from its receiver: challenge ACKs, and what a SYN draws. By row. */
  readonly replies: ReadonlyMap<number, readonly Reply[]>
  /** ICMP errors that ended an attempt. */
  readonly fatalErrors: readonly IcmpError[]
  /** What a reader who takes every captured packet for received reads otherwise; null: nothing. */
  readonly trusting: Trusting | null
}

/** The states of each row's receiver as that reader has them, from the row on where he goes another way. */
export interface Trusting {
  readonly from: number
  readonly states: readonly State[]
}

/** What one end has left over from the connection before it on the same 4-tuple. */
export interface Inherited {
  readonly tcb: Tcb
  readonly certainty: Certainty
  /** Number of that connection in the report. */
  readonly flow?: number
  /** How long this end stays in TIME_WAIT if nothing comes; seconds as in `Segment.at`. */
  readonly timeWaitUntil?: number | undefined
}

export function replay(
  track: Track,
  fates: readonly Fate[],
  inherited: readonly [Inherited | null, Inherited | null] = [null, null],
): Replayed {
  const ends = [new EndReplay(track.stacks[CLIENT]), new EndReplay(track.stacks[SERVER])] as const
  for (const end of [CLIENT, SERVER] as const) {
    const old = inherited[end]
    if (old === null) continue
    ends[end].tcb = old.tcb
    ends[end].certainty = old.certainty
  }
  const course: Course = {
    track,
    late: overtaken(track),
    errors: errorsInOrder(track),
    finsTaken: [finTaken(track, CLIENT), finTaken(track, SERVER)],
  }
  const recent = mayBeTooOld(track) ? ([new RecentTimestamp(), new RecentTimestamp()] as const) : null
  const fold = new Fold(course, ends, fates, recent)
  fold.run()
  const { cells, fork } = fold
  for (const [row, before] of course.late) {
    const own = cells[(track.segments[row] as Segment).from]
    const then = own[before] as Cell
    own[row] = { ...then, state: then.was, rules: [] }
  }
  for (const end of [CLIENT, SERVER] as const) leaveInDoubt(ends[end], end, cells[end], track, fates)
  const instead = fork === null || fates.every(isOrdinary) ? null : trusting(course, fork, cells)
  for (const end of [CLIENT, SERVER] as const) listensBefore(ends[end], cells[end], fates)
  return {
    cells,
    logs: [ends[CLIENT].log, ends[SERVER].log],
    ends: [ends[CLIENT].tcb, ends[SERVER].tcb],
    certainties: [ends[CLIENT].certainty, ends[SERVER].certainty],
    replies: fold.replies,
    fatalErrors: fold.fatalErrors,
    trusting: instead,
  }
}

/** Who is heard no more though somebody asks is in its last state as far as anybody knows. Nobody asks who has no socket. */
function leaveInDoubt(who: EndReplay, end: End, cells: Cell[], track: Track, fates: readonly Fate[]): void {
  if (hasNoSocket(who.tcb.state) || who.certainty === 'assumed') return
  const from = inDoubtFrom(track, fates, end)
  if (from < 0) return
  who.certainty = 'assumed'
  for (let row = from; row < cells.length; row++) {
    const original = track.duplicateOf[row] as number
    if (original >= 0 && original < from) continue
    cells[row] = { ...(cells[row] as Cell), certainty: 'assumed' }
  }
}

/** Who takes a SYN in the end was in LISTEN when those before it did not come. */
function listensBefore(who: EndReplay, cells: Cell[], fates: readonly Fate[]): void {
  if (who.log[0]?.from !== 'LISTEN') return
  for (let row = 0; row < cells.length; row++) {
    const cell = cells[row] as Cell
    if (cell.was !== 'CLOSED' || cell.state !== 'CLOSED' || fates[row]?.received !== false) return
    cells[row] = { ...cell, state: 'LISTEN', was: 'LISTEN', certainty: 'implied' }
  }
}

/** Replays again from where the two readers part, and as if all had come at once. */
function trusting(course: Course, fork: Fork, before: Cells): Trusting {
  const { segments, stacks } = course.track
  const ends = [new EndReplay(stacks[CLIENT]), new EndReplay(stacks[SERVER])] as const
  ends[CLIENT].tcb = fork.tcbs[CLIENT]
  ends[SERVER].tcb = fork.tcbs[SERVER]
  const fold = new Fold(course, ends, null, null, fork, before)
  fold.run()
  const behind = segments.slice(fork.row)
  const states = behind.map(({ from }, k) => (fold.cells[other(from)][k] as Cell).state)
  return { from: fork.row, states }
}

/**
 * Rows that were sent before a row captured earlier (the network reordered them before the capture point), with that
 * row: the sender's count of packets (IP identification) tells. The sender is shown as it was when it sent them.
 */
function overtaken(track: Track): ReadonlyMap<number, number> {
  const pairs = new Map<number, number>()
  const latest: [number, number] = [-1, -1]
  track.segments.forEach((s, row) => {
    if (s.ipId <= 0 || !isGenuine(track, row)) return
    const last = latest[s.from]
    const before = last < 0 ? undefined : track.segments[last]
    if (before !== undefined && countedBefore(s, before) && s.at - before.at < 1) pairs.set(row, last)
    else latest[s.from] = row
  })
  return pairs
}

const errorsInOrder = (track: Track): IcmpError[] => [...track.connection.icmp].sort((a, b) => a.at - b.at)
