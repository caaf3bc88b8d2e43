/**
 * Folds what `infer/` decided through two machines: the state of both ends at every row.
 *
 * In: a track, the fate of each segment, the ends as the connection before left them. Out: a cell for each end at
 * each row, and each end's log. A row shows its sender once it has sent it, and its receiver once it has received
 * and processed it, each in its own order: where two segments crossed, the columns are not the same moment.
 */
import { CLIENT, type End, other, SERVER, type Segment } from '../flow/segment.js'
import type { Fate } from '../infer/fate.js'
import { type Doing, explainGone, explainSending } from '../infer/sender.js'
import { type Track, windowOf } from '../infer/track.js'
import type { Certainty } from '../report.js'
import type { MachineSegment, Reply, Tcb } from '../rfc9293/event.js'
import { closed } from '../rfc9293/machine.js'
import { geq, gt } from '../rfc9293/sequence.js'
import { type Cell, EndReplay, type LogEntry } from './end.js'

export interface Replayed {
  /** For each row the cells of client and server. */
  readonly cells: readonly (readonly [Cell, Cell])[]
  readonly logs: readonly [readonly LogEntry[], readonly LogEntry[]]
  readonly ends: readonly [Tcb, Tcb]
  readonly certainties: readonly [Certainty, Certainty]
  /** What the machine says each row draws from its receiver. */
  readonly replies: ReadonlyMap<number, readonly Reply[]>
}

/** What one end has left over from the connection before it on the same 4-tuple. */
export interface Inherited {
  readonly tcb: Tcb
  readonly certainty: Certainty
}

export function replay(
  track: Track,
  fates: readonly Fate[],
  inherited: readonly [Inherited | null, Inherited | null] = [null, null],
): Replayed {
  const { segments, duplicateOf, stacks } = track
  const ends = [new EndReplay(stacks[CLIENT]), new EndReplay(stacks[SERVER])] as const
  for (const end of [CLIENT, SERVER] as const) {
    const old = inherited[end]
    if (old === null) continue
    ends[end].tcb = old.tcb
    ends[end].certainty = old.certainty
  }
  const cells: [Cell, Cell][] = segments.map(() => [BLANK, BLANK])
  const replies = new Map<number, readonly Reply[]>()
  /** Rows under way to each end that come after a row which that end still has to send. */
  const pending: [number[], number[]] = [[], []]
  const half = (end: End): number => (track.roundTrip[end] ?? 0) / 2

  const set = (row: number, end: End, cell: Cell): void => {
    const pair = cells[row]
    if (pair !== undefined) pair[end] = cell
  }

  const perform = (end: End, doing: Doing, at: number, row: number): void => {
    const who = ends[end]
    if (doing.kind === 'event') who.apply(doing.event, at, row, doing.certainty)
    else who.force(doing.tcb, doing.rule, at, row, doing.certainty, doing.cause ?? 'packet')
  }

  const arrive = (row: number): void => {
    const s = segments[row] as Segment
    const fate = fates[row] as Fate
    const to = other(s.from)
    const who = ends[to]
    const at = s.at + half(to)
    who.begin()
    if (fate.arrives) {
      if (fate.gone >= 0) for (const d of explainGone(track, who.tcb, row, fate)) perform(to, d, at, row)
      const outcome = who.apply(
        { kind: 'segment', segment: machineSegment(track, s, who.tcb) },
        at,
        row,
        arrivalCertainty(track, fate),
      )
      if (outcome.replies.length > 0) replies.set(row, outcome.replies)
      if (s.rst && fate.received === true && outcome.replies.length === 0 && inWindow(who.tcb, s)) {
        // Silence afterwards: it was taken, though the numbers that we know say otherwise.
        if (who.tcb.state !== 'CLOSED' && who.tcb.state !== 'LISTEN' && who.tcb.state !== 'TIME_WAIT') {
          who.force(closed(), 'infer/resync', at, row, 'implied')
        }
      }
    }
    set(row, to, who.cell())
  }

  for (let row = 0; row < segments.length; row++) {
    const s = segments[row] as Segment
    const from = s.from
    const original = duplicateOf[row] as number
    if (original >= 0) {
      cells[row] = [...(cells[original] as [Cell, Cell])]
      continue
    }
    const who = ends[from]
    const at = s.at - half(from)
    who.begin()
    for (const doing of explainSending(track, ends, row, fates)) {
      perform(doing.end ?? from, doing, doing.at ?? at, row)
    }
    if (s.ackBit && !s.rst && sentBy(who.tcb)) who.tcb = { ...who.tcb, rcvWnd: windowOf(track, s) }
    set(row, from, who.cell())

    const to = other(from)
    const fate = fates[row] as Fate
    if (fate.arrives && fate.after > row) pending[to].push(row)
    else arrive(row)
    // What waited for this end to send this row comes now.
    pending[from] = pending[from].filter((waiting) => {
      if ((fates[waiting] as Fate).after > row) return true
      arrive(waiting)
      return false
    })
  }
  for (const end of [CLIENT, SERVER] as const) for (const row of pending[end]) arrive(row)

  return {
    cells,
    logs: [ends[CLIENT].log, ends[SERVER].log],
    ends: [ends[CLIENT].tcb, ends[SERVER].tcb],
    certainties: [ends[CLIENT].certainty, ends[SERVER].certainty],
    replies,
  }
}

const BLANK: Cell = { state: 'CLOSED', was: 'CLOSED', certainty: 'assumed', rules: [] }

const sentBy = (tcb: Tcb): boolean => tcb.state !== 'CLOSED' && tcb.state !== 'LISTEN'

const inWindow = (tcb: Tcb, s: Segment): boolean =>
  geq(s.seq, tcb.rcvNxt) && gt((tcb.rcvNxt + Math.max(1, tcb.rcvWnd)) >>> 0, s.seq)

function arrivalCertainty(track: Track, fate: Fate): Certainty {
  if (fate.received === null) return 'assumed'
  return fate.by >= 0 || track.captureEnd > 0 ? 'implied' : 'assumed'
}

/** The segment as the machine of its receiver sees it. */
function machineSegment(track: Track, s: Segment, receiver: Tcb): MachineSegment {
  const newer = receiver.state === 'TIME_WAIT' && s.syn && s.hasTimestamps
  return {
    seq: s.seq,
    ack: s.ack,
    len: s.len,
    wnd: windowOf(track, s),
    syn: s.syn,
    ackBit: s.ackBit,
    fin: s.fin,
    rst: s.rst,
    ...(newer ? { newerTimestamp: true } : {}),
  }
}
