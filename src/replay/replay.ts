/**
 * Folds what `infer/` decided through two machines: the state of both ends at every row.
 *
 * In: a track, the fate of each segment, the ends as the connection before left them. Out: a cell for each end at
 * each row, and each end's log. A row shows its sender once it has sent it, and its receiver once it has received
 * and processed it, each in its own order: where two segments crossed, the columns are not the same moment.
 */
import { CLIENT, type End, type IcmpError, other, SERVER, type Segment } from '../flow/segment.js'
import { type Fate, newFate } from '../infer/fate.js'
import { meaningOf } from '../infer/icmp.js'
import { countedBefore } from '../infer/origin.js'
import { type Doing, explainCookie, explainGone, explainSending, hasNoSocket } from '../infer/sender.js'
import { AHEAD } from '../infer/sight.js'
import { isGenuine, oneWay, type Track, widestWindowOf } from '../infer/track.js'
import type { Certainty } from '../report.js'
import type { MachineSegment, Reply, SegmentEvent, Tcb } from '../rfc9293/event.js'
import { closed } from '../rfc9293/machine.js'
import { add, geq, gt } from '../rfc9293/sequence.js'
import type { State } from '../rfc9293/state.js'
import { type Cell, EndReplay, type LogEntry } from './end.js'
import { mayBeTooOld, RecentTimestamp } from './recent-timestamp.js'

export interface Replayed {
  /** For each row the cells of client and server. */
  readonly cells: readonly (readonly [Cell, Cell])[]
  readonly logs: readonly [readonly LogEntry[], readonly LogEntry[]]
  readonly ends: readonly [Tcb, Tcb]
  readonly certainties: readonly [Certainty, Certainty]
  /** What the machine says each row draws from its receiver. */
  readonly replies: readonly (readonly Reply[] | undefined)[]
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
  readonly timeWaitUntil?: number
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
  const course = { track, late: overtaken(track), errors: errorsInOrder(track) }
  const recent = mayBeTooOld(track) ? ([new RecentTimestamp(), new RecentTimestamp()] as const) : null
  const fold = new Fold(course, ends, fates, recent)
  fold.run()
  const { cells, fork } = fold
  for (const [row, before] of course.late) {
    const from = (track.segments[row] as Segment).from
    const then = cells[before]?.[from]
    const pair = cells[row]
    if (then !== undefined && pair !== undefined) pair[from] = { ...then, state: then.was, rules: [] }
  }
  return {
    cells,
    logs: [ends[CLIENT].log, ends[SERVER].log],
    ends: [ends[CLIENT].tcb, ends[SERVER].tcb],
    certainties: [ends[CLIENT].certainty, ends[SERVER].certainty],
    replies: fold.replies,
    fatalErrors: fold.fatalErrors,
    trusting: fork === null || fates.every(isOrdinary) ? null : trusting(course, fork, cells),
  }
}

/** Replays again from where the two readers part, and as if all had come at once. */
function trusting(course: Course, fork: Fork, before: readonly Pair[]): Trusting {
  const { segments, stacks } = course.track
  const ends = [new EndReplay(stacks[CLIENT]), new EndReplay(stacks[SERVER])] as const
  ends[CLIENT].tcb = fork.tcbs[CLIENT]
  ends[SERVER].tcb = fork.tcbs[SERVER]
  const fold = new Fold(course, ends, null, null, fork, before)
  fold.run()
  const states = fold.cells.map((pair, k) => pair[other((segments[fork.row + k] as Segment).from)].state)
  return { from: fork.row, states }
}

/** What is the same however a connection is read. */
interface Course {
  readonly track: Track
  /** As {@link overtaken} gives it. */
  readonly late: ReadonlyMap<number, number>
  /** In order of time. */
  readonly errors: readonly IcmpError[]
}

/** Both ends before a row was sent, and how many errors had been told by then. */
interface Fork {
  readonly row: number
  readonly tcbs: readonly [Tcb, Tcb]
  readonly told: number
}

type Pair = [Cell, Cell]

const BEGINNING: Fork = { row: 0, tcbs: [closed(), closed()], told: 0 }

/** One reading of a connection, from a row to its last. */
class Fold {
  /** Of the rows from the first on. */
  readonly cells: Pair[] = []
  readonly replies: (readonly Reply[] | undefined)[] = []
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
    readonly earlier: readonly Pair[] = [],
  ) {
    this.#told = first.told
  }

  run(): void {
    const { length } = this.course.track.segments
    for (let row = this.first.row; row < length; row++) this.#row(row)
    for (const end of [CLIENT, SERVER] as const) for (const row of this.#pending[end]) this.#arrive(row)
    for (const error of this.course.errors.slice(this.#told)) this.#tell(error)
  }

  #row(row: number): void {
    const { track } = this.course
    const s = track.segments[row] as Segment
    this.#tellBefore(s)
    const original = track.duplicateOf[row] as number
    if (original >= 0) {
      const [client, server] = this.#cellsOf(original)
      this.cells.push([client, server])
      return
    }
    this.cells.push([BLANK, BLANK])
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

  #cellsOf(row: number): Pair {
    const { first, earlier, cells } = this
    return (row < first.row ? earlier[row] : cells[row - first.row]) as Pair
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
      const at = s.at - oneWay(track, s.from)
      for (let k = 0; k < doings.length; k++) this.#perform(doings[k] as Doing, s.from, at, row)
    }
    if (s.ackBit && !s.rst && sentBy(who.tcb)) who.announce(widestWindowOf(track, s))
    // Who sends text or an ACK of it has its connection, whatever brought it there.
    if (!s.syn && !s.rst && !track.connection.beginsInMiddle) who.confirm('ESTABLISHED')
    if (this.recent !== null && isGenuine(track, row)) this.recent[s.from].sent(s)
    this.#cellsOf(row)[s.from] = who.cell()
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
    if ((fate.arrives || refused) && !answersByCookie(track, who.tcb, s)) this.#take(row, s, who, paws)
    // Text that is known to have been taken met a connection.
    if (fate.received === true && s.len > 0 && !s.syn && !track.connection.beginsInMiddle)
      who.confirm('ESTABLISHED')
    this.#cellsOf(row)[to] = who.cell()
  }

  /** The segment meets its receiver's machine. */
  #take(row: number, s: Segment, who: EndReplay, paws: boolean): void {
    const { track } = this.course
    const fate = this.#fateOf(row)
    const to = other(s.from)
    const at = s.at + oneWay(track, to)
    if (track.cookies) for (const d of explainCookie(track, who.tcb, row)) this.#perform(d, to, at, row)
    if (fate.gone >= 0) for (const d of explainGone(track, who.tcb, row)) this.#perform(d, to, at, row)
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
    if (outcome.replies.length > 0) this.replies[row] = outcome.replies
    if (!s.rst || fate.received !== true || outcome.replies.length > 0 || !inWindow(who.tcb, s)) return
    // Silence afterwards: it was taken, though the numbers that we know say otherwise.
    if (hasNoSocket(who.tcb.state) || who.tcb.state === 'TIME_WAIT') return
    this.#part(row)
    who.force(closed(), 'infer/resync', at, row, 'implied')
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

/** Nothing of it was lost, thrown away or late: who trusts every packet is right. */
const isOrdinary = (fate: Fate): boolean => fate.arrives && fate.after < 0 && fate.gone < 0

const ORDINARY: Fate = newFate()

const errorsInOrder = (track: Track): IcmpError[] => [...track.connection.icmp].sort((a, b) => a.at - b.at)

const before = (error: IcmpError, s: Segment): boolean => error.at < s.at || error.packet < s.packet

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

/** Linux drops an ICMP error that finds the socket locked by its own connect(): the SYN that comes again shows it. */
const triesAgain = (track: Track, error: IcmpError): boolean =>
  error.at < (track.lastSynAt[error.to] ?? Number.NEGATIVE_INFINITY)

/** The machine can't guess the number of a SYN+ACK, nor whether Fast Open took the text: the wire shows both. */
function answerTo(track: Track, row: number): SegmentEvent['answer'] {
  const s = track.segments[row] as Segment
  if (!s.syn || s.ackBit) return undefined
  const behind = track.segments.slice(row + 1, row + 1 + AHEAD)
  const answer = behind.find(
    (x) => x.from !== s.from && x.syn && x.ackBit && geq(x.ack, add(s.seq, 1)) && geq(s.end, x.ack),
  )
  if (answer !== undefined) return { iss: answer.seq, ack: answer.ack }
  // The SYN+ACK was not captured: the first ACK of the SYN's sender tells its number.
  if (track.isn[other(s.from)] !== null) return undefined
  const ack = behind.find((x) => x.from === s.from && x.ackBit && !x.rst)
  return ack === undefined ? undefined : { iss: add(ack.ack, -1), ack: add(s.seq, 1) }
}

/** With SYN cookies a SYN leaves nothing behind (RFC 4987 section 3.6): the server stays in LISTEN. */
const answersByCookie = (track: Track, receiver: Tcb, s: Segment): boolean =>
  track.cookies && s.from === CLIENT && s.syn && !s.ackBit && hasNoSocket(receiver.state)

const BLANK: Cell = { state: 'CLOSED', was: 'CLOSED', certainty: 'assumed', rules: [] }

const sentBy = (tcb: Tcb): boolean => tcb.state !== 'CLOSED' && tcb.state !== 'LISTEN'

const inWindow = (tcb: Tcb, s: Segment): boolean =>
  geq(s.seq, tcb.rcvNxt) && gt((tcb.rcvNxt + Math.max(1, tcb.rcvWnd)) >>> 0, s.seq)

/**
 * How sure a receiver's state is. Nothing acknowledges an ACK: where no packet proves that it came, a receiver that
 * goes on afterwards, or has no reason to send anything again for long enough, implies it. Not when the same sender
 * sent more before: that carried the same ACK, and may have been the first to arrive.
 */
function arrivalCertainty(track: Track, row: number, fate: Fate): Certainty {
  if (fate.received !== null) return 'implied'
  const s = track.segments[row] as Segment
  const heard = track.nextOf[other(s.from)][row] ?? -1
  const more = track.nextOf[s.from][row] ?? -1
  if (more >= 0 && (heard < 0 || more < heard)) return 'assumed'
  return heard >= 0 || track.captureEnd - s.at > FIRST_RTO ? 'implied' : 'assumed'
}

/** Who has not got an ACK sends again within this time, in seconds (RFC 6298 section 2.1: 1 s before a measurement). */
export const FIRST_RTO = 1.2

/** Its timestamp is later than that of the segment before it from the same end; the connection before counts as earlier. */
function isNewest(track: Track, row: number): boolean {
  const s = track.segments[row] as Segment
  const before = track.segments.findLast((x, k) => k < row && x.from === s.from && x.hasTimestamps)
  return before === undefined || gt(s.tsVal, before.tsVal)
}

/** The segment as the machine of its receiver sees it. */
function machineSegment(track: Track, row: number, receiver: Tcb, paws: boolean): MachineSegment {
  const s = track.segments[row] as Segment
  return {
    seq: s.seq,
    ack: s.ack,
    len: s.len,
    wnd: widestWindowOf(track, s),
    syn: s.syn,
    ackBit: s.ackBit,
    fin: s.fin,
    rst: s.rst,
    urg: false,
    paws,
    newerTimestamp: receiver.state === 'TIME_WAIT' && s.syn && s.hasTimestamps && isNewest(track, row),
  }
}
