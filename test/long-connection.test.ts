/** A connection that is too long to be held is told in parts: the same rows, states and findings as from the whole. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { type AnalyzeOptions, analyze } from '../src/analyze.js'
import { annotated, rowOf } from '../src/annotated.js'
import { chosen } from '../src/chosen.js'
import type { Sizes } from '../src/long-connection.js'
import type { Flow, PacketRow, Report } from '../src/report.js'
import { survey } from '../src/survey.js'
import { type Download, download } from './lossy-download.js'
import { type Packet, packetsOf, pcapOf, wish } from './properties/traffic.js'

const folder = mkdtempSync(join(tmpdir(), 'bothends-long-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const SMALL: Sizes = { above: 500, part: 400, near: 200, most: 800 }

/** What the addresses of connections are made from: only that counts of a wish here. */
const [anyone] = fc.sample(
  wish.map((each) => ({ ...each, port: 80, ipVersion: 4 as const, stamps: true, scaled: true })),
  1,
)
let files = 0
const fileOf = (packets: readonly Packet[]): string => {
  const file = join(folder, `${files++}.pcap`)
  if (anyone === undefined) throw new Error('no wish')
  writeFileSync(
    file,
    pcapOf(
      packets.toSorted((a, b) => a.at - b.at),
      Array(20).fill(anyone),
    ),
  )
  return file
}

const inParts = async (
  file: string | readonly string[],
  options: AnalyzeOptions = {},
): Promise<{ readonly report: Report; readonly rows: readonly PacketRow[] }> => {
  const rows: PacketRow[] = []
  const report = await annotated(
    [file].flat(),
    { ...options, long: SMALL },
    {
      begin: () => {},
      row: (row) => {
        if ('from' in row) rows.push(row)
      },
      plainRow: (kind, numbers) => rows.push(rowOf(kind, numbers)),
      rowLike: (example, numbers) => rows.push({ ...example, packet: numbers.packet, at: numbers.at }),
      flow: () => {},
      plainFlow: () => {},
    },
  )
  return { report, rows }
}

/** What a flow says besides its rows, and the reason of its place, in which a time is told. */
const said = ({ rows: _, capturedNear, ...flow }: Flow) => ({ ...flow, near: capturedNear.where })

const CASES: Readonly<Record<string, Download>> = {
  'closed in the end': { rounds: 150, lossEvery: 7 },
  'half-closed from the beginning': { rounds: 150, lossEvery: 7, halfClosed: 0 },
  'half-closed in the middle': { rounds: 250, lossEvery: 7, halfClosed: 70 },
  'that ends with a RST': { rounds: 150, lossEvery: 7, end: 'reset' },
  'that is still open': { rounds: 150, lossEvery: 11, end: 'none' },
  'of which every other round loses something': { rounds: 150, lossEvery: 2 },
  'whose first SYN was lost': { rounds: 150, lossEvery: 7, synAgain: true },
  'that began before the capture': { rounds: 150, lossEvery: 7, inMiddle: true },
}

describe('a download with losses', () => {
  it.each(Object.entries(CASES))('%s', async (_, how) => {
    const packets = download(how)
    expect(packets.length).toBeGreaterThan(SMALL.above + 5 * SMALL.part)
    const file = fileOf(packets)
    const whole = await analyze([file])
    const { report, rows } = await inParts(file)
    expect(rows).toEqual(whole.flows[0]?.rows)
    expect(report.findings).toEqual(whole.findings)
    expect(report.flows.map(said)).toEqual(whole.flows.map(said))
    expect(report.flows[0]?.rows.length).toBeLessThan(packets.length)
  })
})

it('goes on beyond 2 GiB, where numbers can no more be compared with those of the beginning', async () => {
  const packets = download({ rounds: 2900, lossEvery: 100, bytes: 63_000 })
  const file = fileOf(packets)
  const whole = await analyze([file])
  const { report, rows } = await inParts(file)
  expect(rows.findIndex((row, n) => !isDeepStrictEqual(row, whole.flows[0]?.rows[n]))).toBe(-1)
  expect(rows.length).toBe(packets.length)
  expect(report.findings).toEqual(whole.findings)
})

it('keeps few rows, and still tells how many segments were sent', async () => {
  const file = fileOf(download({ rounds: 800, lossEvery: 100 }))
  const whole = await analyze([file])
  const { flows, findings } = await survey([file], { long: SMALL }, 0)
  expect(findings).toEqual(whole.findings)
  const [loss] = findings.filter(({ id }) => id === 'packet-loss')
  // Eight rounds of 800 lose one of twelve; the FIN of the server is sent, too.
  expect(loss?.args).toMatchObject({ again: 8, sent: 800 * 12 + 8 + 1 })
  expect(flows[0]?.packets).toBe(whole.flows[0]?.packets)
  expect(flows[0]?.rows.length).toBeLessThan((flows[0]?.packets ?? 0) / 4)
})

it('lies among other connections, in capture order', async () => {
  const others = fc
    .sample(wish, { numRuns: 12, seed: 5 })
    .flatMap((each, n) =>
      packetsOf({ ...each, port: 80, ipVersion: 4, stamps: true, scaled: true, passed: 0 }, n + 1),
    )
  const two = [
    download({ rounds: 150, lossEvery: 7 }),
    download({ rounds: 90, lossEvery: 5, connection: 13 }),
  ]
  const file = fileOf([...two.flat(), ...others])
  const whole = await analyze([file])
  const { report, rows } = await inParts(file)
  const all = whole.flows.flatMap((flow) => flow.rows).toSorted((a, b) => a.packet - b.packet)
  expect(rows.map(({ packet }) => packet)).toEqual(all.map(({ packet }) => packet))
  expect(rows.map(({ client, server }) => [client, server])).toEqual(
    all.map(({ client, server }) => [client, server]),
  )
  expect(report.flows.map(({ flow, packets, verdict }) => [flow, packets, verdict])).toEqual(
    whole.flows.map(({ flow, packets, verdict }) => [flow, packets, verdict]),
  )
  expect(report.findings).toEqual(whole.findings)
})

it('is whole for who asks for it', async () => {
  const file = fileOf([
    ...download({ rounds: 150, lossEvery: 7 }),
    ...download({ rounds: 20, lossEvery: 50, connection: 3 }),
  ])
  const whole = await analyze([file])
  for (const { flow } of whole.flows) {
    const wanted = (flows: readonly Flow[]) => flows.filter((each) => each.flow === flow)
    const report = await chosen([file], { long: SMALL }, { stays: null, wanted })
    expect(report.flows[flow]).toEqual(whole.flows[flow])
  }
})

it('goes on in the next file', async () => {
  const packets = download({ rounds: 150, lossEvery: 7 })
  const half = Math.floor(packets.length / 2)
  const both = [fileOf(packets.slice(0, half)), fileOf(packets.slice(half))]
  const whole = await analyze(both)
  const { report, rows } = await inParts(both)
  expect(rows).toEqual(whole.flows[0]?.rows)
  expect(report.findings).toEqual(whole.findings)
})

it('is no less long when only its end does not go plainly', async () => {
  const packets = download({ rounds: 150, lossEvery: 1000, end: 'none' })
  const last = packets.at(-1)
  if (last === undefined) throw new Error('no packets')
  // A FIN that nobody answers any more.
  const file = fileOf(packets.with(-1, { ...last, flags: last.flags | 1 }))
  const whole = await analyze([file])
  const { report, rows } = await inParts(file)
  expect(rows).toEqual(whole.flows[0]?.rows)
  expect(report.flows.map(said)).toEqual(whole.flows.map(said))
  expect(report.flows[0]?.rows.length).toBeLessThan(packets.length)
})

describe('is held whole', () => {
  const again = (packets: readonly Packet[], by: number): readonly Packet[] =>
    packets.map((packet) => ({ ...packet, at: packet.at + by, seq: (packet.seq + 77_000_000) >>> 0 }))

  it('where its ports were used again', async () => {
    const packets = download({ rounds: 60, lossEvery: 7 })
    const later = again(packets, 200_000_000_000).map((packet) => ({
      ...packet,
      ack: packet.syn && packet.from === 'client' ? 0 : (packet.ack + 77_000_000) >>> 0,
    }))
    const file = fileOf([...packets, ...later])
    const whole = await analyze([file])
    expect(whole.flows).toHaveLength(2)
    const { report, rows } = await inParts(file)
    expect(rows).toEqual(whole.flows.flatMap((flow) => flow.rows))
    expect(report.flows.map(said)).toEqual(whole.flows.map(said))
    expect(report.flows.map((flow) => flow.rows.length)).toEqual(whole.flows.map((flow) => flow.rows.length))
  })
})

describe('interrupted while the long one is read for the second time', () => {
  const packets = [
    ...download({ rounds: 4000, lossEvery: 7 }),
    ...download({ rounds: 3, lossEvery: 50, connection: 3 }),
  ]
  const file = fileOf(packets)
  const interrupting = () => {
    const abort = new AbortController()
    let heard = 0
    // Some thousand packets into it.
    const replaying = (): void => {
      if (++heard === 4) abort.abort()
    }
    return { long: SMALL, signal: abort.signal, replaying }
  }
  const [whole, short] = [packets.length - 81, 5 + 3 * 24 + 4]

  it('says how that one stood then', async () => {
    const report = await survey([file], interrupting())
    expect(report.interrupted).toBe(true)
    const [long, plain] = report.flows
    expect([long?.verdict, long?.client.state, long?.server.state]).toEqual([
      'open',
      'ESTABLISHED',
      'ESTABLISHED',
    ])
    expect(long?.packets).toBeGreaterThan(1000)
    expect(long?.packets).toBeLessThan(whole)
    expect(plain?.packets).toBe(short)
  })

  it('does not begin once more with it', async () => {
    const { signal, replaying } = interrupting()
    const { report, rows } = await inParts(file, { signal, replaying })
    expect(report.interrupted).toBe(true)
    expect(rows.length).toBe(short)
    const flows = await chosen([file], interrupting(), { stays: null, wanted: (all) => all })
    expect(flows.flows.map(({ rows, packets }) => [rows.length, packets])).toEqual([[short, short]])
  })
})
