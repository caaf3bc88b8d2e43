/**
 * Which rows of a connection findings about others, or about many, still ask for when every rule has looked at it by itself
 * (`alone.ts`).
 *
 * In: a flow. Out: some of its rows, in their order. Whoever asks whether it has a row of some kind, which one is the first of
 * that kind, which is its first and its last, or how many segments with SYN it has, gets the same answer.
 */
import type { Flow, PacketRow, Side } from '../report.js'
import { has, isReset } from './evidence.js'
import { lookAt } from './look.js'
import { provesServer } from './lost-elsewhere.js'

export function excerptOf(flow: Flow): readonly PacketRow[] {
  const { rows, syns, resets } = lookAt(flow)
  const wanted = new Set<PacketRow | undefined>([flow.rows[0], flow.rows.at(-1), ...syns])
  for (const { from, is } of FIRST_OF)
    wanted.add(rows.find((row) => (from === null || row.from === from) && is(row)))
  wanted.add(resets.find(({ from }) => from === 'server'))
  wanted.add(resets.find((row) => row.from === 'server' && has(row, 'A') && row.seq !== 0))
  for (const row of firstOfEachCapture(flow.rows)) wanted.add(row)
  return flow.rows.filter((row) => wanted.has(row))
}

const FIRST_OF: readonly { readonly from: Side | null; is(row: PacketRow): boolean }[] = [
  // Was it heard of, did it say more than SYN, did anything carry text?
  { from: 'client', is: (row) => !has(row, 'S') },
  { from: 'server', is: (row) => !has(row, 'S') },
  { from: 'server', is: (row) => !isReset(row) },
  { from: null, is: ({ len }) => len > 0 },
  { from: 'server', is: (row) => row.len > 0 || has(row, 'F') },
  { from: 'client', is: (row) => has(row, 'F') && !isReset(row) },
  { from: 'server', is: (row) => has(row, 'F') && !isReset(row) },
  { from: null, is: provesServer },
]

function firstOfEachCapture(rows: readonly PacketRow[]): readonly PacketRow[] {
  const captures = new Map<number, PacketRow>()
  for (const row of rows) if (!captures.has(row.capture)) captures.set(row.capture, row)
  return [...captures.values()]
}
