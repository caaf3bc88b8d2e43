/**
 * Connections on one 4-tuple: what one leaves to the next only the full replay tells.
 *
 * In: all rows, when no more packets will come. Out: the same, of which more are escalated: of each 4-tuple all or none. Which
 * plain ones have to be replayed together.
 */

import { firstPacket, isEscalated, type PlainFlows } from './plain-flows.js'
import { isUnopened } from './unopened-kinds.js'

/** The plain conversations of each 4-tuple, one after the other. There may be very many on one. */
export class Chains {
  /** By conversation the first and the next one on its 4-tuple, -1: none; null: each has its own. */
  readonly #first: Int32Array | null = null
  readonly #next: Int32Array
  /** By a chain's first conversation the one whose packets come now. */
  readonly #now: Int32Array

  constructor(private readonly flows: PlainFlows) {
    const count = flows.v4.reused + flows.v6.reused === 0 ? 0 : flows.count
    this.#next = new Int32Array(count).fill(-1)
    this.#now = Int32Array.from({ length: count }, (_, conversation) => conversation)
    if (count === 0) return
    const first = new Int32Array(count)
    for (let conversation = 0; conversation < count; conversation++) {
      const before = flows.conversationBefore(conversation)
      first[conversation] = before < 0 ? conversation : (first[before] as number)
      if (before >= 0) this.#next[before] = conversation
    }
    this.#first = first
  }

  /** Those of all 4-tuples that have several; as `of` has them. */
  several(): ReadonlyMap<number, readonly number[]> {
    const begun: number[] = []
    for (let conversation = 0; conversation < this.#next.length; conversation++)
      if ((this.#next[conversation] as number) >= 0) begun.push(conversation)
    return this.of(begun)
  }

  /** All that are on the same 4-tuples as these, the first one first; by the latest. */
  of(conversations: Iterable<number>): ReadonlyMap<number, readonly number[]> {
    const chains = new Map<number, readonly number[]>()
    const known = new Set<number>()
    for (const conversation of conversations) {
      const first = this.#first?.[conversation] ?? conversation
      if (known.has(first)) continue
      known.add(first)
      const chain = [first]
      for (let next = this.#next[first] ?? -1; next >= 0; next = this.#next[next] as number) chain.push(next)
      chains.set(chain[chain.length - 1] as number, chain)
    }
    return chains
  }

  /** Which one packet `number` over all captures belongs to, of those on the 4-tuple of `latest`. Packets come in order. */
  at(latest: number, number: number): number {
    if (this.#first === null) return latest
    const first = this.#first[latest] as number
    let now = this.#now[first] as number
    for (let next = this.#next[now] as number; next >= 0; next = this.#next[next] as number) {
      if (firstPacket(this.flows.look(next)) > number) break
      now = next
    }
    this.#now[first] = now
    return now
  }
}

/** Escalates all of a 4-tuple where one is not plain; what never came about is not, behind another. */
export function escalateTied(flows: PlainFlows, chains: Chains): void {
  const isOdd = (conversation: number): boolean => {
    const row = flows.look(conversation)
    return isEscalated(row) || isUnopened(row)
  }
  for (const [latest, chain] of chains.several())
    if (chain.some(isOdd)) flows.escalateFrom(flows.tableOf(latest), flows.rowOf(latest))
}
