/** Ctrl-C while a large capture's connections are replayed is heard, and what is told by then is true. */
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
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
    const report = await annotated([file], interrupting(), {
      begin: () => {},
      row: (row) => rows.push(row as PacketRow),
      plainRow: (kind, numbers) => rows.push(rowOf(kind, numbers)),
      rowLike: (example) => rows.push(example),
      flow: () => {},
      plainFlow: () => {},
    })
    expect(report.interrupted).toBe(true)
    expect(rows.length).toBe(report.flows.reduce((sum, flow) => sum + flow.packets, 0))
    expect(rows.length).toBeLessThan(packets.length)
  })

  it('annotated() of several captures tells how far each was looked at', async () => {
    const half = Math.floor(packets.length / 2)
    const files = [reset.slice(0, half), reset.slice(half)].map((part, n) => {
      const name = join(folder, `part${n}.pcap`)
      writeFileSync(name, pcapOf(part, wishes))
      return name
    })
    const abort = new AbortController()
    const rows: string[] = []
    const row = ({ packet, capture }: Pick<PacketRow, 'packet' | 'capture'>): void => {
      rows.push(startOf({ packet, capture }))
      // Some way into the second capture.
      if (capture === 1 && packet > 200) abort.abort()
    }
    const report = await annotated(
      files,
      { signal: abort.signal },
      {
        begin: () => {},
        row,
        plainRow: (_kind, numbers) => row(numbers),
        rowLike: (_example, numbers) => row(numbers),
        flow: () => {},
        plainFlow: () => {},
      },
    )
    expect(report.interrupted).toBe(true)
    const [one = 0, two = 0] = report.captures.map((capture) => capture.packets)
    expect(one).toBe(half)
    expect(two).toBeGreaterThan(200)
    expect(two).toBeLessThan(packets.length - half)
    expect(rows.length).toBe(one + two)
    expect(rows.at(-1)).toBe(`1 ${two}`)
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
  const other = join(folder, 'other.pcap')
  const changed = { name: 'CaptureError', code: 'changed', file: other }
  const whole = pcapOf(reset, wishes)
  /** The same packets behind some of another connection, as in the next file of a ring. */
  const longer = pcapOf([...reset.slice(20, 40), ...reset], wishes)
  const none = {
    begin: () => {},
    row: () => {},
    plainRow: () => {},
    rowLike: () => {},
    flow: () => {},
    plainFlow: () => {},
  }

  /** Both ways that read twice, while `meddle` is called between the readings. */
  const ways = (meddle: () => void) => {
    const afresh = () => {
      writeFileSync(other, whole)
      return { replaying: meddle }
    }
    return [
      () => annotated([other], afresh(), none),
      () => chosen([other], afresh(), { stays: null, wanted: (flows) => flows }),
    ] as const
  }

  it.each([
    ['a shorter one', () => writeFileSync(other, pcapOf(reset.slice(0, 50), wishes))],
    ['a longer one', () => writeFileSync(other, longer)],
    [
      'a longer one in its place',
      () => {
        writeFileSync(`${other}.new`, longer)
        renameSync(`${other}.new`, other)
      },
    ],
    ['one of the same size', () => writeFileSync(other, pcapOf([...reset].reverse(), wishes))],
  ])('%s: annotated() and chosen() do not tell a mixture', async (_what, meddle) => {
    for (const way of ways(meddle)) await expect(way()).rejects.toMatchObject(changed)
  })

  it('one that grew is told as far as it was read at first', async () => {
    for (const way of ways(() => appendFileSync(other, whole.subarray(24)))) {
      const report = await way()
      expect(report.captures[0]?.packets).toBe(packets.length)
      expect(report.flows.reduce((sum, flow) => sum + flow.packets, 0)).toBe(packets.length)
    }
  })
})
