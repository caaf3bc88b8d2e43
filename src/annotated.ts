/**
 * Every packet of a large capture with both ends' states, in capture order and with hindsight, without holding all of
 * it: what `annotate --json` prints.
 *
 * In: files that can be read more than once, and who is to be told. Out: its rows, its flows, the report without their
 * rows. They are read once to see which connections go plainly (`survey.ts`), once for the others, and once more for the
 * packets of the plain ones. A connection is replayed when the packet is due that it begins with: by then all of its
 * packets have been read, and lie in a log of sixteen words each. So memory grows with what lies between a packet that
 * waits for its connection's end and the packet that is read: with the longest connections, not with all of them.
 */
import { analyze, inOrder, replayed } from './analyze.js'
import { inFull } from './chosen.js'
import type { Conversation } from './flow/conversation.js'
import { LongRows } from './long-rows.js'
import type { History } from './plain/history.js'
import { PlainRows } from './plain/plain-rows.js'
import { RowFlow } from './plain/row-flow.js'
import { NO_NUMBERS, type RowNumbers, rowOf } from './plain/row-kinds.js'
import { RowLog } from './plain/row-log.js'
import { Chains } from './plain/tied.js'
import { Reading } from './reading.js'
import { type Open, type Placed, ReplayedRows } from './replayed-rows.js'
import { type Flow, type IcmpRow, inCapture, type PacketRow, type Report } from './report.js'
import { A_TURN, mostFlowsHere, type Surveyed, type SurveyOptions, surveyed } from './survey.js'
import { total } from './turns.js'

export { rowOf }

/** Who is told. */
export interface Told {
  /** Before anything else: all but the rows is known. */
  begin(report: Report): void
  /** In capture order. */
  row(row: PacketRow | IcmpRow, flow: number): void
  /** A row of one of the kinds that plain connections have: the same as `row(rowOf(kind, numbers), flow)`. */
  plainRow(kind: number, numbers: RowNumbers): void
  /** One that says what `example` does, with its own numbers. */
  rowLike(example: PacketRow, numbers: RowNumbers): void
  /** In order of their numbers, each before its rows. */
  flow(flow: Flow): void
  /** One whose states and timers are told by the history alone; valid until the next. */
  plainFlow(flow: Flow, history: History): void
}

/** Rows of the first connections that did not go plainly that are kept from the survey on: those of others are made twice. */
const ROWS_KEPT = 200_000

/** Throws `CaptureError` when a file can't be read at all. */
export async function annotated(
  files: readonly string[],
  options: SurveyOptions,
  told: Told,
  keep = ROWS_KEPT,
): Promise<Report> {
  const most = { maxFlows: options.maxFlows ?? mostFlowsHere() }
  const survey = await surveyed(files, { ...options, ...most }, keep)
  if (survey === null) return inTime(await analyze(files, options), told)
  const { report, plain, trail, reading: first } = survey
  // Captures of one time come in order of time, not one after the other.
  if (files.length > 1 && !first.inTime) return inTime(await held(survey, options), told)
  // Whoever wants every packet looks for none.
  trail.letGo()
  told.begin(report)
  const rows = new Rows(survey, told)
  const chains = new Chains(plain)
  const until = total(report.captures, ({ packets }) => packets)
  const { signal, strict, replaying } = options
  // An interruption of the first reading is no reason to hold back what was read.
  const isAborted = (): boolean => signal?.aborted === true
  const heard = isAborted()
  const reading = new Reading({
    segment: (view, record, capture) => {
      if (record.number % A_TURN === 0) replaying?.(plain.numberAt(record.number, capture), until)
      const latest = plain.plainConversation(view)
      if (latest < 0) {
        const taken = rows.long.take(view, record, capture)
        if (taken >= 0) rows.tookOfLong(taken)
        return
      }
      const conversation = chains.at(latest, plain.numberAt(record.number, capture))
      if (rows.knows(conversation))
        rows.take(conversation, rows.log.push(view, record, capture, conversation, plain.sender))
    },
    error: (view, record, capture, epoch) => {
      rows.long.error(view, record, capture, epoch)
      return true
    },
  })
  if (plain.escalated < plain.count || !rows.long.isEmpty)
    await reading.again(first, {
      ...(strict === true ? { strict } : {}),
      ...(signal === undefined || heard ? {} : { signal }),
      // Replaying takes many times as long as reading.
      blocksATurn: 1,
    })
  if (heard || !isAborted()) {
    rows.end()
    return report
  }
  // What was told, and no more, is what was looked at.
  const captures = report.captures.map((capture, n) => ({
    ...capture,
    packets: Math.min(capture.packets, Math.max(0, rows.packet - plain.numberAt(0, n))),
  }))
  return { ...report, captures, flows: report.flows.slice(0, rows.flow), interrupted: true }
}

/** All of it, held packet by packet. */
async function held(survey: Surveyed, options: SurveyOptions): Promise<Report> {
  const flows = await inFull(options, survey, survey.report.flows, new Set(survey.report.flows))
  const interrupted = options.signal?.aborted ? { interrupted: true as const } : {}
  return { ...survey.report, flows, ...interrupted }
}

/** A report that has every packet. */
function inTime(report: Report, told: Told): Report {
  const { flows } = report
  told.begin(report)
  for (const flow of flows) told.flow(flow)
  const placed = flows.flatMap(({ flow, rows, icmp }): Placed[] =>
    [...rows, ...icmp].map((row) => ({ row, flow })),
  )
  placed.sort((a, b) => a.row.at - b.row.at || inCapture(a.row, b.row))
  for (const { row, flow } of placed) told.row(row, flow)
  return report
}

class Rows {
  readonly log: RowLog
  /** Of each plain conversation: its flow, -1 for none; how many packets are still to come; its latest packet's place. */
  readonly #flowOf: Int32Array
  readonly #missing: Int32Array
  readonly #latest: Int32Array
  /** By conversation. */
  readonly #open = new Map<number, Open>()
  readonly #plain: PlainRows
  readonly #numbers: RowNumbers = { ...NO_NUMBERS }
  /** The place that is to be told next, and the conversation whose end that has to wait for. */
  #place = 0
  #awaited = -1
  /** Rows of the connections that did not go plainly; of those that are too long to be held. */
  readonly #others: ReplayedRows
  readonly long: LongRows
  /** The flow that is to be told next; those behind it. */
  #next: Flow | undefined
  readonly #flows: Iterator<Flow>
  /** So many flows are told, and packets up to this one, counted over all captures. */
  flow = 0
  packet = 0

  /** The flow before the one whose SYN is told next, on the same ports; -1: there was none. */
  #previous = -1

  constructor(
    private readonly survey: Surveyed,
    private readonly told: Told,
  ) {
    const { plain, around, replays, list } = survey
    this.log = new RowLog(around.epoch, plain)
    this.#plain = new PlainRows(this.log, around)
    this.#flowOf = new Int32Array(plain.count).fill(-1)
    this.#missing = new Int32Array(plain.count)
    this.#latest = new Int32Array(plain.count).fill(-1)
    for (const flow of list) {
      if (!(flow instanceof RowFlow)) continue
      this.#flowOf[flow.conversation] = flow.flow
      this.#missing[flow.conversation] = flow.packets
    }
    this.#others = new ReplayedRows(plain, replays, list)
    this.long = new LongRows(survey, this.log, plain.count)
    this.#flows = list[Symbol.iterator]()
    this.#next = this.#flows.next().value
  }

  /** It is among the flows; some are not when the survey was interrupted. */
  knows(conversation: number): boolean {
    return this.#flowOf[conversation] !== -1
  }

  /** A packet of a plain conversation has come to `place` of the log. */
  take(conversation: number, place: number): void {
    const latest = this.#latest[conversation] as number
    if (latest >= 0) this.log.link(latest, place)
    this.#latest[conversation] = place
    const missing = (this.#missing[conversation] as number) - 1
    this.#missing[conversation] = missing
    if (missing > 0 || (this.#awaited >= 0 && this.#awaited !== conversation)) return
    this.#tell(false)
  }

  /** A packet of a conversation that is too long to be held has come. */
  tookOfLong(conversation: number): void {
    if (this.#awaited < 0 || this.#awaited === conversation) this.#tell(false)
  }

  /** No more packets will come: what waits for some that did not come again is told without them. */
  end(): void {
    this.#tell(true)
    this.#othersBefore(Number.POSITIVE_INFINITY)
    this.#flowsBefore(Number.POSITIVE_INFINITY)
  }

  #tell(over: boolean): void {
    const { log } = this
    this.#awaited = -1
    for (; this.#place < log.end; this.#place = log.behind(this.#place)) {
      // Whatever was settled needs nothing but its own words.
      if (log.kind(this.#place) === 0) {
        const conversation = log.conversation(this.#place)
        if (conversation >= this.#flowOf.length) {
          if (this.#tellLong(conversation, over) || over) continue
          this.#awaited = conversation
          break
        }
        let open = this.#open.get(conversation) ?? null
        if (open === null) {
          if (!over && (this.#missing[conversation] as number) > 0) {
            this.#awaited = conversation
            break
          }
          open = this.#begin(conversation)
        }
        if (open !== null) {
          this.#tellNext(open, conversation)
          continue
        }
      }
      this.#tellPlain()
    }
    log.letGo(this.#place)
  }

  #tellPlain(): void {
    const { log, told } = this
    const numbers = this.#numbers
    this.packet = log.number(this.#place)
    this.#othersBefore(this.packet)
    const kind = log.kind(this.#place)
    log.numbers(this.#place, numbers)
    if (this.#previous >= 0) {
      told.row(onPortsOf(this.#previous, rowOf(kind, numbers)), numbers.flow)
      this.#previous = -1
    } else if (kind > 0) told.plainRow(kind, numbers)
    else told.rowLike(this.#plain.exampleOf(kind), numbers)
  }

  /** False when it is not clear yet what the row says. */
  #tellLong(conversation: number, over: boolean): boolean {
    const next = this.long.next(conversation, over)
    if (next === null) return false
    this.#tellRow(next.row, next.flow)
    return true
  }

  #tellNext(open: Open, conversation: number): void {
    const row = open.rows[open.next++]
    if (open.next === open.rows.length) this.#open.delete(conversation)
    if (row !== undefined) this.#tellRow(row, open.flow)
  }

  #tellRow(row: PacketRow, flow: number): void {
    this.packet = this.survey.plain.numberAt(row.packet, row.capture)
    this.#othersBefore(this.packet)
    this.#flowsBefore(flow + 1)
    this.told.row(row, flow)
  }

  /** The connection that begins at the place that is told next. Null: its rows are settled. */
  #begin(conversation: number): Open | null {
    const number = this.#flowOf[conversation] as number
    this.#flowsBefore(number)
    const known = this.#next
    if (known?.flow !== number)
      throw new Error(`conversation ${conversation}: flow ${number} was told already`)
    this.#goOn()
    const before = this.survey.plain.conversationBefore(conversation)
    const previous = before < 0 ? -1 : (this.#flowOf[before] as number)
    if (this.#plain.settle(known, this.#place)) {
      this.told.plainFlow(known, this.#plain.history)
      this.#previous = previous
      return null
    }
    const flow = this.#replayed(known, previous)
    this.told.flow(flow)
    const open = { flow: flow.flow, rows: flow.rows, next: 0 }
    this.#open.set(conversation, open)
    return open
  }

  /** `previous`: the flow before it on its ports; -1: none. */
  #replayed({ flow, client, server, outer, incarnation }: Flow, previous: number): Flow {
    const conversation: Conversation = {
      ends: [client, server],
      ipVersion: client.address.includes(':') ? 6 : 4,
      outer,
      segments: [],
      icmp: [],
    }
    for (let place = this.#place; place >= 0; place = this.log.next(place))
      conversation.segments.push(this.log.segment(place))
    const [tied] = inOrder([conversation])
    // A plain conversation is one connection.
    if (tied === undefined) throw new Error(`flow ${flow} has no packets`)
    const alone = replayed(tied, flow, this.survey.around)
    const [syn, ...rows] = alone.rows
    if (previous < 0 || syn === undefined) return alone
    return { ...alone, incarnation, rows: [onPortsOf(previous, syn), ...rows] }
  }

  /** Connections that did not go plainly, in their place among the others. */
  #othersBefore(packet: number): void {
    const others = this.#others
    for (let other = others.next; other !== null; other = others.next) {
      if (others.numberOf(other.row) > packet) return
      this.#flowsBefore(other.flow + 1)
      this.told.row(other.row, other.flow)
      others.goOn()
    }
  }

  #flowsBefore(number: number): void {
    for (let flow = this.#next; flow !== undefined && flow.flow < number; flow = this.#goOn())
      this.told.flow(flow)
  }

  #goOn(): Flow | undefined {
    this.flow++
    this.#next = this.#flows.next().value
    return this.#next
  }
}

/** What a plain connection says of the one before it, whose TIME_WAIT was over: that is all that it leaves. */
const onPortsOf = (previousFlow: number, syn: PacketRow): PacketRow => ({
  ...syn,
  notes: [{ code: 'port-reuse', previousFlow, inTimeWait: false }, ...syn.notes],
})
