/**
 * Connections that every rule has looked at by itself (`diagnose/alone.ts`), with the few rows that findings about others, or
 * about many, still ask for (`diagnose/excerpt.ts`). As objects rows, spans and timers would be most of what is kept.
 *
 * In: flows. Out: flows that say what they said, but for most rows. What nobody asks of the rows that are left (states, numbers
 * relative to others) is not in them.
 */
import { excerptOf } from '../diagnose/excerpt.js'
import { knowLost, lostWhileOpen } from '../diagnose/lost-elsewhere.js'
import { communityId } from '../flow/community-id.js'
import { flagLetters } from '../flow/segment.js'
import type { EndState, Flow, PacketRow, StateSpan, TimerSpan } from '../report.js'
import { Numbered, type SpanWords, type TimerWords } from './history.js'

/** One for many flows: their rows, spans and timers lie in it as numbers, made objects each time somebody asks. */
export class Excerpts {
  readonly #pages: Float64Array[] = []
  #end = 0
  /** Those that were asked for last, and where they lie. */
  #rows: PacketRow[] = []
  #rowsAt = -1
  #spans: Flow['spans'] = { client: NONE, server: NONE }
  #spansAt = -1
  readonly #spanWords = new Numbered<SpanWords>()
  readonly #timerWords = new Numbered<TimerWords>()

  of(flow: Flow): Flow {
    const at = this.#end
    const { client, server } = flow.spans
    const rows = excerptOf(flow)
    for (const row of rows) this.#putRow(row)
    for (const span of client) this.#putSpan(span)
    for (const span of server) this.#putSpan(span)
    for (const timer of flow.timers) this.#putTimer(timer)
    const counts = {
      rows: rows.length,
      client: client.length,
      server: server.length,
      timers: flow.timers.length,
    }
    const excerpt = new Excerpt(flow, this, at, counts)
    // What was lost is counted, over all rows.
    knowLost(excerpt, lostWhileOpen(flow))
    return excerpt
  }

  /** So many rows that lie from `at` on. A rule asks a flow several times, one flow after the other. */
  rows(at: number, count: number): readonly PacketRow[] {
    if (this.#rowsAt !== at) {
      this.#rows = []
      for (let n = 0; n < count; n++) this.#rows.push(this.#row(at + n * OF_ROW))
      this.#rowsAt = at
    }
    return this.#rows
  }

  spans(at: number, client: number, server: number): Flow['spans'] {
    if (this.#spansAt !== at) {
      const all = Array.from({ length: client + server }, (_, n) => this.#span(at + n * OF_SPAN))
      this.#spans = { client: all.slice(0, client), server: all.slice(client) }
      this.#spansAt = at
    }
    return this.#spans
  }

  timers(at: number, count: number): readonly TimerSpan[] {
    return Array.from({ length: count }, (_, n) => this.#timer(at + n * OF_TIMER))
  }

  #putRow({ packet, capture, at, from, flags, seq, len, notes }: PacketRow): void {
    const copy = notes.find(({ code }) => code === 'capture-duplicate')
    this.#put(packet)
    this.#put(capture)
    this.#put(at)
    this.#put(bitsOf(flags) | (from === 'client' ? 0 : FROM_SERVER))
    this.#put(seq)
    this.#put(len)
    this.#put(copy?.code === 'capture-duplicate' ? copy.of : null)
  }

  #row(place: number): PacketRow {
    const number = (which: number): number => this.#number(place + which)
    const bits = number(3)
    const flags = flagLetters(bits)
    const acked = flags.includes('A')
    const of = this.#orNull(place + 6)
    return {
      packet: number(0),
      capture: number(1),
      time: '',
      at: number(2),
      from: (bits & FROM_SERVER) === 0 ? 'client' : 'server',
      flags,
      seq: number(4),
      ack: acked ? 0 : null,
      relativeSeq: 0,
      relativeAck: acked ? 0 : null,
      len: number(5),
      window: 0,
      client: UNTOLD,
      server: UNTOLD,
      received: null,
      receivedBy: null,
      crossing: false,
      notes: of === null ? NONE : [{ code: 'capture-duplicate', of }],
    }
  }

  #putSpan({ state, from, to, certainty, cause, packet, capture, rules }: StateSpan): void {
    const words = { state, certainty, cause, rules }
    this.#put(this.#spanWords.numberOf(words, `${state} ${certainty} ${cause} ${rules.join()}`))
    this.#put(from)
    this.#put(to)
    this.#put(packet)
    this.#put(capture ?? null)
  }

  #span(place: number): StateSpan {
    const { state, certainty, cause, rules } = this.#spanWords.all[this.#number(place)] as SpanWords
    const [from, to, packet] = [this.#orNull(place + 1), this.#orNull(place + 2), this.#orNull(place + 3)]
    const capture = this.#orNull(place + 4)
    return { state, from, to, certainty, cause, packet, ...(capture === null ? {} : { capture }), rules }
  }

  #putTimer({ side, name, from, expires, stopped }: TimerSpan): void {
    this.#put(this.#timerWords.numberOf({ side, name }, `${side} ${name}`))
    this.#put(from)
    this.#put(expires)
    this.#put(stopped)
  }

  #timer(place: number): TimerSpan {
    const { side, name } = this.#timerWords.all[this.#number(place)] as TimerWords
    const [from, expires] = [this.#number(place + 1), this.#number(place + 2)]
    return { side, name, from, expires, stopped: this.#orNull(place + 3) }
  }

  #put(number: number | null): void {
    const place = this.#end++
    if ((place & MASK) === 0) this.#pages.push(new Float64Array(MASK + 1))
    const page = this.#pages[place >>> SHIFT] as Float64Array
    page[place & MASK] = number ?? Number.NaN
  }

  #number(place: number): number {
    return this.#pages[place >>> SHIFT]?.[place & MASK] ?? Number.NaN
  }

  #orNull(place: number): number | null {
    const number = this.#number(place)
    return Number.isNaN(number) ? null : number
  }
}

/** Numbers of a page, as a power of two: growing copies nothing. */
const SHIFT = 16
const MASK = (1 << SHIFT) - 1
const OF_ROW = 7
const OF_SPAN = 5
const OF_TIMER = 4
const FROM_SERVER = 1 << 8

const NONE: readonly never[] = []
const UNTOLD: EndState = { state: 'CLOSED', was: 'CLOSED', certainty: 'assumed', rules: NONE }

const BITS: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 256 }, (_, bits) => [flagLetters(bits), bits]),
)
const bitsOf = (flags: string): number => BITS.get(flags) ?? 0

class Excerpt implements Flow {
  readonly flow: number
  readonly outer: string
  readonly client: Flow['client']
  readonly server: Flow['server']
  readonly roles: Flow['roles']
  readonly start: string
  readonly end: string
  readonly startAt: number
  readonly endAt: number
  readonly packets: number
  readonly bytes: number
  readonly incarnation: number
  readonly beginsInMiddle: boolean
  readonly capturedNear: Flow['capturedNear']
  readonly calls: Flow['calls']
  readonly closedFirst: Flow['closedFirst']
  readonly verdict: Flow['verdict']
  readonly icmp: Flow['icmp']

  /** `at`: where its numbers lie: rows, the client's spans, the server's, timers. */
  constructor(
    flow: Flow,
    private readonly excerpts: Excerpts,
    private readonly at: number,
    private readonly counts: Readonly<Record<'rows' | 'client' | 'server' | 'timers', number>>,
  ) {
    this.flow = flow.flow
    this.outer = flow.outer
    this.client = flow.client
    this.server = flow.server
    this.roles = flow.roles
    this.start = flow.start
    this.end = flow.end
    this.startAt = flow.startAt
    this.endAt = flow.endAt
    this.packets = flow.packets
    this.bytes = flow.bytes
    this.incarnation = flow.incarnation
    this.beginsInMiddle = flow.beginsInMiddle
    this.capturedNear = flow.capturedNear
    this.calls = flow.calls
    this.closedFirst = flow.closedFirst
    this.verdict = flow.verdict
    this.icmp = flow.icmp
  }

  get communityId(): string {
    return communityId(this.client, this.server)
  }
  get rows(): readonly PacketRow[] {
    return this.excerpts.rows(this.at, this.counts.rows)
  }
  get spans(): Flow['spans'] {
    const { rows, client, server } = this.counts
    return this.excerpts.spans(this.at + rows * OF_ROW, client, server)
  }
  get timers(): Flow['timers'] {
    const { rows, client, server, timers } = this.counts
    return this.excerpts.timers(this.at + rows * OF_ROW + (client + server) * OF_SPAN, timers)
  }
}
