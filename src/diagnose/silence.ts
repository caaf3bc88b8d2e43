/**
 * The tries of one end that nobody answered up to the end of the capture, or up to its giving up.
 *
 * In: a flow. Out: the rows of the tries, by whom and since when; null when the peer was heard of afterwards.
 */
import { type Flow, type PacketRow, SIDES, type Side } from '../report.js'
import { has, isReset, isSyn, lengthOf, probesIn, realRows } from './evidence.js'
import { opposite } from './rule.js'

export interface Unanswered {
  readonly side: Side
  readonly tries: readonly PacketRow[]
  /** Seconds as in `PacketRow.at`: the last that came from the peer. */
  readonly heardAt: number
  /** Seconds between the last packet of anybody and the first try. */
  readonly idle: number
  readonly by: 'keep-alive' | 'retransmission' | 'window-probe' | 'fin'
}

/** Fewer may still be answered. */
const TRIES = 3
const PROBES = 2

export function unanswered(flow: Flow): Unanswered | null {
  const rows = realRows(flow)
  for (const side of SIDES) {
    const heard = rows.findLastIndex((row) => row.from === opposite(side))
    const last = rows[heard]
    if (last === undefined) continue
    const after = rows.slice(heard + 1).filter((row) => row.from === side && !isReset(row))
    if (after.length < PROBES) continue
    const probes = new Set(probesIn(flow)[side].map(({ row }) => row))
    const alive = after.filter((row) => probes.has(row))
    const shut = last.window === 0 && !isSyn(last)
    if (alive.length >= PROBES) {
      const [first] = alive
      return found(side, alive, last, rows, first, shut ? 'window-probe' : 'keep-alive')
    }
    const sent = after.filter((row) => lengthOf(row) > 0 && !has(row, 'S'))
    const [first] = sent
    if (first === undefined) continue
    // The first bytes that were not answered, again and again.
    const again = sent.filter((row) => row.relativeSeq <= first.relativeSeq)
    if (again.length >= TRIES) {
      const by = shut ? 'window-probe' : has(first, 'F') && first.len === 0 ? 'fin' : 'retransmission'
      return found(side, again, last, rows, first, by)
    }
  }
  return null
}

function found(
  side: Side,
  tries: readonly PacketRow[],
  last: PacketRow,
  rows: readonly PacketRow[],
  first: PacketRow | undefined,
  by: Unanswered['by'],
): Unanswered {
  const before = first === undefined ? undefined : rows[rows.indexOf(first) - 1]
  return {
    side,
    tries,
    heardAt: last.at,
    idle: first === undefined || before === undefined ? 0 : first.at - before.at,
    by,
  }
}
