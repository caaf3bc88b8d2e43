/**
 * Connections that every rule has looked at by itself (`diagnose/alone.ts`), with the few rows that findings about others, or
 * about many, still ask for (`diagnose/excerpt.ts`). As objects rows, spans and timers would be most of what is kept.
 *
 * In: flows. Out: flows that say what they said, but for most rows.
 */
import { excerptOf } from '../diagnose/excerpt.js'
import { type KnowsLost, lostWhileOpen } from '../diagnose/lost-elsewhere.js'
import { communityId } from '../flow/community-id.js'
import { type Flow, type PacketRow, STATES, type StateSpan, type TimerSpan } from '../report.js'
import { ExcerptRow, Numbers, OF_ROW, putRow } from './excerpt-row.js'
import { Numbered, type SpanWords, type TimerWords } from './history.js'

/** One for many flows: their rows, spans and timers lie in it as numbers, made objects each time somebody asks. */
export class Excerpts {
  readonly #numbers = new Numbers()
  /** Those that were asked for last, and where they lie. */
  #rows: PacketRow[] = []
  #rowsAt = -1
  #spans: Flow['spans'] = { client: NONE, server: NONE }
  #spansAt = -1
  readonly #spanWords = new NumberedWords()
  readonly #timerWords = new Numbered<TimerWords>()

  of(flow: Flow): Flow {
    const at = this.#numbers.end
    const { client, server } = flow.spans
    const rows = excerptOf(flow)
    for (const row of rows) putRow(this.#numbers, row)
    for (const span of client) this.#putSpan(span)
    for (const span of server) this.#putSpan(span)
    for (const timer of flow.timers) this.#putTimer(timer)
    const counts = {
      rows: rows.length,
      client: client.length,
      server: server.length,
      timers: flow.timers.length,
    }
    return new Excerpt(flow, this, at, counts)
  }

  /** So many rows that lie from `at` on. A rule asks a flow several times, one flow after the other. */
  rows(at: number, count: number): readonly PacketRow[] {
    if (this.#rowsAt !== at) {
      this.#rows = []
      for (let n = 0; n < count; n++) this.#rows.push(new ExcerptRow(this.#numbers, at + n * OF_ROW))
      this.#rowsAt = at
    }
    return this.#rows
  }

  spans(at: number, client: number, server: number): Flow['spans'] {
    if (this.#spansAt !== at) {
      this.#spans = {
        client: this.#spansFrom(at, client),
        server: this.#spansFrom(at + client * OF_SPAN, server),
      }
      this.#spansAt = at
    }
    return this.#spans
  }

  #spansFrom(at: number, count: number): StateSpan[] {
    const spans: StateSpan[] = []
    for (let n = 0; n < count; n++) spans.push(this.#span(at + n * OF_SPAN))
    return spans
  }

  timers(at: number, count: number): readonly TimerSpan[] {
    return Array.from({ length: count }, (_, n) => this.#timer(at + n * OF_TIMER))
  }

  #putSpan(span: StateSpan): void {
    const { from, to, packet, capture } = span
    this.#put(this.#spanWords.numberOf(span))
    this.#put(from)
    this.#put(to)
    this.#put(packet)
    this.#put(capture ?? null)
  }

  #span(place: number): StateSpan {
    const numbers = this.#numbers
    const { state, certainty, cause, rules } = this.#spanWords.all[numbers.at(place)] as SpanWords
    const from = numbers.orNull(place + 1)
    const to = numbers.orNull(place + 2)
    const packet = numbers.orNull(place + 3)
    const capture = numbers.orNull(place + 4)
    return capture === null
      ? { state, from, to, certainty, cause, packet, rules }
      : { state, from, to, certainty, cause, packet, capture, rules }
  }

  #putTimer({ side, name, from, expires, stopped }: TimerSpan): void {
    this.#put(this.#timerWords.numberOf({ side, name }, `${side} ${name}`))
    this.#put(from)
    this.#put(expires)
    this.#put(stopped)
  }

  #timer(place: number): TimerSpan {
    const numbers = this.#numbers
    const { side, name } = this.#timerWords.all[numbers.at(place)] as TimerWords
    const [from, expires] = [numbers.at(place + 1), numbers.at(place + 2)]
    return { side, name, from, expires, stopped: numbers.orNull(place + 3) }
  }

  #put(number: number | null): void {
    this.#numbers.put(number)
  }
}

/** The words of spans, numbered as they come: by their rules, and by the rest, which is one of few. */
class NumberedWords {
  readonly all: SpanWords[] = []
  readonly #byRules = new Map<string, Map<number, number>>()

  numberOf({ state, certainty, cause, rules }: StateSpan): number {
    const [only = ''] = rules
    const key = rules.length < 2 ? only : rules.join()
    let numbers = this.#byRules.get(key)
    if (numbers === undefined) {
      numbers = new Map()
      this.#byRules.set(key, numbers)
    }
    const rest =
      (STATES.indexOf(state) * CERTAINTIES.length + CERTAINTIES.indexOf(certainty)) * CAUSES.length +
      CAUSES.indexOf(cause)
    let number = numbers.get(rest)
    if (number === undefined) {
      number = this.all.push({ state, certainty, cause, rules }) - 1
      numbers.set(rest, number)
    }
    return number
  }
}
const CERTAINTIES: readonly SpanWords['certainty'][] = ['seen', 'implied', 'assumed']
const CAUSES: readonly SpanWords['cause'][] = ['packet', 'timer', 'call', 'start']

/** Numbers of a span, and of a timer. */
const OF_SPAN = 5
const OF_TIMER = 4

const NONE: readonly never[] = []

class Excerpt implements Flow, KnowsLost {
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
  /** Counted over all rows. */
  readonly lostWhileOpen: number

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
    this.lostWhileOpen = lostWhileOpen(flow)
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
