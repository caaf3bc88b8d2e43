/** What rules say of a connection must be the same when its ordinary rows are only counted. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { Eventful } from '../../src/diagnose/eventful.js'
import { DIAGNOSES } from '../../src/diagnose/index.js'
import { lookAt } from '../../src/diagnose/look.js'
import type { Flow, PacketRow } from '../../src/report.js'
import { download } from '../lossy-download.js'
import { pcapOf, wish } from '../properties/traffic.js'

const folder = mkdtempSync(join(tmpdir(), 'bothends-eventful-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const lossy = join(folder, 'lossy.pcap')
const anyone = fc.sample(
  wish.map((each) => ({ ...each, stamps: true, scaled: true })),
  1,
)
writeFileSync(lossy, pcapOf(download({ rounds: 300, lossEvery: 20 }), anyone))
/** Its server sends for 16 s behind the client's FIN, and nothing happens in the middle. */
const half = join(folder, 'half-closed.pcap')
writeFileSync(half, pcapOf(download({ rounds: 800, lossEvery: 797, halfClosed: 0 }), anyone))

const samples = readdirSync('samples', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.pcap(ng)?$/.test(name))
  .map((name) => join('samples', name))

const kept = (rows: readonly PacketRow[], ...limits: readonly number[]): readonly PacketRow[] => {
  const eventful = new Eventful(...limits)
  eventful.add(rows)
  return eventful.rows()
}

it.each([...samples, lossy, half])('%s', async (file) => {
  const report = await analyze([file])
  const flows = report.flows.map((flow): Flow => ({ ...flow, rows: kept(flow.rows, 4, 64) }))
  for (const { id, find } of DIAGNOSES) expect([id, find({ ...report, flows })]).toEqual([id, find(report)])
})

it('counts what it leaves out', async () => {
  const [flow] = (await analyze([lossy])).flows
  const rows = kept(flow?.rows ?? [], 4, 64)
  // SYN and FIN stand among 300 rows on either side; 15 of 300 rounds lose one segment, each of which has some notes around it.
  expect(rows.length).toBeLessThan(1500)
  const { left } = lookAt({ ...(flow as Flow), rows })
  const sent = (side: 'client' | 'server') =>
    rows.filter((row) => row.from === side && (row.len > 0 || row.flags.includes('F'))).length +
    left.segments[side]
  expect([sent('client'), sent('server')]).toEqual([2, 300 * 12 + 15 + 1])
})

it.each([
  ['no more are kept', [64, 64, 700]],
  ['the packets that they name are too far away', [4, 4]],
])('knows that lost segments were captured when %s', async (_, limits) => {
  const report = await analyze([lossy])
  const flows = report.flows.map((flow): Flow => ({ ...flow, rows: kept(flow.rows, ...limits) }))
  const rule = DIAGNOSES.find(({ id }) => id === 'packet-loss')
  const [whole, few] = [rule?.find(report), rule?.find({ ...report, flows })]
  expect(whole).toMatchObject([{ args: { where: 'after', again: 15 } }])
  expect(few).toMatchObject([{ args: { where: 'after' } }])
})

it('keeps what shuts a window and what opens it', async () => {
  const report = await analyze([lossy])
  const [flow] = report.flows
  const all = flow?.rows ?? []
  const shut = (from: number, until: number) =>
    all.map((row, n) => (row.from === 'client' && n >= from && n < until ? { ...row, window: 0 } : row))
  const rule = DIAGNOSES.find(({ id }) => id === 'zero-window')
  for (const [from, until] of [
    [500, 4000],
    [2000, 2020],
    [2000, 4000],
    [5000, all.length],
  ] as const) {
    const find = (rows: readonly PacketRow[]) =>
      rule?.find({ ...report, flows: [{ ...(flow as Flow), rows }] })
    const found = find(shut(from, until))
    expect(found).toHaveLength(1)
    expect(find(kept(shut(from, until), 4, 64))).toEqual(found)
    // Also when no more rows are kept than those before.
    if (from < 700) expect(find(kept(shut(from, until), 4, 64, 700))).toEqual(found)
  }
})

it('keeps so many rows and the last ones, and counts no further', async () => {
  const [flow] = (await analyze([lossy])).flows
  const all = flow?.rows ?? []
  const rows = kept(all, 4, 64, 700)
  expect(rows.length).toBeLessThanOrEqual(700 + 64)
  expect(rows.slice(0, 10)).toEqual(all.slice(0, 10))
  expect(rows.at(-1)).toBe(all.at(-1))
})
