/**
 * Plain connections that tell a rule about one that did not come about what else was heard of its server's host.
 *
 * In: flows by groups. Out: the flows that such a rule needs to see: those that did not go plainly; and of the hosts that
 * they tried to reach one plain connection for each of their ports, and one of their own.
 */
import type { Flow } from '../report.js'
import type { Explained } from './explained.js'
import { REPLAYED, UNOPENED } from './flow-list.js'
import type { Groups } from './groups.js'

export class Witnesses {
  #places: readonly number[] | null = null

  constructor(private readonly groups: Groups) {}

  /** With the others, in order; without those that are `known`. */
  besideOthers(known: Explained | null): readonly Flow[] {
    const { list } = this.groups
    this.#places ??= placesOf(this.groups)
    const flows: Flow[] = []
    for (const n of this.#places) if (!known?.has(list.number[n] as number)) flows.push(list.flow(n))
    return flows
  }
}

function placesOf({ list, client, server, service, addresses, services }: Groups): readonly number[] {
  // Nothing was tried in vain.
  if (list.replayed.length === 0 && list.examples.length === 0) return []
  const isPlain = (n: number): boolean => list.outcome[n] !== UNOPENED && list.outcome[n] !== REPLAYED
  const isWanted = new Uint8Array(addresses)
  const isHeard = new Uint8Array(addresses)
  const isServing = new Uint8Array(services)
  for (let n = 0; n < list.length; n++) if (!isPlain(n)) isWanted[server[n] as number] = 1
  const places: number[] = []
  for (let n = 0; n < list.length; n++) {
    const [host, port, own] = [server[n] as number, service[n] as number, client[n] as number]
    if (!isPlain(n)) places.push(n)
    else if (isWanted[host] === 1 && isServing[port] === 0) {
      isServing[port] = 1
      places.push(n)
    } else if (isWanted[own] === 1 && isHeard[own] === 0) {
      isHeard[own] = 1
      places.push(n)
    }
  }
  return places
}
