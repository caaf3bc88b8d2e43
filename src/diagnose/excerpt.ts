/**
 * The few rows of a connection that findings about others, or about many, still ask for when every rule has looked at it
 * by itself (`alone.ts`).
 *
 * In: a flow. Out: some of its rows, in their order. Whoever asks whether it has a row of some kind, which one is the first
 * of that kind, which is its first and its last, or how many segments with SYN it has, gets the same answer; a count of
 * lost text holds up to {@link MOST_LOST}.
 */
import type { Flow, PacketRow, Side } from '../report.js'
import { has, hasNote, isReset } from './evidence.js'
import { lookAt } from './look.js'
import { provesServer, wasLost } from './lost-elsewhere.js'

/** More SYN+ACKs than a kernel sends again (net.ipv4.tcp_synack_retries is 5): `handshake-not-completed.ts` compares the two. */
const MOST_LOST = 16

export function excerptOf(flow: Flow): readonly PacketRow[] {
  const { rows, syns, resets } = lookAt(flow)
  const wanted = new Set<PacketRow | undefined>([flow.rows[0], flow.rows.at(-1), ...syns])
  for (const { from, is } of FIRST_OF)
    wanted.add(rows.find((row) => (from === null || row.from === from) && is(row)))
  wanted.add(resets.find(({ from }) => from === 'server'))
  wanted.add(resets.find((row) => row.from === 'server' && has(row, 'A') && row.seq !== 0))
  for (const row of lostBehind(rows)) wanted.add(row)
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

/** Text of the client that was lost when the server had the connection. */
function lostBehind(rows: readonly PacketRow[]): readonly PacketRow[] {
  const proof = rows.findIndex(provesServer)
  const lost: PacketRow[] = []
  if (proof < 0 || !rows.some((row) => hasNote(row, NOT_RECEIVED))) return lost
  for (let n = proof + 1; n < rows.length && lost.length < MOST_LOST; n++) {
    const row = rows[n] as PacketRow
    if (row.from === 'client' && wasLost(row)) lost.push(row)
  }
  return lost
}
const NOT_RECEIVED = ['not-received'] as const

function firstOfEachCapture(rows: readonly PacketRow[]): readonly PacketRow[] {
  const captures = new Map<number, PacketRow>()
  for (const row of rows) if (!captures.has(row.capture)) captures.set(row.capture, row)
  return [...captures.values()]
}
