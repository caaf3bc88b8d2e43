/**
 * What rules that count connections read of a plain one, and nothing else: small enough to make for a million flows.
 *
 * In: a plain flow. Out: a {@link Flow} of which `flow`, addresses, `spans` (TIME_WAIT only), `startAt`, `capturedNear`
 * and `rows` say what the flow says; what all share is shared.
 */
import type { Flow, FlowEnd, PacketRow, StateSpan } from '../report.js'
import type { PlainFlow } from './plain-flow.js'

const NONE: readonly never[] = []
const NO_SPANS: Flow['spans'] = { client: NONE, server: NONE }

type Place = Flow['capturedNear']
const PLACES: Readonly<Record<Place['where'], Place>> = {
  client: { where: 'client', reason: { code: 'near-unknown' } },
  server: { where: 'server', reason: { code: 'near-unknown' } },
  between: { where: 'between', reason: { code: 'near-unknown' } },
  both: { where: 'both', reason: { code: 'near-unknown' } },
  unknown: { where: 'unknown', reason: { code: 'near-unknown' } },
}

/** A place without its numbers. */
const placeOf = (where: Place['where']): Place => PLACES[where]

export class StandIn implements Flow {
  readonly flow: number
  #spans: Flow['spans'] | null = null

  constructor(
    private readonly plain: PlainFlow,
    readonly client: FlowEnd,
    readonly server: FlowEnd,
  ) {
    this.flow = plain.flow
  }

  get capturedNear(): Place {
    return placeOf(this.plain.where)
  }

  /** Made when somebody asks, and once: a rule that counts asks for both sides. */
  get spans(): Flow['spans'] {
    this.#spans ??= spansOf(this.plain)
    return this.#spans
  }

  get rows(): readonly PacketRow[] {
    return this.plain.rows
  }
  get startAt(): number {
    return this.plain.startAt
  }
  get endAt(): number {
    return this.plain.endAt
  }
  get verdict(): Flow['verdict'] {
    return this.plain.verdict
  }
  get closedFirst(): Flow['closedFirst'] {
    return this.plain.closedFirst
  }
  get outer(): string {
    return this.plain.outer
  }
  get start(): string {
    return this.plain.start
  }
  get end(): string {
    return this.plain.end
  }
  get packets(): number {
    return this.plain.packets
  }
  get bytes(): number {
    return this.plain.bytes
  }
  get communityId(): string {
    return this.plain.communityId
  }
  get roles(): Flow['roles'] {
    return this.plain.roles
  }
  get incarnation(): number {
    return this.plain.incarnation
  }
  get beginsInMiddle(): boolean {
    return this.plain.beginsInMiddle
  }
  get calls(): Flow['calls'] {
    return NONE
  }
  get icmp(): Flow['icmp'] {
    return NONE
  }
  get timers(): Flow['timers'] {
    return NONE
  }
}

function spansOf(plain: PlainFlow): Flow['spans'] {
  const waits = plain.timeWait
  if (waits === null) return NO_SPANS
  const stretches: readonly StateSpan[] = [waits]
  return plain.closedFirst === 'client'
    ? { client: stretches, server: NONE }
    : { client: NONE, server: stretches }
}
