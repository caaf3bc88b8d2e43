/**
 * Connections on one 4-tuple: what one leaves to the next only the full replay tells.
 *
 * In: all rows, when no more packets will come. Out: the same, of which more are escalated: of each 4-tuple all or none. Which
 * plain ones have to be replayed together.
 */
import { isHalfOpen } from './half-open-kinds.js'
import { isEscalated, type PlainFlows } from './plain-flows.js'
import type { FlowTable } from './table.js'

/** What never came about is not plain either, behind another on the same ports. */
export function escalateTied(flows: PlainFlows): void {
  for (const table of [flows.v4, flows.v6]) if (table.reused > 0) escalateTiedIn(flows, table)
}

/** The conversations that are on the same 4-tuples as these, all with their places, the first one first; by the latest. */
export function chainsOf(
  flows: PlainFlows,
  conversations: Iterable<number>,
): ReadonlyMap<number, readonly number[]> {
  const later = new Map([flows.v4, flows.v6].map((table) => [table, followersIn(table)]))
  const chains = new Map<number, readonly number[]>()
  for (const conversation of conversations) {
    const table = flows.tableOf(conversation)
    const after = later.get(table) as Int32Array
    let latest = flows.rowOf(conversation)
    while ((after[latest] ?? 0) > 0) latest = (after[latest] as number) - 1
    const chain: number[] = []
    for (let row = latest; row >= 0; row = table.before(row)) chain.unshift(flows.conversationOf(table, row))
    chains.set(flows.conversationOf(table, latest), chain)
  }
  return chains
}

/** Of each row the one that took its place, plus one; empty where none did. */
function followersIn(table: FlowTable): Int32Array {
  const after = new Int32Array(table.reused === 0 ? 0 : table.count)
  for (let row = 0; row < after.length; row++) {
    const before = table.before(row)
    if (before >= 0) after[before] = row + 1
  }
  return after
}

function escalateTiedIn(flows: PlainFlows, table: FlowTable): void {
  const after = followersIn(table)
  for (let row = 0; row < table.count; row++) {
    if ((after[row] as number) > 0 || table.before(row) < 0) continue
    const isOdd = (one: number): boolean => isEscalated(table.at(one)) || isHalfOpen(table.at(one))
    let needs = false
    for (let one = row; one >= 0 && !needs; one = table.before(one)) needs = isOdd(one)
    if (needs) flows.escalateFrom(table, row)
  }
}
