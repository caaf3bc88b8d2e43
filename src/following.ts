/**
 * Rows while the packets come: every conversation is replayed again when packets of it have come, and what then reads
 * otherwise than before is told again.
 *
 * In: packets, through {@link Following.reading}. Out: rows that are new or changed, timers that the time of the packets has
 * passed, at the end the report.
 *
 * Bounds. Work: a conversation is replayed when its news are a sixteenth of it, or nothing comes for a moment; so a
 * packet costs at most the replay of some 16 packets. A connection of more than {@link LONG} packets is then replayed
 * without its middle, whose rows stay as they were told last. Memory: beyond {@link MOST_PACKETS} or
 * {@link MOST_CONVERSATIONS} the quarter that is silent the longest is let go.
 */
import { type AnalyzeOptions, inOrder, replayed, seenIn, sortedInto, surroundings } from './analyze.js'
import { Beginning } from './beginning.js'
import { diagnose } from './diagnose/index.js'
import { DueTimers, type RunOut, runOuts } from './due-timers.js'
import { type Conversation, Conversations } from './flow/conversation.js'
import { type Connection, unturn } from './flow/incarnations.js'
import type { Segment } from './flow/segment.js'
import { Hosts, type Watch } from './flow/watch.js'
import { Reading } from './reading.js'
import { type Flow, type IcmpRow, inCapture, type PacketRow, type Place, type Report } from './report.js'

const SHARE = 16
const LONG = 8192
/** Of a long connection: its last packets, beside its beginning (`beginning.ts`). */
const LATEST = 4096
/** Of the last packets so many lie too near to the gap for a replay to know better than before. */
const NEAR_GAP = 1024
const MOST_PACKETS = 1_000_000
const MOST_CONVERSATIONS = 100_000

export interface RowNews {
  readonly flow: Flow
  readonly row: PacketRow | IcmpRow
  /** It was told before, and reads otherwise now. */
  readonly revised: boolean
}
/** `ranOut`: a timer of the flow. None is told behind a later row of its flow, and none twice. */
export type News = RowNews | { readonly flow: Flow; readonly ranOut: RunOut }

/** What is remembered of a conversation besides its packets. */
interface Known {
  /** Packets that came since it was replayed. */
  fresh: number
  /** What was told of each row, by its place. */
  readonly told: Map<string, string>
  readonly ranOut: Set<string>
  /** Rows up to this packet are not told again. */
  frozen: Place | null
  /** What of its last connection stays when its middle goes; null while it is whole. What it has lost then. */
  beginning: Beginning | null
  packets: number
  bytes: number
}

export class Following {
  readonly reading: Reading
  readonly #conversations = new Conversations()
  readonly #known = new Map<Conversation, Known>()
  readonly #fresh = new Set<Conversation>()
  readonly #timers = new DueTimers<Conversation>()
  /** By the place of its first packet. */
  readonly #numbers = new Map<string, number>()
  #packets = 0
  /** Connections that are not in the report. */
  letGo = 0

  /** `reads`: how a row reads; rows are told again when that changes. */
  constructor(
    private readonly options: AnalyzeOptions,
    private readonly reads: (row: PacketRow) => string,
  ) {
    const sorted = sortedInto(this.#conversations, (conversation) => this.#came(conversation))
    this.reading = new Reading(sorted)
  }

  /** In the order of the captures. `all`: leave nothing for later, because nothing comes. */
  news(all: boolean): News[] {
    const due = new Set(this.#timers.due(this.reading.lastAt))
    for (const each of this.#fresh)
      if (all || (this.#known.get(each)?.fresh ?? 0) * SHARE >= each.segments.length) due.add(each)
    const news = [...due].flatMap((conversation) => this.#replay(conversation).news)
    this.#makeRoom()
    return inOrderOfTime(news)
  }

  /** When nothing comes any more: what the end of the capture changes, and the report. */
  end(): { readonly news: readonly News[]; readonly report: Report } {
    const last = this.#conversations.all.map((conversation) => this.#replay(conversation))
    const flows = last.flatMap((each) => each.flows).sort((a, b) => a.flow - b.flow)
    const { reading, options } = this
    const around = surroundings(options, reading.epoch, this.#watch())
    const seen = seenIn(reading, around, flows, options)
    const news = inOrderOfTime(last.flatMap((each) => each.news))
    return { news, report: { ...seen, findings: diagnose(seen) } }
  }

  /** While a capture is read, up to its latest packet; its end tells whether its clock was set back. */
  #watch(): Watch {
    return this.reading.watch(() => new Hosts())
  }

  #came(conversation: Conversation): void {
    this.#packets++
    let known = this.#known.get(conversation)
    if (known === undefined) {
      known = newlyKnown()
      this.#known.set(conversation, known)
    }
    known.fresh++
    this.#fresh.add(conversation)
  }

  #replay(conversation: Conversation): { flows: Flow[]; news: News[] } {
    const known = this.#known.get(conversation)
    if (known === undefined) return { flows: [], news: [] }
    known.fresh = 0
    this.#fresh.delete(conversation)
    const around = surroundings(this.options, this.reading.epoch, this.#watch())
    const tied = inOrder([conversation])
    const flows = tied.map((each) => replayed(each, this.#numberOf(each.connection.segments[0]), around))
    const latest = tied.at(-1)?.connection
    const isLong = known.beginning?.begins(latest?.segments[0]) === true
    if (isLong) known.beginning?.restore(flows.at(-1)?.rows ?? [], latest?.sameEnds !== false)
    for (const { connection } of tied) unturn(connection)
    const { lastAt } = this.reading
    const news = flows.flatMap((flow): News[] => [
      ...this.#ranOut(known, flow),
      ...flow.rows.flatMap((row) => this.#told(known, flow, row, this.reads(row))),
      ...flow.icmp.flatMap((row) => this.#told(known, flow, row, '')),
    ])
    this.#timers.set(conversation, flows, lastAt)
    const last = flows.pop()
    if (last === undefined) return { flows, news }
    const { packets, bytes } = isLong ? known : NOTHING_LOST
    flows.push({ ...last, packets: last.packets + packets, bytes: last.bytes + bytes })
    if (latest !== undefined && latest.segments.length > LONG) this.#shorten(conversation, known, latest)
    return { flows, news }
  }

  #numberOf(first: Segment | undefined): number {
    const place = first === undefined ? '' : placeOf(first)
    const number = this.#numbers.get(place) ?? this.#numbers.size
    this.#numbers.set(place, number)
    return number
  }

  #told({ told, frozen }: Known, flow: Flow, row: PacketRow | IcmpRow, text: string): News[] {
    const place = placeOf(row)
    const reads = `${flow.flow} ${text}`
    const before = told.get(place)
    if (before === reads || (frozen !== null && inCapture(row, frozen) <= 0)) return []
    told.set(place, reads)
    return [{ flow, row, revised: before !== undefined }]
  }

  /** Behind a row that was told already, a timer before it would be out of its order. */
  #ranOut({ told, ranOut }: Known, flow: Flow): News[] {
    const since = flow.rows.findLast((row) => told.has(placeOf(row)))?.at ?? Number.NEGATIVE_INFINITY
    return runOuts(flow, since).flatMap((each) => {
      const what = `${flow.flow} ${each.side} ${each.state}`
      if (ranOut.has(what)) return []
      ranOut.add(what)
      return [{ flow, ranOut: each }]
    })
  }

  /** `latest`: its last connection, which is at its end. */
  #shorten({ segments }: Conversation, known: Known, { segments: { length, 0: first } }: Connection): void {
    if (known.beginning?.begins(first) !== true) {
      known.beginning = new Beginning()
      known.packets = 0
      known.bytes = 0
    }
    const { beginning } = known
    const from = segments.length - length
    const middle = segments.slice(from + beginning.length, -LATEST)
    for (const segment of beginning.letGo(middle)) {
      known.told.delete(placeOf(segment))
      known.packets++
      known.bytes += segment.len
      this.#packets--
    }
    segments.splice(from, length - LATEST, ...beginning.segments())
    known.frozen = segments[from + beginning.length + NEAR_GAP] ?? null
  }

  #makeRoom(): void {
    const { all } = this.#conversations
    if (this.#packets <= MOST_PACKETS && all.length <= MOST_CONVERSATIONS) return
    const lastAt = ({ segments }: Conversation): number => segments[segments.length - 1]?.at ?? 0
    const gone = all
      .filter((conversation) => !this.#fresh.has(conversation))
      .sort((a, b) => lastAt(a) - lastAt(b))
      .slice(0, Math.ceil(all.length / 4))
    for (const conversation of gone) {
      this.#known.delete(conversation)
      this.#timers.delete(conversation)
      this.#packets -= conversation.segments.length
      this.letGo++
    }
    this.#conversations.forget(new Set(gone))
  }
}

const newlyKnown = (): Known => ({
  fresh: 0,
  told: new Map(),
  ranOut: new Set(),
  frozen: null,
  beginning: null,
  packets: 0,
  bytes: 0,
})
const NOTHING_LOST = { packets: 0, bytes: 0 }

const placeOf = ({ capture, packet }: Place): string => `${capture} ${packet}`
/** Rows in the order of the captures, each timer before the first of them that is not earlier. */
const inOrderOfTime = (news: readonly News[]): News[] => {
  const rows = news.filter((each) => 'row' in each).sort((a, b) => inCapture(a.row, b.row))
  const timers = news.filter((each) => 'ranOut' in each).sort((a, b) => a.ranOut.at - b.ranOut.at)
  if (timers.length === 0) return rows
  let next = 0
  const all = rows.flatMap((each): News[] => {
    const from = next
    while ((timers[next]?.ranOut.at ?? Number.POSITIVE_INFINITY) <= each.row.at) next++
    return [...timers.slice(from, next), each]
  })
  return [...all, ...timers.slice(next)]
}
