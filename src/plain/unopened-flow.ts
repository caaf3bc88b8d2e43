/**
 * A SYN that nobody answered, whose answer nobody took up, or that a RST refused, as a flow of the report: most of a SYN
 * flood, and of a scan, is these.
 *
 * In: a row, and the flow of another one that went the same way (`unopened-kinds.ts`), replayed in full. Out: a
 * {@link Flow} that says the same with its own addresses, numbers and times.
 */
import { SERVER } from '../flow/segment.js'
import type { VantageFacts } from '../infer/vantage.js'
import { timeOf } from '../replay/calls.js'
import type { Flow, FlowEnd, PacketRow, SocketCall, StateSpan } from '../report.js'
import { endOf } from './address.js'
import {
  FIRST,
  PHASE,
  REFUSED,
  STATE,
  SYN_SEQ,
  SYN_WINDOW_ID,
  SYNACK_PACKET,
  SYNACK_SEQ,
  SYNACK_WINDOW_ID,
} from './layout.js'
import { windowIn } from './opening.js'
import type { PlainFlows } from './plain-flows.js'
import { RowFlow } from './row-flow.js'
import { unopenedFacts } from './unopened-kinds.js'

const NONE: readonly never[] = []

export class UnopenedFlow extends RowFlow {
  // Rules about floods ask for these again and again.
  #client: FlowEnd | null = null
  #server: FlowEnd | null = null
  #rows: readonly PacketRow[] | null = null

  constructor(
    flow: number,
    flows: PlainFlows,
    conversation: number,
    /** One that went the same way. */
    readonly alike: Flow,
  ) {
    super(flow, flows, conversation)
  }

  private standing(server: boolean, { state, certainty }: FlowEnd): FlowEnd {
    const { address, port } = endOf(this, server)
    return { address, port, state, certainty }
  }

  get roles(): Flow['roles'] {
    return this.alike.roles
  }
  get beginsInMiddle(): boolean {
    return this.alike.beginsInMiddle
  }
  get verdict(): Flow['verdict'] {
    return this.alike.verdict
  }
  get closedFirst(): Flow['closedFirst'] {
    return this.alike.closedFirst
  }
  get client(): FlowEnd {
    this.#client ??= this.standing(false, this.alike.client)
    return this.#client
  }
  get server(): FlowEnd {
    this.#server ??= this.standing(true, this.alike.server)
    return this.#server
  }
  get bytes(): number {
    return 0
  }
  protected get facts(): VantageFacts {
    return unopenedFacts(this.flows, this.page, this.base)
  }
  /** The evidence is the same for all that went like another. */
  protected sort(): unknown {
    return this.alike
  }

  get calls(): Flow['calls'] {
    const { alike } = this
    if (alike.calls.length === 0) return NONE
    const epoch = { seconds: this.flows.epochSeconds, nanoseconds: this.flows.epochNanoseconds }
    // What the RST told its client was told when it came.
    const [began, from] = this.isRefused ? [alike.end, this.endAt] : [alike.start, this.startAt]
    return alike.calls.map((call): SocketCall => {
      const later =
        (Date.parse(call.time) - Date.parse(began)) / 1000 + nanosecondsOf(call.time) - nanosecondsOf(began)
      return { ...call, packet: this.own(call.packet), time: timeOf(epoch, from + later) }
    })
  }

  get spans(): Flow['spans'] {
    const { client, server } = this.alike.spans
    return {
      client: client.map((span) => this.movedSpan(span)),
      server: server.map((span) => this.movedSpan(span)),
    }
  }
  get timers(): Flow['timers'] {
    return this.alike.timers.map((timer) => ({
      ...timer,
      from: this.moved(timer.from),
      expires: this.moved(timer.expires),
      stopped: timer.stopped === null ? null : this.moved(timer.stopped),
    }))
  }

  /** The frame of its SYN. */
  get syn(): { readonly packet: number; readonly capture: number } {
    return this.flows.frameOf(this.word(FIRST))
  }

  /** Rules read of these who sent what and when. Numbers of packets in notes are those of the one that went alike. */
  get rows(): readonly PacketRow[] {
    this.#rows ??= this.rowsLike(this.alike.rows)
    return this.#rows
  }

  private rowsLike(rows: readonly PacketRow[]): readonly PacketRow[] {
    return rows.map((row, n): PacketRow => {
      const isn = this.word(SYN_SEQ) >>> 0
      const own = n === 0 ? isn : this.word(SYNACK_SEQ) >>> 0
      // Named one by one, and not spread: that takes ten times as long.
      const { packet, capture } = this.flows.frameOf(this.word(n === 0 ? FIRST : SYNACK_PACKET))
      return {
        packet,
        capture,
        time: n === 0 ? this.start : this.end,
        at: n === 0 ? this.startAt : this.endAt,
        from: row.from,
        flags: row.flags,
        seq: own,
        ack: n === 0 ? null : (isn + 1) >>> 0,
        relativeSeq: row.relativeSeq,
        relativeAck: row.relativeAck,
        len: row.len,
        window: windowIn(this.word(n === 0 ? SYN_WINDOW_ID : SYNACK_WINDOW_ID)),
        client: row.client,
        server: row.server,
        received: row.received,
        receivedBy: this.own(row.receivedBy),
        crossing: row.crossing,
        notes: row.notes,
      }
    })
  }

  /** The packet of this flow that stands where `packet` stands in the other. */
  private own(packet: number | null): number | null {
    if (packet === null) return null
    const which = packet === this.alike.rows[SERVER]?.packet ? SYNACK_PACKET : FIRST
    return this.flows.frameOf(this.word(which)).packet
  }

  private get isRefused(): boolean {
    return (this.word(STATE) & PHASE) === REFUSED
  }

  /** A time of the other one, here. Between SYN and RST as much may have passed or not: what happened at the RST happened at this one's. */
  private moved(at: number): number {
    const { alike } = this
    return this.isRefused && at === alike.endAt ? this.endAt : at + this.startAt - alike.startAt
  }

  private movedSpan(span: StateSpan): StateSpan {
    const time = (at: number | null): number | null => (at === null ? null : this.moved(at))
    const moved = { ...span, from: time(span.from), to: time(span.to), packet: this.own(span.packet) }
    if (!this.flows.several || span.packet === null) return moved
    // Of several captures only a SYN alone comes here.
    const { state, from, to, certainty, cause, packet, rules } = moved
    const { capture } = this.flows.frameOf(this.word(FIRST))
    return { state, from, to, certainty, cause, packet, ...(capture === 0 ? {} : { capture }), rules }
  }
}

/** What `Date.parse()` leaves out: below a millisecond, in seconds. */
const nanosecondsOf = (iso: string): number => Number(iso.slice(-7, -1)) / 1e9
