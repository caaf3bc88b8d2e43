/**
 * Which connections a rule that counts needs to see: those of a server, a client, a pair of them, that has enough.
 *
 * In: the flows of a report. Out: their hosts and services as numbers, and for each counting rule the places of its
 * flows. Such a rule speaks from a number of connections on: a group with fewer can't make it speak, and is left out. The
 * numbers lie at or below those of `diagnose/`; a property test compares the findings.
 */

import type { Seen } from '../diagnose/rule.js'
import type { Address } from '../flow/conversation.js'
import { captureWatchedUntil, type Flow, type FlowEnd } from '../report.js'
import { parseAddress } from '../wire/address.js'
import { addressWord, endOf, portsOf } from './address.js'
import type { Explained } from './explained.js'
import { type FlowList, REPLAYED, UNOPENED } from './flow-list.js'
import { Numbering } from './numbering.js'
import { OUTCOMES } from './outcome.js'
import { PlainFlow } from './plain-flow.js'
import { StandIn } from './stand-in.js'
import { bytesIn } from './summary.js'

/** What is counted, a bit each. TIME_WAIT at its client, at its server. */
export const CLIENT_WAITS = 1
export const SERVER_WAITS = 2
/** Nothing but SYNs came from its client: a part of a flood, perhaps. */
const MAY_BE_LONE = 4
/** Not known to have carried data: a part of a scan, perhaps. */
const MAY_BE_UNUSED = 8

/** Places of a list's flows. */
export type Places = readonly number[]

export class Groups {
  readonly #addresses = new Numbering()
  readonly #hosts = new Map<string, number>()
  readonly #services = new Numbering()
  /** Of each flow: its client, its server, its server and port, numbered; what counts of it. */
  readonly client: Int32Array
  readonly server: Int32Array
  readonly service: Int32Array
  readonly marks: Uint8Array
  readonly #ends: FlowEnd[] = []
  readonly #served: FlowEnd[] = []
  readonly #standIns: StandIn[] = []

  constructor(
    readonly list: FlowList,
    private readonly seen: Pick<Seen, 'captures' | 'endAt'>,
    /** All connections are told; else few of one port stand for many. */
    private readonly isWhole = true,
  ) {
    this.client = new Int32Array(list.length)
    this.server = new Int32Array(list.length)
    this.service = new Int32Array(list.length)
    this.marks = new Uint8Array(list.length)
    this.#fill()
  }

  /** One loop, and in it all that is asked of nearly all: what V8 compiles for it, it compiles once. */
  #fill(): void {
    const { list, client, server, service, marks } = this
    const addresses = this.#addresses
    for (let n = 0; n < list.length; n++) {
      const outcome = list.outcome[n] as number
      if (outcome === REPLAYED) {
        this.#replayed(n, list.exampleOf(n))
        continue
      }
      const row = list.row(n)
      const { page, base } = row
      if (row.version === 4) {
        // The server's first: hosts that many share are found sooner when they have low numbers.
        const host = addresses.of(addressWord(row, true), WORD)
        server[n] = host
        client[n] = addresses.of(addressWord(row, false), WORD)
        service[n] = this.#services.of(host, portsOf(row) & 0xffff)
      } else this.#named(n, endOf(row, false), endOf(row, true))
      if (outcome === UNOPENED) marks[n] = MAY_BE_LONE | MAY_BE_UNUSED
      else marks[n] = (WAITS[outcome] as number) | (bytesIn(list.plain, page, base) === 0 ? MAY_BE_UNUSED : 0)
    }
  }

  #replayed(n: number, { client, server, spans, rows }: Flow): void {
    this.#named(n, client, server)
    const isLone = rows.every(({ from, flags }) => from === 'server' || flags.includes('S'))
    this.marks[n] =
      MAY_BE_UNUSED |
      (isLone ? MAY_BE_LONE : 0) |
      (waits(spans.client) ? CLIENT_WAITS : 0) |
      (waits(spans.server) ? SERVER_WAITS : 0)
  }

  #named(n: number, client: Address, server: Address): void {
    const host = this.#hostOf(server.address)
    this.server[n] = host
    this.client[n] = this.#hostOf(client.address)
    this.service[n] = this.#services.of(host, server.port)
  }

  #hostOf(address: string): number {
    const known = this.#hosts.get(address)
    if (known !== undefined) return known
    const parsed = parseAddress(address)
    const host =
      parsed?.version === 4
        ? this.#addresses.of(parsed.words[3], WORD)
        : this.#addresses.of(this.#hosts.size, TEXT)
    this.#hosts.set(address, host)
    return host
  }

  /** The server's port. */
  portOf(n: number): number {
    return this.#services.second(this.service[n] as number)
  }

  /** Until when the capture was watched that it begins in: seconds as in `Segment.at`. */
  firstWatchedUntil(n: number): number {
    const first = this.seen.captures.length === 1 ? 0 : this.list.firstCapture(n)
    return captureWatchedUntil(first, this.seen)
  }

  /** How many hosts, and services, there are. */
  get addresses(): number {
    return this.#addresses.count
  }
  get services(): number {
    return this.#services.count
  }

  /** What the rule `syn-flood` needs to see. */
  get maybeFlooded(): Places {
    // Of those that are summed up there were many more.
    const couldHaveGoneOn = (n: number): boolean =>
      this.isWhole && this.firstWatchedUntil(n) - this.list.startAt(n) > AGAIN
    return this.#those(this.isWhole ? 10 : 5, this.service, MAY_BE_LONE, couldHaveGoneOn)
  }

  /** What the rule `scan` needs to see. */
  get maybeScanning(): readonly Flow[] {
    return this.#seen(this.#those(10, this.client, MAY_BE_UNUSED))
  }

  /** What the rule `port-exhaustion` needs to see. */
  get maybeExhausted(): readonly Flow[] {
    // A route has no more than its client: mostly no client has enough, and routes need not be numbered.
    const group = this.counted(this.client, CLIENT_WAITS).most < ROUTE ? this.client : this.#routes()
    return this.#seen(this.#those(ROUTE, group, CLIENT_WAITS))
  }

  /**
   * What the rule `capture-partial` needs to see, without those that are `known`: no plain connection is in a state that
   * it passes through.
   */
  maybePartial(known: Explained | null): readonly Flow[] {
    const { outcome, number, length } = this.list
    const those: number[] = []
    for (let n = 0; n < length; n++) {
      const own = outcome[n] as number
      const mayBe = own === UNOPENED || own === REPLAYED || BEGINS_IN_MIDDLE[own] === 1
      if (mayBe && !known?.has(number[n] as number)) those.push(n)
    }
    return this.#seen(those)
  }

  /** Client, server and port, numbered. */
  #routes(): Int32Array {
    const routes = new Numbering()
    return this.client.map((client, n) => routes.of(client, this.service[n] as number))
  }

  /** Of each group how many flows have the mark, and how many that are at most. */
  counted(group: Int32Array, mark: number): { readonly counts: Int32Array; readonly most: number } {
    const { marks } = this
    // There are no more groups of a kind: each flow has two hosts, one service, one route.
    const counts = new Int32Array(Math.max(this.addresses, marks.length))
    let most = 0
    for (let n = 0; n < marks.length; n++) {
      if (((marks[n] as number) & mark) === 0) continue
      const count = (counts[group[n] as number] as number) + 1
      counts[group[n] as number] = count
      if (count > most) most = count
    }
    return { counts, most }
  }

  /**
   * Flows that were replayed, and others of groups in which at least so many have the mark, and half as many as there
   * are of those that they are `amongst`.
   */
  #those(
    least: number,
    group: Int32Array,
    mark: number,
    amongst: ((n: number) => boolean) | null = null,
  ): Places {
    const { outcome, length, replayedAt } = this.list
    const { counts, most } = this.counted(group, mark)
    if (most < least) return replayedAt
    const all = new Int32Array(counts.length)
    if (amongst !== null)
      for (let n = 0; n < length; n++)
        if (amongst(n)) all[group[n] as number] = (all[group[n] as number] as number) + 1
    const those: number[] = []
    for (let n = 0; n < length; n++) {
      const count = counts[group[n] as number] as number
      const isLarge = count >= least && 2 * count >= (all[group[n] as number] as number)
      if (isLarge || outcome[n] === REPLAYED) those.push(n)
    }
    return those
  }

  /** The flows, plain ones by their stand-ins. */
  #seen(those: Places): readonly Flow[] {
    return those.map((n) => this.#standIns[n] ?? this.#standInFor(n, this.list.flow(n)))
  }

  #standInFor(n: number, flow: Flow): Flow {
    if (!(flow instanceof PlainFlow)) return flow
    const client = this.#ends[this.client[n] as number] ?? flow.client
    const server = this.#served[this.service[n] as number] ?? flow.server
    this.#ends[this.client[n] as number] = client
    this.#served[this.service[n] as number] = server
    const made = new StandIn(flow, client, server)
    this.#standIns[n] = made
    return made
  }
}

/** An address is a word, or the number of its text. */
const WORD = 4
const TEXT = 6

/** Connections of a route, below those that `diagnose/port-exhaustion.ts` asks for. */
const ROUTE = 100

/** Seconds, above those after which `diagnose/syn-flood.ts` expects a real client to have gone on. */
const AGAIN = 1.5

/** Of each outcome which side waits. */
const WAITS = Uint8Array.from(OUTCOMES, ({ closedFirst }) =>
  closedFirst === null ? 0 : closedFirst === 'client' ? CLIENT_WAITS : SERVER_WAITS,
)
const BEGINS_IN_MIDDLE = Uint8Array.from(OUTCOMES, ({ beginsInMiddle }) => (beginsInMiddle ? 1 : 0))
const waits = (spans: Flow['spans']['client']): boolean => spans.some(({ state }) => state === 'TIME_WAIT')
