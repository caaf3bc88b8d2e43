/**
 * Folds what `infer/` decided through two machines: the state of both ends at every row.
 *
 * In: a track, the fate of each segment, the ends as the connection before left them. Out: a cell for each end at
 * each row, and each end's log. A row shows its sender once it has sent it, and its receiver once it has received
 * and processed it, each in its own order: where two segments crossed, the columns are not the same moment.
 */
import { CLIENT, type End, type IcmpError, other, SERVER, type Segment } from '../flow/segment.js'
import type { Fate } from '../infer/fate.js'
import { meaningOf } from '../infer/icmp.js'
import { countedBefore } from '../infer/origin.js'
import { type Doing, explainCookie, explainGone, explainSending, hasNoSocket } from '../infer/sender.js'
import { AHEAD } from '../infer/sight.js'
import { isGenuine, oneWay, type Track, widestWindowOf } from '../infer/track.js'
import type { Certainty } from '../report.js'
import type { MachineSegment, Reply, Tcb } from '../rfc9293/event.js'
import { closed } from '../rfc9293/machine.js'
import { add, geq, gt } from '../rfc9293/sequence.js'
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
  const { segments, duplicateOf, stacks } = track
  const ends = [new EndReplay(stacks[CLIENT]), new EndReplay(stacks[SERVER])] as const
  for (const end of [CLIENT, SERVER] as const) {
    const old = inherited[end]
    if (old === null) continue
    ends[end].tcb = old.tcb
    ends[end].certainty = old.certainty
  }
  const cells: [Cell, Cell][] = segments.map(() => [BLANK, BLANK])
  const late = overtaken(track)
  const recent = mayBeTooOld(track) ? ([new RecentTimestamp(), new RecentTimestamp()] as const) : null
  const errors = errorsInOrder(track)
  let told = 0
  const fatalErrors: IcmpError[] = []
  const replies: (readonly Reply[] | undefined)[] = []
  /** Rows under way to each end that come after a row which that end still has to send. */
  const pending: [number[], number[]] = [[], []]

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
    const at = s.at + oneWay(track, to)
    who.begin()
    // What is known to have been taken was not too old; what evidently was not taken, and is, came and was refused.
    const paws = fate.received !== true && recent?.[to].rejects(s, who.tcb) === true
    const refused = paws && !fate.arrives && fate.thrown === null && who.tcb.state !== 'TIME_WAIT'
    if ((fate.arrives || refused) && !answersByCookie(track, who.tcb, s)) {
      for (const d of explainCookie(track, who.tcb, row)) perform(to, d, at, row)
      if (fate.gone >= 0) for (const d of explainGone(track, who.tcb, row)) perform(to, d, d.at ?? at, row)
      const answer = answerTo(track, row)
      const event = {
        kind: 'segment',
        segment: machineSegment(track, row, who.tcb, paws),
        ...answer,
      } as const
      const certainty = arrivalCertainty(track, row, fate)
      const listens = answer.answer !== undefined
      if (listens && who.tcb.state === 'CLOSED') who.listen()
      let outcome = who.apply(event, at, row, certainty)
      if (listens && hasNoSocket(who.tcb.state)) {
        // A SYN that ended TIME_WAIT, or one that is answered for a reason we can't see: a listener takes it.
        who.listen()
        outcome = who.apply(event, at, row, certainty)
      }
      if (fate.received === true) recent?.[to].took(s)
      if (outcome.replies.length > 0) replies[row] = outcome.replies
      if (s.rst && fate.received === true && outcome.replies.length === 0 && inWindow(who.tcb, s)) {
        // Silence afterwards: it was taken, though the numbers that we know say otherwise.
        if (who.tcb.state !== 'CLOSED' && who.tcb.state !== 'LISTEN' && who.tcb.state !== 'TIME_WAIT') {
          who.force(closed(), 'infer/resync', at, row, 'implied')
        }
      }
    }
    // Text that is known to have been taken met a connection.
    if (fate.received === true && s.len > 0 && !s.syn && !track.connection.beginsInMiddle)
      who.confirm('ESTABLISHED')
    set(row, to, who.cell())
  }

  const tell = (error: IcmpError): void => {
    const who = ends[error.to]
    const { hardness } = meaningOf(error)
    if (hardness === 'none' || triesAgain(track, error)) return
    const before = who.tcb.state
    who.begin()
    who.apply({ kind: 'icmp', error: hardness }, error.at + oneWay(track, error.to), -1, 'implied')
    if (who.tcb.state !== before) fatalErrors.push(error)
  }

  for (let row = 0; row < segments.length; row++) {
    const s = segments[row] as Segment
    const from = s.from
    for (
      let error = errors[told];
      error !== undefined && error.at <= s.at && before(error, s);
      error = errors[++told]
    )
      tell(error)
    const original = duplicateOf[row] as number
    if (original >= 0) {
      cells[row] = [...(cells[original] as [Cell, Cell])]
      continue
    }
    const who = ends[from]
    const at = s.at - oneWay(track, from)
    who.begin()
    // An end that is gone has not come back: what it sent before was overtaken on the way.
    if (!(late.has(row) && who.tcb.state === 'CLOSED')) {
      for (const doing of explainSending(track, ends, row)) {
        perform(doing.end ?? from, doing, doing.at ?? at, row)
      }
    }
    if (s.ackBit && !s.rst && sentBy(who.tcb)) {
      const rcvWnd = widestWindowOf(track, s)
      if (rcvWnd !== who.tcb.rcvWnd) who.tcb = { ...who.tcb, rcvWnd }
    }
    // Who sends text or an ACK of it has its connection, whatever brought it there.
    if (!s.syn && !s.rst && !track.connection.beginsInMiddle) who.confirm('ESTABLISHED')
    if (isGenuine(track, row)) recent?.[from].sent(s)
    set(row, from, who.cell())

    const to = other(from)
    const fate = fates[row] as Fate
    if (fate.arrives && fate.after > row) pending[to].push(row)
    else arrive(row)
    // What waited for this end to send this row comes now.
    if (pending[from].length > 0)
      pending[from] = pending[from].filter((waiting) => {
        if ((fates[waiting] as Fate).after > row) return true
        arrive(waiting)
        return false
      })
  }
  for (const end of [CLIENT, SERVER] as const) for (const row of pending[end]) arrive(row)
  for (const error of errors.slice(told)) tell(error)

  for (const [row, before] of late) {
    const from = (segments[row] as Segment).from
    const then = cells[before]?.[from]
    if (then !== undefined) set(row, from, { ...then, state: then.was, rules: [] })
  }

  return {
    cells,
    logs: [ends[CLIENT].log, ends[SERVER].log],
    ends: [ends[CLIENT].tcb, ends[SERVER].tcb],
    certainties: [ends[CLIENT].certainty, ends[SERVER].certainty],
    replies,
    fatalErrors,
  }
}

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
function answerTo(track: Track, row: number): { answer?: { iss: number; ack: number } } {
  const s = track.segments[row] as Segment
  if (!s.syn || s.ackBit) return {}
  const behind = track.segments.slice(row + 1, row + 1 + AHEAD)
  const answer = behind.find(
    (x) => x.from !== s.from && x.syn && x.ackBit && geq(x.ack, add(s.seq, 1)) && geq(s.end, x.ack),
  )
  if (answer !== undefined) return { answer: { iss: answer.seq, ack: answer.ack } }
  // The SYN+ACK was not captured: the first ACK of the SYN's sender tells its number.
  if (track.isn[other(s.from)] !== null) return {}
  const ack = behind.find((x) => x.from === s.from && x.ackBit && !x.rst)
  return ack === undefined ? {} : { answer: { iss: add(ack.ack, -1), ack: add(s.seq, 1) } }
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
  const newer = receiver.state === 'TIME_WAIT' && s.syn && s.hasTimestamps && isNewest(track, row)
  return {
    seq: s.seq,
    ack: s.ack,
    len: s.len,
    wnd: widestWindowOf(track, s),
    syn: s.syn,
    ackBit: s.ackBit,
    fin: s.fin,
    rst: s.rst,
    ...(newer ? { newerTimestamp: true } : {}),
    ...(paws ? { paws: true } : {}),
  }
}
