/**
 * What lies behind each row of a flow, from one side: found once for all rows, because a flow can hold 100,000 RSTs.
 *
 * In: rows in capture order, a side, and which of its rows count. Out: answers by index.
 */
import type { PacketRow, Side } from '../report.js'
import { carries } from './evidence.js'

export interface Behind {
  /** Of the rows that count, at `index` or behind it. -Infinity and Infinity: there is none. */
  readonly latest: (index: number) => number
  readonly highest: (index: number) => number
  readonly lowest: (index: number) => number
  /** One of them carries text or a FIN. */
  readonly text: (index: number) => boolean
}

export function behind(rows: readonly PacketRow[], side: Side, counts: (row: PacketRow) => boolean): Behind {
  const size = rows.length + 1
  // Most flows have a few rows: memory of its own for each typed array would take longer than all else.
  const latest = new Array<number>(size)
  const highest = new Array<number>(size)
  const lowest = new Array<number>(size)
  const text = new Array<boolean>(size)
  latest[rows.length] = Number.NEGATIVE_INFINITY
  highest[rows.length] = Number.NEGATIVE_INFINITY
  lowest[rows.length] = Number.POSITIVE_INFINITY
  text[rows.length] = false
  for (let index = size - 2; index >= 0; index--) {
    const row = rows[index] as PacketRow
    const next = index + 1
    const own = row.from === side && counts(row)
    latest[index] = own ? Math.max(row.at, latest[next] as number) : (latest[next] as number)
    highest[index] = own ? Math.max(row.relativeSeq, highest[next] as number) : (highest[next] as number)
    lowest[index] = own ? Math.min(row.relativeSeq, lowest[next] as number) : (lowest[next] as number)
    text[index] = (own && carries(row)) || text[next] === true
  }
  return {
    latest: (index) => latest[index] as number,
    highest: (index) => highest[index] as number,
    lowest: (index) => lowest[index] as number,
    text: (index) => text[index] === true,
  }
}

/** The first row of each side that counts, as an index; Infinity: none does. */
export function firstOf(
  rows: readonly PacketRow[],
  counts: (row: PacketRow) => boolean,
): Readonly<Record<Side, number>> {
  const first = (side: Side): number => {
    const index = rows.findIndex((row) => row.from === side && counts(row))
    return index < 0 ? Number.POSITIVE_INFINITY : index
  }
  return { client: first('client'), server: first('server') }
}
