/** Two captures of the same connections must read alike, however far apart their clocks are. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { annotated } from '../../src/annotated.js'
import { chosen } from '../../src/chosen.js'
import type { Flow, Report } from '../../src/report.js'
import { survey } from '../../src/survey.js'
import { en } from '../../src/text/en/index.js'
import { footerLines } from '../../src/views/terminal/footer.js'
import { type Packet, packetsOf, pcapOf, type Wish, wish } from './traffic.js'

const folder = mkdtempSync(join(tmpdir(), 'bothends-clocks-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const SECOND = 1e9
/** Nanoseconds: the second capture's clock is ahead of the first one's. */
const ahead = fc.integer({ min: 1, max: 7 * 86_400 }).map((seconds) => seconds * SECOND + 1)

/** Whose packets tell a copy from what was sent again. */
const telling = wish.map((each): Wish => {
  const isUnnamed =
    each.ids === 'zero' || each.ids === 'random' || each.close === 'none' || each.ipVersion === 6
  return { ...each, stamps: each.stamps || isUnnamed, passed: 0 }
})

/** Both lie on the way, the second nearer to the server by so much. */
const farther = (packets: readonly Packet[], wishes: readonly Wish[], by: number): Packet[] =>
  packets
    .map((p) => {
      const way = (wishes[p.connection]?.far ?? 0) / 2
      return { ...p, at: Math.round(p.at + (p.from === 'client' ? way : -way) + by) }
    })
    .toSorted((a, b) => a.at - b.at)

const write = (name: string, packets: readonly Packet[], wishes: readonly Wish[]): string => {
  const file = join(folder, name)
  writeFileSync(file, pcapOf(packets, wishes))
  return file
}

/** What each packet says; times to the microsecond, from the first one on: which capture's zero they have differs. */
const rowsOf = ({ flows }: Report) => {
  const rows = flows.flatMap((flow) => flow.rows)
  const begin = rows.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY)
  return rows.map(({ packet, capture, at, client, server, received, receivedBy, notes }) => ({
    packet: `${capture} ${packet}`,
    at: (at - begin) * 1e6,
    states: [client, server],
    received: [received, receivedBy],
    notes: notes.map(({ code }) => code),
  }))
}

const statesOf = ({ flows }: Report) => flows.map(({ client, server, verdict }) => [client, server, verdict])

describe('clocks of two captures', () => {
  it('are set by the packets that stand in both', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(telling, { minLength: 1, maxLength: 3 }),
        ahead,
        fc.boolean(),
        async (wishes, by, turned) => {
          const packets = wishes.flatMap(packetsOf).toSorted((a, b) => a.at - b.at)
          const near = write('near.pcap', packets, wishes)
          const right = write('far.pcap', farther(packets, wishes, 0), wishes)
          const wrong = write('ahead.pcap', farther(packets, wishes, by), wishes)
          const inOrder = (far: string): string[] => (turned ? [far, near] : [near, far])
          const expected = await analyze(inOrder(right))
          const found = await analyze(inOrder(wrong))
          const [behind] = found.captures.flatMap(({ clockBehind }) => clockBehind ?? [])
          expect(behind).toBeCloseTo(by / SECOND, 6)
          expect(statesOf(found)).toEqual(statesOf(expected))
          const same = rowsOf(expected).map((row) => ({ ...row, at: expect.closeTo(row.at, 0) }))
          expect(rowsOf(found)).toEqual(same)
          // In every way of reading them.
          const short = await survey(inOrder(wrong), {}, 0)
          expect(statesOf(short)).toEqual(statesOf(found))
          expect(short.findings).toEqual(found.findings)
          const some = await chosen(inOrder(wrong), {}, { stays: () => () => true, wanted: () => [] })
          expect(some.findings).toEqual(found.findings)
          const told: Flow[] = []
          const rows: string[] = []
          const nobody = (): void => {
            throw new Error('every packet is held')
          }
          await annotated(
            inOrder(wrong),
            {},
            {
              begin: () => {},
              row: (row) => rows.push(`${row.capture} ${row.packet}`),
              plainRow: nobody,
              rowLike: nobody,
              flow: (flow) => told.push(flow),
              plainFlow: nobody,
            },
          )
          expect(told).toEqual(found.flows)
          expect(rows).toHaveLength(2 * packets.length)
          expect(footerLines(found, en).filter((line) => line.includes('clock'))).toHaveLength(1)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('end with the latest packet, wherever it stands in its file', async () => {
    const [each] = fc.sample(telling, { numRuns: 1, seed: 5 })
    if (each === undefined) throw new Error('no sample')
    const packets = packetsOf(each, 0).toSorted((a, b) => a.at - b.at)
    const [first] = packets
    const last = packets.at(-1)
    if (first === undefined || last === undefined) throw new Error('no packets')
    const late = { ...last, at: last.at + 30 * SECOND, ipId: last.ipId + 1 }
    const files = [
      write('near.pcap', [...packets, late, { ...first, ipId: first.ipId + 1 }], [each]),
      write('far.pcap', farther(packets, [each], 5 * SECOND), [each]),
    ]
    const { endAt, flows, captures } = await analyze(files)
    expect(captures[0]?.clockBehind).toBeCloseTo(5, 6)
    const latest = Math.max(...flows.flatMap(({ rows }) => rows.map(({ at }) => at)))
    expect(endAt).toBeCloseTo(latest, 9)
  })

  it('that an interrupted reading has found nothing of stay as they are', async () => {
    const [each] = fc.sample(telling, { numRuns: 1, seed: 5 })
    if (each === undefined) throw new Error('no sample')
    const wishes = Array.from({ length: 300 }, () => each)
    const packets = wishes.flatMap(packetsOf).toSorted((a, b) => a.at - b.at)
    const files = [
      write('first.pcap', packets, wishes),
      write('second.pcap', farther(packets, wishes, 5 * SECOND), wishes),
    ]
    const stop = new AbortController()
    // In the second file.
    let pieces = 0
    const progress = () => {
      if (++pieces > 1) stop.abort()
    }
    const { flows, interrupted } = await survey(files, { signal: stop.signal, progress }, 0)
    expect(interrupted).toBe(true)
    expect(flows.length).toBeGreaterThan(0)
  })

  it('of captures that follow one another stay as they are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(wish, { minLength: 1, maxLength: 3 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(4),
        async (wishes, cut, again) => {
          // What is sent again may look the same: without time stamps and identifications it does.
          const packets = wishes
            .flatMap((each, n) => packetsOf({ ...each, stamps: false, ids: 'zero' }, n))
            .flatMap((p): Packet[] => [p, { ...p, at: p.at + 1_000_000_000 * (1 + (p.seq % 3)) }])
            .toSorted((a, b) => a.at - b.at)
          const place = Math.floor(cut * packets.length)
          const files = [
            write('one.pcap', packets.slice(0, place), wishes),
            write('two.pcap', packets.slice(Math.max(0, place - again)), wishes),
          ]
          const { captures } = await analyze(files)
          expect(captures.map(({ clockBehind }) => clockBehind)).toEqual([undefined, undefined])
        },
      ),
      { numRuns: 60 },
    )
  })
})
