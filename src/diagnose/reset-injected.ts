/**
 * A RST that does not come from the end whose address it bears: that end carries on as if it had sent none, or the
 * packet does not look like its others (TTL, IP identification, options). RFC 5961 section 3.
 */
import type { Finding, Flow, PacketRow } from '../report.js'
import { has, isReset, noteOf, realRows, wasOpen } from './evidence.js'
import { about, held, inEachFlow, opposite, type Rule } from './rule.js'

function injected(flow: Flow): Finding<'reset-injected'> | null {
  const rows = realRows(flow)
  if (!wasOpen(flow, 'client') && !wasOpen(flow, 'server')) return null
  const forged = rows.filter((row, index) => isReset(row) && isForged(rows, row, index))
  const [first] = forged
  if (first === undefined) return null
  const next = rows.find((row) => row.from === first.from && row.at > first.at && !isReset(row))
  const taken = forged.some(
    (row) => row[opposite(row.from)].state === 'CLOSED' && row[opposite(row.from)].was !== 'CLOSED',
  )
  return {
    ...about(flow, first.from, 'implied', [...forged.map(({ packet }) => packet), next?.packet ?? null]),
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

/** It says so, or its supposed sender goes on with data or a FIN of the same connection. */
function isForged(rows: readonly PacketRow[], reset: PacketRow, index: number): boolean {
  const later = rows.slice(index + 1)
  // In SYN_SENT a RST answers a wrong ACK, and the attempt goes on (section 3.10.7.3).
  if (reset[reset.from].was === 'SYN_SENT' || noteOf(reset, 'reset')?.form === 'bad-ack') return false
  const first = !rows.some((row, k) => k < index && row.from === reset.from && isReset(row))
  const after = later.filter((row) => row.from === reset.from && !isReset(row) && !has(row, 'S'))
  // What the RST overtook on the way comes soon, and lies below it.
  const goesOn = after.some((row) => row.at - reset.at > OVERTAKEN || row.relativeSeq >= reset.relativeSeq)
  if (noteOf(reset, 'reset')?.form === 'forged') return first && (goesOn || after.length === 0)
  if (bothWays(rows, reset, index)) return true
  // A bare RST may answer something old while its sender stays: only data or a FIN of its own tells.
  const before = rows.slice(0, index)
  return (
    before.some((row) => row.from === reset.from && !isReset(row)) &&
    goesOn &&
    after.some((row) => row.len > 0 || has(row, 'F')) &&
    reset[reset.from].state !== 'CLOSED' &&
    reset[reset.from].state !== 'LISTEN'
  )
}

/** Packets that were sent before it come at the latest so many seconds after it. */
const OVERTAKEN = 0.15

/** Bare RSTs for both ends at once: who gets a RST sends none, and an abort of its own would carry an ACK. */
const AT_ONCE = 0.05
const bothWays = (rows: readonly PacketRow[], reset: PacketRow, index: number): boolean =>
  !has(reset, 'A') &&
  rows.some(
    (row) =>
      isReset(row) && !has(row, 'A') && row.from !== reset.from && Math.abs(row.at - reset.at) < AT_ONCE,
  ) &&
  // Neither answers anything that was sent to it just before.
  !rows.some(
    (row, k) =>
      k < index &&
      row.len > 0 &&
      row.from !== reset.from &&
      row.ack === reset.seq &&
      reset.at - row.at < AT_ONCE,
  )

export const rule: Rule = {
  id: 'reset-injected',
  severity: 'problem',
  find: inEachFlow('reset-injected', injected, ({ host, peer, port }) => `${host} ${peer} ${port}`),
  explains: ['reset', 'half-open'],
}
