/** Ctrl-C while a large capture's connections are replayed is heard, and what is told by then is true. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { annotated, rowOf } from '../../src/annotated.js'
import { chosen } from '../../src/chosen.js'
import type { PacketRow } from '../../src/report.js'
import { survey } from '../../src/survey.js'
import { packetsOf, pcapOf, suffer, wish } from './traffic.js'

const folder = mkdtempSync(join(tmpdir(), 'bothends-interrupted-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const file = join(folder, 'made.pcap')
const wishes = fc.sample(wish, { numRuns: 400, seed: 5 })
const packets = suffer(wishes.flatMap(packetsOf), [])
/** Two thirds are reset, so they need the full replay. */
const reset = packets.map((packet) =>
  packet.connection % 3 > 0 && packet.flags === 17 ? { ...packet, flags: 20 } : packet,
)
writeFileSync(file, pcapOf(reset, wishes))

/** Options that interrupt as soon as anything is replayed. */
const interrupting = () => {
  const abort = new AbortController()
  return { signal: abort.signal, replaying: () => abort.abort() }
}

const startOf = ({ packet, capture }: Pick<PacketRow, 'packet' | 'capture'>): string => `${capture} ${packet}`

describe('interrupted while connections are replayed', () => {
  it('a survey tells those that needed no replay, and the others up to there', async () => {
    const whole = await analyze([file])
    const part = await survey([file], interrupting(), 0)
    expect(part.interrupted).toBe(true)
    expect(part.flows.length).toBeGreaterThan(0)
    expect(part.flows.length).toBeLessThan(whole.flows.length)
    const known = new Set(
      whole.flows.map(({ communityId, start, verdict }) => `${communityId} ${start} ${verdict}`),
    )
    for (const { communityId, start, verdict } of part.flows)
      expect(known).toContain(`${communityId} ${start} ${verdict}`)
  })

  it('annotated() tells their rows, and no others', async () => {
    const rows: PacketRow[] = []
    const report = await annotated(file, interrupting(), {
      begin: () => {},
      row: (row) => rows.push(row as PacketRow),
      plainRow: (kind, numbers) => rows.push(rowOf(kind, numbers)),
      flow: () => {},
    })
    expect(report.interrupted).toBe(true)
    expect(rows.length).toBe(report.flows.reduce((sum, flow) => sum + flow.packets, 0))
    expect(rows.length).toBeLessThan(packets.length)
  })

  it('chosen() gives only such as hold their packets', async () => {
    const report = await chosen([file], interrupting(), { stays: null, wanted: (flows) => flows })
    expect(report.interrupted).toBe(true)
    expect(report.flows.length).toBeGreaterThan(0)
    for (const flow of report.flows) expect(flow.rows).toHaveLength(flow.packets)
  })

  it('chosen() that had replayed the odd ones by then', async () => {
    const abort = new AbortController()
    let turns = 0
    const whole = await survey([file], { replaying: () => turns++ }, 0)
    const replaying = () => {
      if (--turns < 0) abort.abort()
    }
    const report = await chosen(
      [file],
      { signal: abort.signal, replaying },
      { stays: null, wanted: (flows) => flows },
    )
    expect(report.interrupted).toBe(true)
    expect(report.flows.length).toBeLessThan(whole.flows.length)
    for (const flow of report.flows) expect(new Set(flow.rows.map(startOf)).size).toBe(flow.packets)
  })
})

describe('written anew while it is read', () => {
  const shorter = join(folder, 'shorter.pcap')
  const cut = { replaying: () => writeFileSync(shorter, pcapOf(reset.slice(0, 50), wishes)) }
  const changed = { name: 'CaptureError', code: 'changed', file: shorter }

  it('annotated() and chosen() do not tell half of it as all', async () => {
    writeFileSync(shorter, pcapOf(reset, wishes))
    const told = { begin: () => {}, row: () => {}, plainRow: () => {}, flow: () => {} }
    await expect(annotated(shorter, cut, told)).rejects.toMatchObject(changed)
    writeFileSync(shorter, pcapOf(reset, wishes))
    const all = chosen([shorter], cut, { stays: null, wanted: (flows) => flows })
    await expect(all).rejects.toMatchObject(changed)
  })
})
