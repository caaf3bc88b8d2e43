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
const PLACES = new Map<Place['where'], Place>()

/** A place without its numbers. */
function placeOf(where: Place['where']): Place {
  const known = PLACES.get(where) ?? { where, reason: { code: 'near-unknown' } }
  PLACES.set(where, known)
  return known
}

export class StandIn implements Flow {
  readonly flow: number
  readonly spans: Flow['spans']
  readonly capturedNear: Place

  constructor(
    private readonly plain: PlainFlow,
    readonly client: FlowEnd,
    readonly server: FlowEnd,
  ) {
    this.flow = plain.flow
    this.capturedNear = placeOf(plain.where)
    const waits = plain.timeWait
    if (waits === null) this.spans = NO_SPANS
    else {
      const stretches: readonly StateSpan[] = [waits]
      this.spans =
        plain.closedFirst === 'client'
          ? { client: stretches, server: NONE }
          : { client: NONE, server: stretches }
    }
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
