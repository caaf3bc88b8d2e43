/**
 * Connections that every rule has looked at by itself (`diagnose/alone.ts`), with a few rows and with the times when they were
 * open or waited: what findings about others, or about many, still ask for. As objects these would be most of what is kept.
 *
 * In: flows. Out: flows that say of themselves what they said. Of their rows and spans there is what `diagnose/excerpt.ts`
 * names, and when an end was ESTABLISHED or in TIME_WAIT; what nobody asks of these (states of rows, numbers relative to
 * others) is not in them.
 */
import { excerptOf } from '../diagnose/excerpt.js'
import { knowLost, lostWhileOpen } from '../diagnose/lost-elsewhere.js'
import { communityId } from '../flow/community-id.js'
import { flagLetters } from '../flow/segment.js'
import type { EndState, Flow, PacketRow, Side, StateSpan } from '../report.js'

/** One for many flows: their rows and spans lie in it as numbers, made objects each time somebody asks. */
export class Excerpts {
  #numbers = new Float64Array(1024)
  #end = 0

  of(flow: Flow): Flow {
    const at = this.#end
    const rows = excerptOf(flow)
    for (const row of rows) this.#putRow(row)
    let spans = 0
    for (const [side, name] of SIDES.entries())
      for (const span of flow.spans[name]) {
        const state = STATES.findIndex((one) => one === span.state)
        if (state >= 0) spans += this.#putSpan(span, 2 * state + side)
      }
    const excerpt = new Excerpt(flow, this, at, rows.length, spans)
    // What was lost is counted, over all rows.
    knowLost(excerpt, lostWhileOpen(flow))
    return excerpt
  }

  /** So many rows that lie from `at` on. */
  rows(at: number, count: number): readonly PacketRow[] {
    return Array.from({ length: count }, (_, n) => this.#row(at + n * OF_ROW))
  }

  /** Those of the client, and of the server, of so many spans. */
  spans(at: number, count: number): Flow['spans'] {
    const spans: Record<Side, StateSpan[]> = { client: [], server: [] }
    for (let n = 0; n < count; n++) this.#readSpan(at + n * OF_SPAN, spans)
    return spans
  }

  #putRow({ packet, capture, at, from, flags, seq, len, notes }: PacketRow): void {
    const numbers = this.#room(OF_ROW)
    const end = this.#end
    numbers[end] = packet
    numbers[end + 1] = capture
    numbers[end + 2] = at
    const copy = notes.find(({ code }) => code === 'capture-duplicate')
    numbers[end + 3] = bitsOf(flags) | (from === 'client' ? 0 : FROM_SERVER)
    numbers[end + 4] = seq
    numbers[end + 5] = len
    numbers[end + 6] = copy?.code === 'capture-duplicate' ? copy.of : Number.NaN
    this.#end += OF_ROW
  }

  #row(place: number): PacketRow {
    const number = (which: number): number => this.#numbers[place + which] as number
    const bits = number(3)
    const flags = flagLetters(bits)
    const acked = flags.includes('A')
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
      notes: Number.isNaN(number(6)) ? NONE : [{ code: 'capture-duplicate', of: number(6) }],
    }
  }

  #putSpan({ from, to }: StateSpan, what: number): 1 {
    const numbers = this.#room(OF_SPAN)
    const end = this.#end
    numbers[end] = what
    numbers[end + 1] = from ?? Number.NaN
    numbers[end + 2] = to ?? Number.NaN
    this.#end += OF_SPAN
    return 1
  }

  #readSpan(place: number, into: Record<Side, StateSpan[]>): void {
    const what = this.#numbers[place] as number
    const time = (which: number): number | null => {
      const at = this.#numbers[place + which] as number
      return Number.isNaN(at) ? null : at
    }
    const state = STATES[what >> 1] ?? 'ESTABLISHED'
    const [from, to] = [time(1), time(2)]
    into[SIDES[what & 1] ?? 'client'].push({ state, from, to, ...WITHOUT_REASON })
  }

  #room(numbers: number): Float64Array {
    if (this.#end + numbers <= this.#numbers.length) return this.#numbers
    const larger = new Float64Array(2 * this.#numbers.length)
    larger.set(this.#numbers)
    this.#numbers = larger
    return larger
  }
}

const SIDES = ['client', 'server'] as const satisfies readonly Side[]
/** That somebody asks about. */
const STATES = ['ESTABLISHED', 'TIME_WAIT'] as const satisfies readonly StateSpan['state'][]
const OF_ROW = 7
const OF_SPAN = 3
const FROM_SERVER = 1 << 8

const NONE: readonly never[] = []
const UNTOLD: EndState = { state: 'CLOSED', was: 'CLOSED', certainty: 'assumed', rules: NONE }
const WITHOUT_REASON = { certainty: 'implied', cause: 'packet', packet: null, rules: NONE } as const

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

  /** `at`: where its numbers lie, those of the rows before those of the spans. */
  constructor(
    flow: Flow,
    private readonly excerpts: Excerpts,
    private readonly at: number,
    private readonly rowCount: number,
    private readonly spanCount: number,
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
    return this.excerpts.rows(this.at, this.rowCount)
  }
  get spans(): Flow['spans'] {
    return this.excerpts.spans(this.at + this.rowCount * OF_ROW, this.spanCount)
  }
  /** Of these nobody asks. */
  get timers(): Flow['timers'] {
    return NONE
  }
}
