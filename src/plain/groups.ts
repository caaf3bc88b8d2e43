/**
 * Which connections a rule that counts needs to see: those of a server, a client, a pair of them, that has enough.
 *
 * In: all flows of a report. Out: for each counting rule its flows, in order, plain ones by their stand-ins. Such a rule
 * speaks from a number of connections on: a group with fewer can't make it speak, and is left out. The numbers lie
 * at or below those of `diagnose/`; a property test compares the findings.
 */
import type { FindingId, Flow, FlowEnd } from '../report.js'
import { parseAddress } from '../wire/address.js'
import { HalfOpenFlow } from './half-open-flow.js'
import { Numbering } from './numbering.js'
import { PlainFlow } from './plain-flow.js'
import { RowFlow } from './row-flow.js'
import { StandIn } from './stand-in.js'

const TEXT = 6
const WORD = 4

export class Groups {
  readonly #addresses = new Numbering()
  readonly #texts = new Map<string, number>()
  readonly #services = new Numbering()
  /** Of each flow: its client, its server, its server and port, numbered. */
  readonly client: Int32Array
  readonly server: Int32Array
  readonly service: Int32Array
  readonly #ends: FlowEnd[] = []
  readonly #served: FlowEnd[] = []
  readonly #standIns: StandIn[] = []
  /** Flows that every rule sees. */
  readonly #odd: readonly Flow[]

  constructor(
    readonly flows: readonly Flow[],
    private readonly endAt: number,
    /** All connections are told; else few of one port stand for many. */
    private readonly isWhole = true,
  ) {
    this.#odd = flows.filter((flow) => !isShort(flow))
    this.client = new Int32Array(flows.length)
    this.server = new Int32Array(flows.length)
    this.service = new Int32Array(flows.length)
    for (let n = 0; n < flows.length; n++) {
      const flow = flows[n] as Flow
      const short = isShort(flow)
      const server = this.#addressOf(short ? flow.addressKey(true) : addressKey(flow.server.address))
      this.client[n] = this.#addressOf(short ? flow.addressKey(false) : addressKey(flow.client.address))
      this.server[n] = server
      this.service[n] = this.#services.of(server, short ? flow.serverPort : flow.server.port)
    }
  }

  /** The flows that rule `id` needs to see. */
  for(id: FindingId): readonly Flow[] {
    switch (id) {
      case 'syn-flood':
        return this.#those(
          this.isWhole ? 10 : 5,
          this.service,
          mayBeLone,
          // Those that are summed up are many more.
          (flow) => this.isWhole && this.endAt - flow.startAt > AGAIN,
        )
      case 'scan':
        return this.#those(10, this.client, (flow) => !(flow instanceof PlainFlow) || !flow.hasData)
      case 'port-exhaustion':
        return this.#routesThatWait()
      default:
        return this.flows
    }
  }

  /** There are no more groups of a kind: each flow has two hosts, one service, one route. */
  get #most(): number {
    return Math.max(this.addresses, this.flows.length)
  }

  /** How many hosts, and services, there are. */
  get addresses(): number {
    return this.#addresses.count
  }
  get services(): number {
    return this.#services.count
  }

  #addressOf(key: string | number): number {
    if (typeof key === 'number') return this.#addresses.of(key, WORD)
    const known = this.#texts.get(key) ?? this.#texts.size
    this.#texts.set(key, known)
    return this.#addresses.of(known, TEXT)
  }

  /** A route has no more than its client: mostly no client has enough, and routes need not be numbered. */
  #routesThatWait(): readonly Flow[] {
    const waits = (flow: Flow): boolean => waitsOn(flow, 'client')
    return this.#counted(ROUTE, this.client, waits) === null
      ? this.#odd
      : this.#those(ROUTE, this.#routes(), waits)
  }

  /** Client, server and port, numbered. */
  #routes(): Int32Array {
    const routes = new Numbering()
    return this.client.map((client, n) => routes.of(client, this.service[n] as number))
  }

  /**
   * Flows that are not plain, and plain ones of groups in which at least so many do, and half as many as there are of
   * those that they are `amongst`.
   */
  #those(
    least: number,
    group: Int32Array,
    counts: (flow: Flow) => boolean,
    amongst: (flow: Flow) => boolean = () => false,
  ): readonly Flow[] {
    const { flows } = this
    const some = this.#counted(least, group, counts)
    if (some === null) return this.#odd
    const all = new Int32Array(this.#most)
    for (let n = 0; n < flows.length; n++)
      if (amongst(flows[n] as Flow)) all[group[n] as number] = (all[group[n] as number] as number) + 1
    const those: Flow[] = []
    for (let n = 0; n < flows.length; n++) {
      const flow = flows[n] as Flow
      const count = some[group[n] as number] as number
      const large = count >= least && 2 * count >= (all[group[n] as number] as number)
      if (large || !isShort(flow)) those.push(this.#seen(flow, n))
    }
    return those
  }

  /** Of each group how many do; null: in none so many. */
  #counted(least: number, group: Int32Array, counts: (flow: Flow) => boolean): Int32Array | null {
    const { flows } = this
    const some = new Int32Array(this.#most)
    let most = 0
    for (let n = 0; n < flows.length; n++) {
      if (!counts(flows[n] as Flow)) continue
      const number = group[n] as number
      some[number] = (some[number] as number) + 1
      most = Math.max(most, some[number] as number)
    }
    return most < least ? null : some
  }

  #seen(flow: Flow, n: number): Flow {
    if (!(flow instanceof PlainFlow)) return flow
    const known = this.#standIns[n]
    if (known !== undefined) return known
    const client = this.#ends[this.client[n] as number] ?? flow.client
    const server = this.#served[this.service[n] as number] ?? flow.server
    this.#ends[this.client[n] as number] = client
    this.#served[this.service[n] as number] = server
    const made = new StandIn(flow, client, server)
    this.#standIns[n] = made
    return made
  }
}

/** Connections of a route, below those that `diagnose/port-exhaustion.ts` asks for. */
const ROUTE = 100

const isShort = (flow: Flow): flow is RowFlow => flow instanceof RowFlow

/** Seconds, above those after which `diagnose/syn-flood.ts` expects a real client to have gone on. */
const AGAIN = 1.5

/** Nothing but SYNs came from its client: a part of a flood, perhaps. */
const mayBeLone = (flow: Flow): boolean =>
  flow instanceof HalfOpenFlow ||
  (!(flow instanceof PlainFlow) &&
    flow.rows.every(({ from, flags }) => from === 'server' || flags.includes('S')))

const waitsOn = (flow: Flow, side: 'client' | 'server'): boolean =>
  flow instanceof PlainFlow
    ? flow.closedFirst === side
    : !(flow instanceof HalfOpenFlow) && flow.spans[side].some(({ state }) => state === 'TIME_WAIT')

/** As `PlainFlow.addressKey()` has it. */
function addressKey(address: string): string | number {
  const parsed = parseAddress(address)
  return parsed?.version === 4 ? parsed.words[3] : address
}
