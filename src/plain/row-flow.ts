/**
 * What every flow says that is made from its row when somebody looks at it, plain or unopened: who, when, how much.
 *
 * In: a row. Out: the members of a {@link Flow} that stand in it, made anew each time they are read.
 */
import { evidenceOf, putReason, type VantageFacts, vantage } from '../infer/vantage.js'
import {
  BYTES,
  CLIENT,
  CLIENT_PORT,
  COMMUNITY,
  END,
  END_AT,
  FLOW,
  type NumberedFlow,
  PACKETS,
  REASON,
  SERVER,
  SERVER_PORT,
  START,
  START_AT,
} from '../numbered.js'
import { isoTime } from '../replay/iso-time.js'
import type { Flow, FlowEnd, PacketRow, SocketCall } from '../report.js'
import { addressWord, communityIdIn, endOf, outerOf, portsOf, putCommunity } from './address.js'
import { START_N, START_S } from './layout.js'
import { timeIn } from './opening.js'
import type { PlainFlows } from './plain-flows.js'
import { lastIn, packetsIn } from './summary.js'

const NONE: readonly never[] = []

export abstract class RowFlow implements NumberedFlow {
  readonly page: Int32Array
  /** Where the words behind the key begin. */
  readonly base: number

  constructor(
    readonly flow: number,
    protected readonly flows: PlainFlows,
    readonly conversation: number,
  ) {
    const { page, base } = flows.look(conversation)
    this.page = page
    this.base = base
  }

  abstract get client(): FlowEnd
  abstract get server(): FlowEnd
  abstract get roles(): Flow['roles']
  abstract get beginsInMiddle(): boolean
  abstract get bytes(): number
  /** What tells where it was captured, valid until another one's is asked for. */
  protected abstract get facts(): VantageFacts
  /** The same for those that went the same way, captured with the same evidence for where. */
  protected abstract sort(evidence: number): unknown
  abstract get calls(): readonly SocketCall[]
  abstract get closedFirst(): Flow['closedFirst']
  abstract get verdict(): Flow['verdict']
  abstract get rows(): readonly PacketRow[]
  abstract get spans(): Flow['spans']
  abstract get timers(): Flow['timers']

  get capturedNear(): Flow['capturedNear'] {
    return vantage(this.facts)
  }

  numbers(into: Float64Array): unknown {
    if (this.calls.length > 0 || outerOf(this) !== 0 || this.incarnation > 0) return null
    const { flows, page, base } = this
    const ports = portsOf(this)
    const last = lastIn(flows, page, base)
    into[FLOW] = this.flow
    into[CLIENT] = this.version === 4 ? addressWord(this, false) : 0
    into[CLIENT_PORT] = ports >>> 16
    into[SERVER] = this.version === 4 ? addressWord(this, true) : 0
    into[SERVER_PORT] = ports & 0xffff
    into[START] = this.word(START_S) >>> 0
    into[START + 1] = this.word(START_N)
    into[START_AT] = this.startAt
    into[END] = last[0] >>> 0
    into[END + 1] = last[1]
    into[END_AT] = flows.at(last[0], last[1])
    into[PACKETS] = this.packets
    into[BYTES] = this.bytes
    putCommunity(this, into, COMMUNITY)
    const { facts } = this
    putReason(facts, into, REASON)
    return this.sort(evidenceOf(facts))
  }

  get incarnation(): number {
    return this.flows.incarnationOf(this.conversation)
  }
  get icmp(): Flow['icmp'] {
    return NONE
  }
  get outer(): string {
    return this.flows.outers[outerOf(this)] ?? ''
  }
  get start(): string {
    return isoTime(this.word(START_S) >>> 0, this.word(START_N))
  }
  get end(): string {
    const [seconds, nanoseconds] = lastIn(this.flows, this.page, this.base)
    return isoTime(seconds >>> 0, nanoseconds)
  }
  get startAt(): number {
    return this.time(START_S)
  }
  get endAt(): number {
    return this.flows.at(...lastIn(this.flows, this.page, this.base))
  }
  get packets(): number {
    return packetsIn(this.flows, this.page, this.base)
  }
  get communityId(): string {
    return communityIdIn(this)
  }
  get serverPort(): number {
    return portsOf(this) & 0xffff
  }
  /** The same for the same address: IPv4 as a word, IPv6 as text. */
  addressKey(server: boolean): string | number {
    return this.version === 4 ? addressWord(this, server) : endOf(this, server).address
  }
  get version(): 4 | 6 {
    return this.flows.versionOf(this.conversation)
  }

  protected word(at: number): number {
    return this.page[this.base + at] as number
  }
  protected time(at: number): number {
    return timeIn(this.flows, this.page, this.base + at)
  }
}
