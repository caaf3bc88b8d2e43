/**
 * Which connections a rule that counts needs to see: those of a server, a client, a pair of them, that has enough.
 *
 * In: all flows of a report. Out: for each counting rule its flows, in order, plain ones by their stand-ins. Such a rule
 * speaks from a number of connections on: a group with fewer can't make it speak, and is left out. The numbers lie
 * below those of `diagnose/`; a property test compares the findings.
 */
import type { FindingId, Flow, FlowEnd } from '../report.js'
import { parseAddress } from '../wire/address.js'
import { PlainFlow } from './plain-flow.js'
import { StandIn } from './stand-in.js'

/** Things that are alike, numbered from 0 and counted. */
class Tally {
  readonly #numbers = new Map<string | number, number>()
  #counts = new Int32Array(256)

  of(name: string | number): number {
    let number = this.#numbers.get(name)
    if (number === undefined) {
      number = this.#numbers.size
      this.#numbers.set(name, number)
      if (number === this.#counts.length) {
        const counts = new Int32Array(2 * number)
        counts.set(this.#counts)
        this.#counts = counts
      }
    }
    return number
  }

  count(number: number): void {
    this.#counts[number] = (this.#counts[number] ?? 0) + 1
  }

  enough(number: number, least: number): boolean {
    return number >= 0 && (this.#counts[number] ?? 0) >= least
  }
}

/** How a flow takes part: the number of its group, and whether it counts in it. */
interface Part {
  readonly group: number
  readonly counts: boolean
}
const NO_PART: Part = { group: -1, counts: false }

const PORTS = 65_536
/** There are never more addresses or services than this in a table of connections. */
const NUMBERS = 2 ** 26

export class Groups {
  readonly #addresses = new Tally()
  readonly #services = new Tally()
  readonly #client: Int32Array
  readonly #service: Int32Array
  readonly #ends: FlowEnd[] = []
  readonly #served: FlowEnd[] = []
  readonly #standIns: StandIn[] = []

  constructor(readonly flows: readonly Flow[]) {
    this.#client = new Int32Array(flows.length)
    this.#service = new Int32Array(flows.length)
    flows.forEach((flow, n) => {
      const plain = flow instanceof PlainFlow
      const client = this.#addresses.of(plain ? flow.addressKey(false) : keyOf(flow.client.address))
      const server = this.#addresses.of(plain ? flow.addressKey(true) : keyOf(flow.server.address))
      const service = this.#services.of(server * PORTS + (plain ? flow.serverPort : flow.server.port))
      this.#client[n] = client
      this.#service[n] = service
    })
  }

  /** The flows that rule `id` needs to see. */
  for(id: FindingId): readonly Flow[] {
    switch (id) {
      case 'syn-flood':
        return this.#those(10, (flow, n) => ({
          group: this.#serviceOf(n),
          counts: !(flow instanceof PlainFlow),
        }))
      case 'scan':
        return this.#those(10, (flow, n) => ({
          group: this.#clientOf(n),
          counts: !(flow instanceof PlainFlow) || !flow.hasData,
        }))
      case 'port-exhaustion':
        return this.#those(100, (flow, n) => this.#waiting(flow, n, 'client', true))
      case 'time-wait':
        return this.#those(8, (flow, n) =>
          waitsOn(flow, 'server')
            ? this.#waiting(flow, n, 'server', false)
            : this.#waiting(flow, n, 'client', false),
        )
      default:
        return this.flows.map((flow, n) => this.#seen(flow, n))
    }
  }

  /** Flows that are not plain, and plain ones of groups in which at least so many count. */
  #those(least: number, partOf: (flow: Flow, n: number) => Part): readonly Flow[] {
    const groups = new Tally()
    const numbers = new Int32Array(this.flows.length)
    this.flows.forEach((flow, n) => {
      const { group, counts } = partOf(flow, n)
      const number = group < 0 ? -1 : groups.of(group)
      numbers[n] = number
      if (counts) groups.count(number)
    })
    const those: Flow[] = []
    this.flows.forEach((flow, n) => {
      if (!(flow instanceof PlainFlow)) those.push(flow)
      else if (groups.enough(numbers[n] ?? -1, least)) those.push(this.#seen(flow, n))
    })
    return those
  }

  #waiting(flow: Flow, n: number, side: 'client' | 'server', route: boolean): Part {
    if (!waitsOn(flow, side)) return NO_PART
    const service = this.#serviceOf(n)
    if (side === 'server') return { group: NUMBERS * NUMBERS + service, counts: true }
    // By client and service, or by client and port alone.
    const to = route ? service : flow instanceof PlainFlow ? flow.serverPort : flow.server.port
    return { group: this.#clientOf(n) * NUMBERS + to, counts: true }
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
    : flow.spans[side].some(({ state }) => state === 'TIME_WAIT')

/** As `PlainFlow.addressKey()` has it. */
function keyOf(address: string): string | number {
  const parsed = parseAddress(address)
  return parsed?.version === 4 ? parsed.words[3] : address
}
