/**
 * One reading of a connection: the machines of both ends, moved from row to row.
 *
 * In: a track, what became of each segment, the ends before the first row. Out: a cell for each end at each row, what
 * each row draws; the ends, moved on; where a reader who trusts every packet would go another way.
 */
import { CLIENT, type End, type IcmpError, other, SERVER, type Segment } from '../flow/segment.js'
import { type Fate, newFate } from '../infer/fate.js'
import type { FinTaken } from '../infer/fin-taken.js'
import { meaningOf } from '../infer/icmp.js'
import {
  type Doing,
  explainCookie,
  explainGone,
  explainSending,
  hasNoSocket,
  hiddenCloseBeforeFin,
  textEndsOrphan,
} from '../infer/sender.js'
import { comesAt, isGenuine, oneWay, sentAt, type Track, widestWindowOf } from '../infer/track.js'
import type { MachineSegment, Reply, Tcb } from '../rfc9293/event.js'
import { closed } from '../rfc9293/machine.js'
import { lt } from '../rfc9293/sequence.js'
import { answersByCookie, answerTo, arrivalCertainty, inWindow, machineSegment } from './arriving.js'
import type { Cell, EndReplay } from './end.js'
import type { RecentTimestamp } from './recent-timestamp.js'

/** What is the same however a connection is read. */
export interface Course {
  readonly track: Track
  /** Rows that were sent before a row captured earlier, with that row. */
  readonly late: ReadonlyMap<number, number>
  /** In order of time. */
  readonly errors: readonly IcmpError[]
  /** For each end: when its FIN was acknowledged, if no packet shows that. */
  readonly finsTaken: readonly [FinTaken | null, FinTaken | null]
}

/** Both ends before a row was sent, and how many errors had been told by then. */
export interface Fork {
  readonly row: number
  readonly tcbs: readonly [Tcb, Tcb]
  readonly told: number
}

/** Of each end its cells, row by row. */
export type Cells = readonly [Cell[], Cell[]]

const BEGINNING: Fork = { row: 0, tcbs: [closed(), closed()], told: 0 }

/** One reading of a connection, from a row to its last. */
export class Fold {
  /** Of the rows from the first on. */
  readonly cells: Cells = [[], []]
  readonly replies = new Map<number, readonly Reply[]>()
  readonly fatalErrors: IcmpError[] = []
  /** Where a reader who trusts every packet would go another way first; null: nowhere. */
  fork: Fork | null = null
  /** Both ends before the row at hand. */
  #before: readonly [Tcb, Tcb] = BEGINNING.tcbs
  #told: number
  /** Rows under way to each end that come after a row which that end still has to send. */
  readonly #pending: [number[], number[]] = [[], []]

  constructor(
    readonly course: Course,
    readonly ends: readonly [EndReplay, EndReplay],
    /** Null: all came, and at once. */
    readonly fates: readonly Fate[] | null,
    readonly recent: readonly [RecentTimestamp, RecentTimestamp] | null,
    readonly first: Pick<Fork, 'row' | 'told'> = BEGINNING,
    /** Cells of the rows before the first. */
    readonly earlier: Cells = [[], []],
  ) {
    this.#told = first.told
  }

  run(): void {
    const { length } = this.course.track.segments
    for (let row = this.first.row; row < length; row++) this.#row(row)
    for (const end of [CLIENT, SERVER] as const) for (const row of this.#pending[end]) this.#arrive(row)
    for (const error of this.course.errors.slice(this.#told)) this.#tell(error)
    this.#acknowledgeFins(Number.POSITIVE_INFINITY)
    this.#repeat()
  }

  /** What was captured twice leaves both ends as it did the first time, as far as that came by now: it changes nothing. */
  #repeat(): void {
    const { duplicateOf } = this.course.track
    for (let row = this.first.row; row < duplicateOf.length; row++) {
      const original = duplicateOf[row] as number
      if (original < 0) continue
      for (const end of [CLIENT, SERVER] as const) this.#put(row, end, unchanged(this.#cell(original, end)))
    }
  }

  #row(row: number): void {
    const { track } = this.course
    const s = track.segments[row] as Segment
    this.#tellBefore(s)
    this.#acknowledgeFins(s.at)
    this.cells[CLIENT].push(BLANK)
    this.cells[SERVER].push(BLANK)
    if ((track.duplicateOf[row] as number) >= 0) return
    const fate = this.#fateOf(row)
    if (this.fork === null) {
      this.#before = [this.ends[CLIENT].tcb, this.ends[SERVER].tcb]
      if (!isOrdinary(fate)) this.#part(row)
    }
    this.#send(row, s)
    if (fate.arrives && fate.after > row) this.#pending[other(s.from)].push(row)
    else this.#arrive(row)
    if (this.#pending[s.from].length > 0) this.#catchUp(s.from, row)
  }

  #fateOf(row: number): Fate {
    return this.fates === null ? ORDINARY : (this.fates[row] as Fate)
  }

  #cell(row: number, end: End): Cell {
    const { first, earlier, cells } = this
    return (row < first.row ? earlier[end][row] : cells[end][row - first.row]) as Cell
  }

  #put(row: number, end: End, cell: Cell): void {
    this.cells[end][row - this.first.row] = cell
  }

  /** A reader who trusts every packet reads this row otherwise. */
  #part(row: number): void {
    this.fork ??= { row, tcbs: this.#before, told: this.#told }
  }

  #send(row: number, s: Segment): void {
    const { track, late } = this.course
    const who = this.ends[s.from]
    who.begin()
    // An end that is gone has not come back: what it sent before was overtaken on the way.
    if (!(who.tcb.state === 'CLOSED' && late.has(row))) {
      const doings = explainSending(track, this.ends, row)
      const at = sentAt(track, row)
      for (let k = 0; k < doings.length; k++) this.#perform(doings[k] as Doing, s.from, at, row)
    }
    if (s.ackBit && !s.rst && sentBy(who.tcb)) who.announce(widestWindowOf(track, s))
    // Who sends text or an ACK of it has its connection, whatever brought it there.
    if (!s.syn && !s.rst && !track.connection.beginsInMiddle) who.confirm('ESTABLISHED')
    if (this.recent !== null && isGenuine(track, row)) this.recent[s.from].sent(s)
    this.#put(row, s.from, who.cell())
  }

  #perform(doing: Doing, end: End, at: number, row: number): void {
    const who = this.ends[doing.end ?? end]
    const when = doing.at ?? at
    if (doing.kind === 'event') who.apply(doing.event, when, row, doing.certainty)
    else who.force(doing.tcb, doing.rule, when, row, doing.certainty, doing.cause ?? 'packet')
  }

  /** What waited for this end to send this row comes now. */
  #catchUp(end: End, row: number): void {
    this.#pending[end] = this.#pending[end].filter((waiting) => {
      if (this.#fateOf(waiting).after > row) return true
      this.#arrive(waiting)
      return false
    })
  }

  #arrive(row: number): void {
    const { track } = this.course
    const s = track.segments[row] as Segment
    const fate = this.#fateOf(row)
    const to = other(s.from)
    const who = this.ends[to]
    who.begin()
    // What is known to have been taken was not too old; what evidently was not taken, and is, came and was refused.
    const paws = this.recent !== null && fate.received !== true && this.recent[to].rejects(s, who.tcb)
    const refused = paws && !fate.arrives && fate.thrown === null && who.tcb.state !== 'TIME_WAIT'
    if (paws) this.#part(row)
    if ((fate.arrives || refused) && !answersByCookie(track, who.tcb, row)) this.#take(row, s, who, paws)
    // Text that is known to have been taken met a connection.
    if (fate.received === true && s.len > 0 && !s.syn && !track.connection.beginsInMiddle)
      who.confirm('ESTABLISHED')
    this.#put(row, to, who.cell())
  }

  /** The segment meets its receiver's machine. */
  #take(row: number, s: Segment, who: EndReplay, paws: boolean): void {
    const { track } = this.course
    const fate = this.#fateOf(row)
    const to = other(s.from)
    const at = comesAt(track, row)
    if (track.cookies) for (const d of explainCookie(track, who.tcb, row)) this.#perform(d, to, at, row)
    if (fate.gone >= 0) {
      if (textEndsOrphan(track, who, row)) who.disown()
      else for (const d of explainGone(track, who, row)) this.#perform(d, to, at, row)
    }
    if (s.fin) for (const d of hiddenCloseBeforeFin(track, who.tcb, row, fate)) this.#perform(d, to, at, row)
    const answer = answerTo(track, row)
    const event = {
      kind: 'segment',
      segment: machineSegment(track, row, who.tcb, paws),
      answer,
    } as const
    const certainty = arrivalCertainty(track, row, fate)
    if (answer !== undefined && who.tcb.state === 'CLOSED') who.listen()
    let outcome = who.apply(event, at, row, certainty)
    if (answer !== undefined && hasNoSocket(who.tcb.state)) {
      // A SYN that ended TIME_WAIT, or one that is answered for a reason we can't see: a listener takes it.
      who.listen()
      outcome = who.apply(event, at, row, certainty)
    }
    if (fate.received === true && this.recent !== null) this.recent[to].took(s)
    if (s.syn || outcome.replies.some(isChallenge)) this.replies.set(row, outcome.replies)
    if (!s.rst || fate.received !== true || !inWindow(who.tcb, s)) return
    // Of an orphan in FIN_WAIT_2 Linux keeps next to nothing (tcp_timewait_state_process()): any RST in the window ends it.
    if (outcome.replies.length > 0 && who.tcb.state !== 'FIN_WAIT_2') return
    // Silence afterwards: it was taken, though the numbers that we know say otherwise.
    if (hasNoSocket(who.tcb.state) || who.tcb.state === 'TIME_WAIT') return
    this.#part(row)
    who.force(closed(), 'infer/resync', at, row, 'implied')
  }

  /** ACKs of FINs that came up to then, and that nobody captured. */
  #acknowledgeFins(until: number): void {
    for (const end of [CLIENT, SERVER] as const) {
      const taken = this.course.finsTaken[end]
      const who = this.ends[end]
      const { fin, sndUna, rcvNxt, sndWnd } = who.tcb
      if (taken === null || taken.at > until || fin === null || !lt(sndUna, taken.ack)) continue
      who.begin()
      const segment = { ...BARE_ACK, seq: rcvNxt, ack: taken.ack, wnd: sndWnd }
      who.apply({ kind: 'segment', segment, answer: undefined }, taken.at, -1, 'assumed')
    }
  }

  /** Errors that came before the segment. */
  #tellBefore(s: Segment): void {
    const { errors } = this.course
    let error = errors[this.#told]
    while (error !== undefined && error.at <= s.at && before(error, s)) {
      this.#tell(error)
      error = errors[++this.#told]
    }
  }

  #tell(error: IcmpError): void {
    const { track } = this.course
    const who = this.ends[error.to]
    const { hardness } = meaningOf(error)
    if (hardness === 'none' || triesAgain(track, error)) return
    const before = who.tcb.state
    who.begin()
    who.apply({ kind: 'icmp', error: hardness }, error.at + oneWay(track, error.to), -1, 'implied')
    if (who.tcb.state !== before) this.fatalErrors.push(error)
  }
}

const BARE_ACK: MachineSegment = {
  seq: 0,
  ack: 0,
  len: 0,
  wnd: 0,
  syn: false,
  ackBit: true,
  fin: false,
  rst: false,
  urg: false,
  paws: false,
  newerTimestamp: false,
}

const isChallenge = ({ kind }: Reply): boolean => kind === 'challenge-ack'

/** Nothing of it was lost, thrown away or late: who trusts every packet is right. */
export const isOrdinary = (fate: Fate): boolean => fate.arrives && fate.after < 0 && fate.gone < 0

const ORDINARY: Fate = newFate()

const unchanged = ({ state, certainty }: Cell): Cell => ({ state, was: state, certainty, rules: [] })

const BLANK: Cell = { state: 'CLOSED', was: 'CLOSED', certainty: 'assumed', rules: [] }

const sentBy = (tcb: Tcb): boolean => tcb.state !== 'CLOSED' && tcb.state !== 'LISTEN'

const before = (error: IcmpError, s: Segment): boolean => error.at < s.at || error.packet < s.packet

/** Linux drops an ICMP error that finds the socket locked by its own connect(): the SYN that comes again shows it. */
const triesAgain = (track: Track, error: IcmpError): boolean =>
  error.at < (track.lastSynAt[error.to] ?? Number.NEGATIVE_INFINITY)
