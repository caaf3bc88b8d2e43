/**
 * A plain connection as a flow of the report, made from its row when somebody looks at it.
 *
 * In: a row and its outcome. Out: a {@link Flow} whose parts are made anew each time they are read: nothing of a million
 * flows is held but their rows. `rows` holds only what rules read of a connection without any trouble: its SYN (if it was
 * captured), one segment of each side, its FINs. Who wants every packet asks the full replay.
 */
import { CLIENT, type End, SERVER } from '../flow/segment.js'
import type { VantageFacts } from '../infer/vantage.js'
import type { EndState, Flow, FlowEnd, PacketRow, Side, State, StateSpan } from '../report.js'
import { endOf } from './address.js'
import {
  CLOSED,
  FIN1_PACKET,
  FIN1_S,
  FIN2_PACKET,
  FIN2_S,
  FIRST,
  PHASE,
  SERVER_CLOSES,
  STATE,
} from './layout.js'
import { scaleIn } from './opening.js'
import { factsOf, OUTCOMES, type Outcome, timeWaitFrom } from './outcome.js'
import type { PlainFlows } from './plain-flows.js'
import { RowFlow } from './row-flow.js'
import { bytesIn, roundTripIn } from './summary.js'

const NONE: readonly never[] = []

export class PlainFlow extends RowFlow {
  readonly outcome: Outcome

  /** `outcome`: its number. */
  constructor(flow: number, flows: PlainFlows, conversation: number, outcome: number) {
    super(flow, flows, conversation)
    this.outcome = OUTCOMES[outcome] as Outcome
  }

  // What all share is no field of each.
  get calls(): Flow['calls'] {
    return NONE
  }
  get timers(): Flow['timers'] {
    return NONE
  }

  get client(): FlowEnd {
    return this.standing(CLIENT)
  }
  get server(): FlowEnd {
    return this.standing(SERVER)
  }
  get roles(): Flow['roles'] {
    return this.outcome.roles
  }
  get beginsInMiddle(): boolean {
    return this.outcome.beginsInMiddle
  }
  get verdict(): Flow['verdict'] {
    return this.outcome.verdict
  }
  get closedFirst(): Flow['closedFirst'] {
    return this.outcome.closedFirst
  }
  get bytes(): number {
    return bytesIn(this.flows, this.page, this.base)
  }
  protected get facts(): VantageFacts {
    return factsOf(this.flows, this.page, this.base)
  }
  protected sort(evidence: number): unknown {
    return this.outcome.number | (evidence << 8) | (this.version << 16)
  }

  /** Where it was captured, without the reason. */
  get where(): Flow['capturedNear']['where'] {
    return this.outcome.where
  }
  /** Seconds from the capture point to each end and back; NaN: unknown. */
  get roundTrip(): readonly [number, number] {
    const { flows, page, base } = this
    return [roundTripIn(flows, page, base, CLIENT), roundTripIn(flows, page, base, SERVER)]
  }
  /** How far each end's window is shifted. */
  get scale(): readonly [number, number] {
    const { page, base } = this
    return [scaleIn(page, base, CLIENT), scaleIn(page, base, SERVER)]
  }
  get hasData(): boolean {
    return this.bytes !== 0
  }
  /** Its time in TIME_WAIT, at the end that closed first; null while it is open. */
  get timeWait(): StateSpan | null {
    if (this.outcome.closedFirst === null) return null
    const from = this.timeWaitFrom
    return span('TIME_WAIT', from, this.timeWaitUntil(from))
  }
  /** Of one that is closed: seconds. */
  get timeWaitFrom(): number {
    return timeWaitFrom(this.flows, this.page, this.base, this.closer)
  }
  /** When what began then is over; null when the capture ended before. */
  timeWaitUntil(from: number): number | null {
    const over = this.outcome.ends[this.closer].state !== 'TIME_WAIT'
    return over ? from + this.flows.timeWait : null
  }
  /** Of one that is closed: the frame of the first FIN. */
  get firstFin(): { readonly packet: number; readonly capture: number } {
    return this.flows.frameOf(this.word(FIN1_PACKET))
  }

  get spans(): Flow['spans'] {
    const open = [span('ESTABLISHED', this.startAt)]
    const waits = this.timeWait
    if (waits === null) return { client: open, server: open }
    const first = [...open, waits]
    return this.closer === CLIENT ? { client: first, server: open } : { client: open, server: first }
  }

  get rows(): readonly PacketRow[] {
    const first = this.flows.frameOf(this.word(FIRST))
    const at = this.startAt
    const rows = (this.beginsInMiddle ? FROM_MIDDLE : FROM_SYN).map(([from, flags]) =>
      packetRow(from, flags, first, at, 0),
    )
    rows.push(packetRow('server', 'A', first, at, this.bytes > 0 ? 1 : 0))
    if ((this.word(STATE) & PHASE) !== CLOSED) return rows
    const sides = this.closer === CLIENT ? (['client', 'server'] as const) : (['server', 'client'] as const)
    rows.push(
      packetRow(sides[0], 'FA', this.flows.frameOf(this.word(FIN1_PACKET)), this.time(FIN1_S), 0),
      packetRow(sides[1], 'FA', this.flows.frameOf(this.word(FIN2_PACKET)), this.time(FIN2_S), 0),
    )
    return rows
  }

  private standing(end: End): FlowEnd {
    const { address, port } = endOf(this, end === SERVER)
    const { state, certainty } = this.outcome.ends[end]
    return { address, port, state, certainty }
  }

  private get closer(): End {
    return (this.word(STATE) & SERVER_CLOSES) === 0 ? CLIENT : SERVER
  }
}

const span = (state: State, from: number, to: number | null = null): StateSpan => ({
  state,
  from,
  to,
  certainty: 'implied',
  cause: 'packet',
  packet: null,
  rules: NONE,
})

const ESTABLISHED: EndState = { state: 'ESTABLISHED', was: 'ESTABLISHED', certainty: 'implied', rules: NONE }

/** Who sent what before the server's text. */
const FROM_SYN = [
  ['client', 'S'],
  ['server', 'SA'],
  ['client', 'A'],
] as const
const FROM_MIDDLE = [['client', 'A']] as const

const packetRow = (
  from: Side,
  flags: string,
  { packet, capture }: Pick<PacketRow, 'packet' | 'capture'>,
  at: number,
  len: number,
): PacketRow => ({
  packet,
  capture,
  time: '',
  at,
  from,
  flags,
  seq: 0,
  ack: flags === 'S' ? null : 0,
  relativeSeq: 0,
  relativeAck: flags === 'S' ? null : 0,
  len,
  window: 1,
  client: ESTABLISHED,
  server: ESTABLISHED,
  received: true,
  receivedBy: null,
  crossing: false,
  notes: NONE,
})
