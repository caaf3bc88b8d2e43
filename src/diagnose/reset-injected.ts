/**
 * A RST that does not come from the end whose address it bears: that end carries on as if it had sent none, or the
 * packet does not look like its others (TTL, IP identification, options). RFC 5961 section 3.
 */
import type { Finding, Flow, PacketRow, Side } from '../report.js'
import { type Behind, behind, firstOf } from './behind.js'
import { has, isReset, noteOf, realRows, wasOpen } from './evidence.js'
import { about, held, inEachFlow, opposite, type Rule } from './rule.js'

function injected(flow: Flow): Finding<'reset-injected'> | null {
  const rows = realRows(flow)
  if (!wasOpen(flow, 'client') && !wasOpen(flow, 'server')) return null
  if (!rows.some(isReset)) return null
  const around = aroundResets(rows)
  const forged = rows.filter((row, index) => isReset(row) && isForged(rows, row, index, around))
  const [first] = forged
  if (first === undefined) return null
  const next = rows.find((row) => row.from === first.from && row.at > first.at && !isReset(row))
  const taken = forged.some(
    (row) => row[opposite(row.from)].state === 'CLOSED' && row[opposite(row.from)].was !== 'CLOSED',
  )
  return {
    ...about(flow, first.from, 'implied', [
      ...forged.slice(0, QUOTED).map(({ packet }) => packet),
      next?.packet ?? null,
    ]),
    id: 'reset-injected',
    severity: 'problem',
    args: { ...held(flow, first.from), taken },
    causes: [
      { code: 'middlebox', likelihood: 'likely' },
      { code: 'attack', likelihood: 'possible' },
      ...(taken ? [] : ([{ code: 'stale-reset', likelihood: 'possible' }] as const)),
    ],
  }
}

/** So many of them are quoted. */
const QUOTED = 24

interface Around {
  readonly firstReset: Readonly<Record<Side, number>>
  readonly firstOther: Readonly<Record<Side, number>>
  /** Rows that are neither a RST nor a SYN. */
  readonly others: Readonly<Record<Side, Behind>>
  /** When each side sent bare RSTs, in order. */
  readonly bare: Readonly<Record<Side, readonly number[]>>
}

function aroundResets(rows: readonly PacketRow[]): Around {
  const goesOn = (row: PacketRow): boolean => !isReset(row) && !has(row, 'S')
  const bare = (side: Side): number[] =>
    rows
      .filter((row) => row.from === side && isReset(row) && !has(row, 'A'))
      .map(({ at }) => at)
      .sort((a, b) => a - b)
  return {
    firstReset: firstOf(rows, isReset),
    firstOther: firstOf(rows, (row) => !isReset(row)),
    others: { client: behind(rows, 'client', goesOn), server: behind(rows, 'server', goesOn) },
    bare: { client: bare('client'), server: bare('server') },
  }
}

/** It says so, or its supposed sender goes on with data or a FIN of the same connection. */
function isForged(rows: readonly PacketRow[], reset: PacketRow, index: number, around: Around): boolean {
  // In SYN_SENT a RST answers a wrong ACK, and the attempt goes on (section 3.10.7.3).
  if (reset[reset.from].was === 'SYN_SENT' || noteOf(reset, 'reset')?.form === 'bad-ack') return false
  const first = around.firstReset[reset.from] >= index
  const after = around.others[reset.from]
  const latest = after.latest(index + 1)
  // What the RST overtook on the way comes soon, and lies below it.
  const goesOn = latest - reset.at > OVERTAKEN || after.highest(index + 1) >= reset.relativeSeq
  if (noteOf(reset, 'reset')?.form === 'forged') return first && (goesOn || !Number.isFinite(latest))
  if (bothWays(rows, reset, index, around)) return true
  // A bare RST may answer something old while its sender stays: only data or a FIN of its own tells.
  return (
    around.firstOther[reset.from] < index &&
    goesOn &&
    after.text(index + 1) &&
    reset[reset.from].state !== 'CLOSED' &&
    reset[reset.from].state !== 'LISTEN'
  )
}

/** Packets that were sent before it come at the latest so many seconds after it. */
const OVERTAKEN = 0.15

/** Bare RSTs for both ends at once: who gets a RST sends none, and an abort of its own would carry an ACK. */
const AT_ONCE = 0.05
const bothWays = (rows: readonly PacketRow[], reset: PacketRow, index: number, { bare }: Around): boolean =>
  !has(reset, 'A') &&
  nearest(bare[opposite(reset.from)], reset.at) < AT_ONCE &&
  // Neither answers anything that was sent to it just before.
  !rows
    .slice(Math.max(0, index - LOOK_BACK), index)
    .some(
      (row) => row.len > 0 && row.from !== reset.from && row.ack === reset.seq && reset.at - row.at < AT_ONCE,
    )

/** What a RST answers lies at most so many rows before it. */
const LOOK_BACK = 256

/** How far the nearest of `times`, in order, is from `at`, seconds. */
function nearest(times: readonly number[], at: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] as number) < at) low = middle + 1
    else high = middle
  }
  const before = times[low - 1] ?? Number.NEGATIVE_INFINITY
  const after = times[low] ?? Number.POSITIVE_INFINITY
  return Math.min(at - before, after - at)
}

export const rule: Rule = {
  id: 'reset-injected',
  severity: 'problem',
  find: inEachFlow('reset-injected', injected, ({ host, peer, port }) => `${host} ${peer} ${port}`),
  explains: ['reset', 'half-open'],
}
