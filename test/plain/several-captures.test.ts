/**
 * A connection in several captures that follow one another: one of them by itself may look as if it was taken at a host,
 * where all of them together do not. What came to that host is then known (`infer/hosts.ts`).
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { annotated, rowOf } from '../../src/annotated.js'
import type { PacketRow } from '../../src/report.js'
import { surveyed } from '../../src/survey.js'
import { flowLine } from '../../src/views/json-flow.js'
import { ONE_SERVICE, type Packet, pcapOf, type Wish, wish } from '../properties/traffic.js'

const folder = mkdtempSync(join(tmpdir(), 'bothends-several-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Milliseconds, who sent it, flags, sequence and ack number, length. */
type Told = readonly [number, 'client' | 'server', number, number, number, number]

const ACK = 16
/** 3 ms to the client and back, 6 ms to the server: between them. */
const OPENS: readonly Told[] = [
  [0, 'client', 2, 0, 0, 0],
  [6, 'server', 18, 0, 1, 0],
  [9, 'client', ACK, 1, 1, 0],
]
/** Of the client these show no round trip, and it still has its first TTL. */
const ASKS: readonly Told[] = [
  [100, 'client', ACK, 1, 1, 100],
  [106, 'server', ACK, 1, 101, 0],
]
const CLOSES: readonly Told[] = [
  [300, 'server', 17, 1, 101, 0],
  [303, 'client', 17, 101, 2, 0],
  [309, 'server', ACK, 2, 102, 0],
]

const packetOf = ([at, from, flags, seq, ack, length]: Told): Packet => ({
  at: at * 1e6,
  connection: 0,
  from,
  flags,
  seq,
  ack,
  length,
  window: 502,
  ipId: 0,
  ttl: from === 'client' ? 64 : 57,
  stamp: null,
  syn: (flags & 2) !== 0,
})

const [some] = fc.sample(wish, { numRuns: 1, seed: 1 })

const CUTS: Readonly<Record<string, readonly (readonly Told[])[]>> = {
  'before the first text': [OPENS, ASKS],
  'before the first FIN': [[...OPENS, ...ASKS], CLOSES],
  'between the FINs': [[...OPENS, ...ASKS, ...CLOSES.slice(0, 1)], CLOSES.slice(1)],
  'before the last ACK': [[...OPENS, ...ASKS, ...CLOSES.slice(0, 2)], CLOSES.slice(2)],
  'before the last ACK, of one that began before': [[...ASKS, ...CLOSES.slice(0, 1)], CLOSES.slice(1)],
}

it.each(Object.keys(CUTS))('cut %s', async (name) => {
  const files = (CUTS[name] ?? []).map((told, n) => {
    const file = join(folder, `${n}.pcap`)
    writeFileSync(file, pcapOf(told.map(packetOf), [{ ...(some as Wish), ...ONE_SERVICE }]))
    return file
  })
  const [whole] = (await analyze(files)).flows
  const [flow] = (await surveyed(files, {}, 0))?.report.flows ?? []
  expect(flow && flowLine(flow, false)).toEqual(whole && flowLine(whole, false))
  const rows: unknown[] = []
  await annotated(
    files,
    {},
    {
      begin: () => {},
      row: (row) => rows.push(row),
      plainRow: (kind, numbers) => rows.push(rowOf(kind, numbers)),
      rowLike: (row: PacketRow) => rows.push(row),
      flow: () => {},
      plainFlow: () => {},
    },
  )
  expect(rows).toEqual(whole?.rows)
})
