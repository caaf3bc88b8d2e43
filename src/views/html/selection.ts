/**
 * What goes into the page when there is more than it can show smoothly, and what was left out.
 *
 * In: a report. Out: the flows kept, in order, and the rows kept of a flow with the gaps between them.
 */
import type { Flow, PacketRow, Report, Severity } from '../../report.js'
import { VERDICTS } from '../../report.js'
import type { Gap } from './data.js'

export interface Limits {
  readonly flows: number
  /** Packets of one flow. */
  readonly rows: number
  /** Packets of all flows together: what a browser reads within a second or two. */
  readonly allRows: number
  readonly findings: number
  readonly hosts: number
}
export const LIMITS: Limits = { flows: 2000, rows: 5000, allRows: 120_000, findings: 500, hosts: 24 }

const WEIGHT: Readonly<Record<Severity, number>> = { problem: 3, warning: 2, note: 1 }

/** Those with findings first, then by verdict, the worst first; given back in their own order. */
export const chosenFlows = (report: Report, most: number): readonly Flow[] => {
  if (report.flows.length <= most) return report.flows
  const weight = new Map<number, number>()
  for (const { severity, flow, flows } of report.findings)
    for (const each of flow === null ? flows : [flow, ...flows])
      weight.set(each, Math.max(weight.get(each) ?? 0, WEIGHT[severity]))
  const rank = (flow: Flow): number =>
    VERDICTS.indexOf(flow.verdict) - (weight.get(flow.flow) ?? 0) * VERDICTS.length
  return report.flows
    .toSorted((a, b) => rank(a) - rank(b) || a.flow - b.flow)
    .slice(0, most)
    .sort((a, b) => a.flow - b.flow)
}

/** How many rows every flow may have so that all together stay below a limit: small flows keep all of theirs. */
export const rowsEach = (flows: readonly Flow[], limits: Limits): number => {
  let left = limits.allRows
  const sizes = flows.map(({ rows }) => Math.min(rows.length, limits.rows)).sort((a, b) => a - b)
  for (const [index, size] of sizes.entries()) {
    const share = Math.floor(left / (sizes.length - index))
    if (size > share) return share
    left -= size
  }
  return limits.rows
}

const eventful = (row: PacketRow): boolean =>
  row.client.state !== row.client.was ||
  row.server.state !== row.server.was ||
  row.received === false ||
  /[SFR]/.test(row.flags)

/** 2: a state changed or a packet was lost; 1: something is to be said; 0: a packet like any other. */
const interest = (row: PacketRow): number => (eventful(row) ? 2 : row.notes.length > 0 ? 1 : 0)

/** The rows of most interest, at most `most`; among equals the earlier ones and, of the uneventful, also the last ones. */
export const chosenRows = (
  rows: readonly PacketRow[],
  most: number,
): { readonly kept: readonly PacketRow[]; readonly gaps: readonly Gap[] } => {
  if (rows.length <= most) return { kept: rows, gaps: [] }
  const tail = rows.length - Math.floor(most / 10)
  const order = rows
    .map((row, index) => ({ index, rank: interest(row) + (index >= tail ? 0.5 : 0) }))
    .sort((a, b) => b.rank - a.rank || a.index - b.index)
  const chosen = new Set(order.slice(0, most).map(({ index }) => index))
  const kept: PacketRow[] = []
  const gaps: Gap[] = []
  let run: PacketRow[] = []
  const flush = (): void => {
    const [first, last] = [run[0], run[run.length - 1]]
    if (first !== undefined && last !== undefined)
      gaps.push({ before: kept.length, count: run.length, first: first.packet, last: last.packet })
    run = []
  }
  rows.forEach((row, index) => {
    if (!chosen.has(index)) {
      run.push(row)
      return
    }
    flush()
    kept.push(row)
  })
  flush()
  return { kept, gaps }
}
