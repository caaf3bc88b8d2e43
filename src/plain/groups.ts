/**
 * Which connections a rule that counts needs to see: those of a server, a client, a pair of them, that has enough.
 *
 * In: all flows of a report. Out: for each counting rule its flows, in order, plain ones by their stand-ins. Such a rule
 * speaks from a number of connections on: a group with fewer can't make it speak, and is left out. The numbers lie
 * below those of `diagnose/`; a property test compares the findings.
 */
import type { FindingId, Flow, FlowEnd } from '../report.js'
import { parseAddress } from '../wire/address.js'
import { HalfOpenFlow } from './half-open-flow.js'
import { PlainFlow } from './plain-flow.js'
import { StandIn } from './stand-in.js'

/** Things that are alike, numbered from 0. */
class Numbers {
  readonly #numbers = new Map<string | number, number>()

  of(name: string | number): number {
    const known = this.#numbers.get(name)
    if (known !== undefined) return known
    this.#numbers.set(name, this.#numbers.size)
    return this.#numbers.size - 1
  }
}

const PORTS = 65_536

export class Groups {
  readonly #addresses = new Numbers()
  readonly #services = new Numbers()
  readonly #client: Int32Array
  readonly #service: Int32Array
  readonly #ends: FlowEnd[] = []
  readonly #served: FlowEnd[] = []
  readonly #standIns: StandIn[] = []

  constructor(readonly flows: readonly Flow[]) {
    this.#client = new Int32Array(flows.length)
    this.#service = new Int32Array(flows.length)
    flows.forEach((flow, n) => {
      const plain = flow instanceof PlainFlow || flow instanceof HalfOpenFlow
      const client = this.#addresses.of(plain ? flow.addressKey(false) : addressKey(flow.client.address))
      const server = this.#addresses.of(plain ? flow.addressKey(true) : addressKey(flow.server.address))
      const service = this.#services.of(server * PORTS + (plain ? flow.serverPort : flow.server.port))
      this.#client[n] = client
      this.#service[n] = service
    })
  }

  /** The flows that rule `id` needs to see. */
  for(id: FindingId): readonly Flow[] {
    switch (id) {
      case 'syn-flood':
        return this.#those(10, this.#service, (flow) => !(flow instanceof PlainFlow))
      case 'scan':
        return this.#those(10, this.#client, (flow) => !(flow instanceof PlainFlow) || !flow.hasData)
      case 'port-exhaustion':
        return this.#those(100, this.#client, (flow) => waitsOn(flow, 'client'))
      case 'time-wait':
        return this.#those(8, this.#hosts(), (flow) => waitsOn(flow, 'client') || waitsOn(flow, 'server'))
      default:
        return this.flows.map((flow, n) => this.#seen(flow, n))
    }
  }

  /** The end that closed first and the service's port, numbered. */
  #hosts(): Int32Array {
    const hosts = new Numbers()
    const numbers = new Int32Array(this.flows.length)
    this.flows.forEach((flow, n) => {
      if (flow instanceof HalfOpenFlow) return
      const port = flow instanceof PlainFlow ? flow.serverPort : flow.server.port
      numbers[n] = waitsOn(flow, 'server')
        ? hosts.of(-1 - this.#serviceOf(n))
        : hosts.of(this.#clientOf(n) * PORTS + port)
    })
    return numbers
  }

  /** Flows that are not plain, and plain ones of groups in which at least so many do. */
  #those(least: number, group: Int32Array, counts: (flow: Flow) => boolean): readonly Flow[] {
    const sizes = new Int32Array(1 + group.reduce((most, number) => Math.max(most, number), 0))
    this.flows.forEach((flow, n) => {
      const number = group[n] ?? 0
      if (counts(flow)) sizes[number] = (sizes[number] ?? 0) + 1
    })
    const those: Flow[] = []
    this.flows.forEach((flow, n) => {
      const large = (sizes[group[n] ?? 0] ?? 0) >= least
      if (large || !(flow instanceof PlainFlow || flow instanceof HalfOpenFlow))
        those.push(this.#seen(flow, n))
    })
    return those
  }

  #clientOf(n: number): number {
    return this.#client[n] as number
  }
  #serviceOf(n: number): number {
    return this.#service[n] as number
  }

  #seen(flow: Flow, n: number): Flow {
    if (!(flow instanceof PlainFlow)) return flow
    const known = this.#standIns[n]
    if (known !== undefined) return known
    const client = this.#ends[this.#clientOf(n)] ?? flow.client
    const server = this.#served[this.#serviceOf(n)] ?? flow.server
    this.#ends[this.#clientOf(n)] = client
    this.#served[this.#serviceOf(n)] = server
    const made = new StandIn(flow, client, server)
    this.#standIns[n] = made
    return made
  }
}

const waitsOn = (flow: Flow, side: 'client' | 'server'): boolean =>
  flow instanceof PlainFlow
    ? flow.closedFirst === side
    : !(flow instanceof HalfOpenFlow) && flow.spans[side].some(({ state }) => state === 'TIME_WAIT')

/** As `PlainFlow.addressKey()` has it. */
export function addressKey(address: string): string | number {
  const parsed = parseAddress(address)
  return parsed?.version === 4 ? parsed.words[3] : address
}
