/**
 * Which rows of a connection findings about others, or about many, still ask for when every rule has looked at it by itself
 * (`alone.ts`).
 *
 * In: a flow. Out: some of its rows, in their order. Whoever asks whether it has a row of some kind, which one is the first of
 * that kind, which is its first and its last, or how many segments with SYN it has, gets the same answer.
 */
import type { Flow, PacketRow } from '../report.js'
import { carries, has, hasNote, isReset } from './evidence.js'
import { provesServer } from './lost-elsewhere.js'

export function excerptOf({ rows }: Flow): readonly PacketRow[] {
  const last = rows.length - 1
  const captures = new Set<number>()
  let wanted = FIRST_OF
  return rows.filter((row, index) => {
    const isEdge = index === 0 || index === last || !captures.has(row.capture)
    captures.add(row.capture)
    // Of a packet that was captured twice the first row counts.
    if (hasNote(row, COPY)) return isEdge
    const isFirst = wanted.some((is) => is(row))
    if (isFirst) wanted = wanted.filter((is) => !is(row))
    return isEdge || isFirst || has(row, 'S')
  })
}

const COPY = ['capture-duplicate'] as const

/** Of each kind the first. Was it heard of, did it say more than SYN, did anything carry text? */
const FIRST_OF: readonly ((row: PacketRow) => boolean)[] = [
  (row) => row.from === 'client' && !has(row, 'S'),
  (row) => row.from === 'server' && !has(row, 'S'),
  (row) => row.from === 'server' && !isReset(row),
  ({ len }) => len > 0,
  (row) => row.from === 'server' && carries(row),
  (row) => row.from === 'client' && has(row, 'F') && !isReset(row),
  (row) => row.from === 'server' && has(row, 'F') && !isReset(row),
  provesServer,
  (row) => row.from === 'server' && isReset(row),
  (row) => row.from === 'server' && isReset(row) && has(row, 'A') && row.seq !== 0,
]
