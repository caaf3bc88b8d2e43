/** What is told of a packet when it comes is what the capture up to there says; at the end nothing is left to tell. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { analyze } from '../src/analyze.js'
import { Following } from '../src/following.js'
import type { PacketRow } from '../src/report.js'
import { inFolder } from './capture/collect.js'
import { type Frame, NORMAL, pcap } from './cli/capture.js'

const SAMPLES = fileURLToPath(new URL('../samples', import.meta.url))

/** File header, then one chunk for each record, of a little-endian pcap. */
function* records(bytes: Buffer): Generator<Buffer> {
  yield bytes.subarray(0, 24)
  for (let at = 24; at < bytes.length; ) {
    const next = at + 16 + bytes.readUInt32LE(at + 8)
    yield bytes.subarray(at, next)
    at = next
  }
}

async function* each(chunks: Iterable<Buffer>): AsyncGenerator<Uint8Array> {
  yield* chunks
}

const states = ({ client, server, received }: PacketRow): string =>
  `${client.was} ${client.state} ${server.was} ${server.state} ${received}`

const samples = readdirSync(SAMPLES)
  .filter((name) => name.endsWith('.pcap'))
  .map((name) => [name, readFileSync(join(SAMPLES, name))] as const)
  .filter(([, bytes]) => bytes.readUInt32LE(0) === 0xa1b2c3d4 && [...records(bytes)].length <= 25)

describe('rows as they come', () => {
  it.each(samples)('%s', (_, bytes) =>
    inFolder(async (folder) => {
      const following = new Following({}, states)
      const told = new Map<number, string>()
      const chunks = [...records(bytes)]
      const stdin = each([...chunks])
      // When the reader first waits it has the header and a record: less is no capture yet.
      let came = chunks.shift() ?? Buffer.alloc(0)
      const waiting = async (idle: boolean): Promise<void> => {
        if (idle) return
        for (const { row, revised } of following.news(true)) {
          expect(told.has(row.packet)).toBe(revised)
          told.set(row.packet, 'from' in row ? states(row) : '')
        }
        came = Buffer.concat([came, chunks.shift() ?? Buffer.alloc(0)])
        const file = join(folder, 'upto')
        writeFileSync(file, came)
        const upto = await analyze([file])
        // A connection that nothing came of for a while is looked at again when something comes, or at the end.
        if (upto.flows.length > 1) return
        for (const row of upto.flows[0]?.rows ?? []) expect(told.get(row.packet)).toBe(states(row))
      }
      await following.reading.capture('-', { stdin, waiting })
      following.news(true)
      const { report } = following.end()
      const file = join(folder, 'whole')
      writeFileSync(file, bytes)
      const whole = await analyze([file])
      expect(report.flows).toEqual(whole.flows)
      expect(report.findings).toEqual(whole.findings)
    }),
  )
})

describe('a long connection', () => {
  /** A request of one byte and its ACK, again and again. */
  const long = (pairs: number): Frame[] => [
    ...NORMAL.slice(0, 3),
    ...Array.from({ length: pairs }, (_, n): Frame[] => [
      { at: 1 + n * 0.1, fromClient: true, flags: 0x18, seq: 101 + n, ack: 301, len: 1 },
      { at: 1.02 + n * 0.1, fromClient: false, flags: 0x10, seq: 301, ack: 102 + n },
    ]).flat(),
  ]

  it('is told to its end without its middle being kept, and counted whole', async () => {
    const frames = long(6000)
    const following = new Following({}, states)
    const seen = new Set<number>()
    let revised = 0
    const waiting = (): void => {
      for (const news of following.news(false)) {
        seen.add(news.row.packet)
        // Where the middle has gone, nothing is told anew of what stands beside the gap.
        if (news.revised && news.row.packet < 9000 && seen.size > 9500) revised++
      }
    }
    await following.reading.capture('-', { stdin: each(records(pcap(frames))), waiting })
    const { news, report } = following.end()
    for (const { row } of news) seen.add(row.packet)
    expect(seen.size).toBe(frames.length)
    expect(revised).toBe(0)
    const [flow] = report.flows
    expect([flow?.packets, flow?.bytes]).toEqual([frames.length, 6000])
    expect(flow?.rows.length).toBeLessThanOrEqual(8192)
    expect(flow?.rows.at(-1)).toMatchObject({
      client: { state: 'ESTABLISHED' },
      server: { state: 'ESTABLISHED' },
    })
  })
})
