/** Who a row is about. In: a conversation's row. Out: its ends as text, the first packet's sender first. */
import { communityIdOf, type End } from '../flow/community-id.js'
import type { Address } from '../flow/conversation.js'
import { formatAddress } from '../wire/address.js'
import type { FlowTable } from './table.js'

export function endOf(table: FlowTable, row: number, second: boolean): Address {
  const page = table.rows.page(row)
  const key = table.rows.base(row)
  const ports = page[key + table.keyWords - 2] as number
  const port = second ? ports & 0xffff : ports >>> 16
  const word = (at: number): number => page[key + at] as number
  if (table.version === 4) return { address: formatAddress(4, 0, 0, 0, word(second ? 1 : 0)), port }
  const at = second ? 4 : 0
  return { address: formatAddress(6, word(at), word(at + 1), word(at + 2), word(at + 3)), port }
}

/** Which tunnel, as a number of `PlainFlows.outers`. */
export const outerOf = (table: FlowTable, row: number): number =>
  table.rows.page(row)[table.rows.base(row) + table.keyWords - 1] as number

/** The last word of an address: for IPv4 all of it. */
export const addressWord = (table: FlowTable, row: number, second: boolean): number =>
  table.rows.page(row)[
    table.rows.base(row) + (table.version === 4 ? (second ? 1 : 0) : second ? 7 : 3)
  ] as number

/** The first end's port above, the second one's below. */
export const portsOf = (table: FlowTable, row: number): number =>
  table.rows.page(row)[table.rows.base(row) + table.keyWords - 2] as number

/** The name that Zeek and others have for its 4-tuple. */
export const communityIdIn = (table: FlowTable, row: number): string =>
  communityIdOf(wordsOf(table, row, false), wordsOf(table, row, true))

function wordsOf(table: FlowTable, row: number, second: boolean): End {
  const ports = portsOf(table, row)
  const port = second ? ports & 0xffff : ports >>> 16
  if (table.version === 4) return { words: [addressWord(table, row, second)], port }
  const key = table.rows.base(row) + (second ? 4 : 0)
  return { words: table.rows.page(row).subarray(key, key + 4), port }
}
