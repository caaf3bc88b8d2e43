/**
 * Plain connections on the 4-tuple of one that is not plain: what one leaves to the next only the full replay tells.
 *
 * In: all rows, when no more packets will come. Out: the same, of which more are escalated: of each 4-tuple all or none.
 */
import { isHalfOpen } from './half-open-kinds.js'
import { isEscalated, type PlainFlows } from './plain-flows.js'
import type { FlowTable } from './table.js'

/** What never came about is not plain either, behind another on the same ports. */
export function escalateTied(flows: PlainFlows): void {
  for (const table of [flows.v4, flows.v6]) if (table.reused > 0) escalateTiedIn(flows, table)
}

function escalateTiedIn(flows: PlainFlows, table: FlowTable): void {
  const isFollowed = new Uint8Array(table.count)
  for (let row = 0; row < table.count; row++) {
    const before = table.before(row)
    if (before >= 0) isFollowed[before] = 1
  }
  for (let row = 0; row < table.count; row++) {
    if (isFollowed[row] === 1 || table.before(row) < 0) continue
    const isOdd = (one: number): boolean => isEscalated(table.at(one)) || isHalfOpen(table.at(one))
    let needs = false
    for (let one = row; one >= 0 && !needs; one = table.before(one)) needs = isOdd(one)
    if (needs) flows.escalateFrom(table, row)
  }
}
