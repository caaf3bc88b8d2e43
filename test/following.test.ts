/** What is told of a packet when it comes is what the capture up to there says; at the end nothing is left to tell. */
import { createReadStream, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { analyze } from '../src/analyze.js'
import { Following, type News } from '../src/following.js'
import type { PacketRow } from '../src/report.js'
import { inFolder } from './capture/collect.js'
import { type Frame, NORMAL, pcap } from './cli/capture.js'
import { download } from './lossy-download.js'
import { pcapOf, wish } from './properties/traffic.js'

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
        for (const news of following.news(true)) {
          if (!('row' in news)) continue
          const { row, revised } = news
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
        if (!('row' in news)) continue
        seen.add(news.row.packet)
        // Where the middle has gone, nothing is told anew of what stands beside the gap.
        if (news.revised && news.row.packet < 9000 && seen.size > 9500) revised++
      }
    }
    await following.reading.capture('-', { stdin: each(records(pcap(frames))), waiting })
    const { news, report } = following.end()
    for (const each of news) if ('row' in each) seen.add(each.row.packet)
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

it('knows beyond 2 GiB who has closed long before', async () => {
  const [anyone] = fc.sample(
    wish.map((each) => ({ ...each, stamps: true, scaled: true })),
    1,
  )
  const packets = download({ rounds: 2900, lossEvery: 500, bytes: 63_000, halfClosed: 600 })
  await inFolder(async (folder) => {
    const file = join(folder, 'large')
    writeFileSync(file, pcapOf(packets, anyone === undefined ? [] : [anyone]))
    const whole = (await analyze([file])).flows[0]
    const following = new Following({}, states)
    let chunks = 0
    const waiting = (): void => {
      if (++chunks % 16 === 0) following.news(false)
    }
    await following.reading.capture('-', { stdin: createReadStream(file), waiting })
    const [flow] = following.end().report.flows
    if (flow === undefined || whole === undefined) throw new Error('no flow')
    expect([flow.verdict, flow.closedFirst, flow.packets]).toEqual(['closed', 'client', packets.length])
    expect(flow.rows.length).toBeLessThan(packets.length / 4)
    const last = flow.rows.slice(-3000)
    const numbers = ({ packet, seq, ack, relativeSeq, relativeAck, client, server }: PacketRow) =>
      [packet, seq, ack, relativeSeq, relativeAck, client.state, server.state].join(' ')
    expect(last.map(numbers)).toEqual(whole.rows.slice(-3000).map(numbers))
    // The rows that have stayed of those before keep the numbers that were captured.
    const all = new Map(whole.rows.map((row) => [row.packet, numbers(row)]))
    const first = flow.rows.slice(0, 100)
    expect(first.map(numbers)).toEqual(first.map(({ packet }) => all.get(packet)))
    expect(flow.spans.client.map(({ state, from }) => [state, from])).toEqual(
      whole.spans.client.map(({ state, from }) => [state, from]),
    )
  })
})

describe('timers', () => {
  const told = async (frames: readonly Frame[], all = true): Promise<string[]> => {
    const lines: string[] = []
    const tell = (news: readonly News[]): void => {
      for (const each of news)
        lines.push(
          'row' in each
            ? `#${each.row.packet}${each.revised ? ' revised' : ''}`
            : `${each.flow.flow} ${each.ranOut.side} ${each.ranOut.state} ${each.ranOut.at.toFixed(1)}`,
        )
    }
    const following = new Following({}, states)
    const waiting = (): void => tell(following.news(all))
    await following.reading.capture('-', { stdin: each(records(pcap(frames))), waiting })
    tell(following.end().news)
    return lines
  }
  /** Another connection's packets, whose time passes: one of its own, and two, before and behind a timer. */
  const later = (...at: readonly number[]): Frame[] =>
    at.map((at, n) => ({ at, fromClient: true, flags: 0x18, seq: 100 + n, ack: 1, len: 1, port: 9 }))

  it('of a connection are told when the packets of others pass their time, in its place, and once', async () => {
    // The first connection is over at 0.1 s; Linux holds TIME_WAIT for 60 s.
    const lines = await told([...NORMAL, ...later(50, 59, 61, 62, 200)])
    const at = lines.indexOf('0 client CLOSED 60.1')
    expect(lines.filter((line) => line.includes('CLOSED'))).toHaveLength(1)
    expect(lines.slice(0, at)).toContain('#11')
    expect(lines[at + 1]).toBe('#12')
  })

  it('are not told before the time of the packets has passed them', async () => {
    expect((await told([...NORMAL, ...later(50, 59)])).filter((line) => line.includes('CLOSED'))).toEqual([])
  })

  it('are told in order too where all comes at once', async () => {
    const frames = [...NORMAL, ...later(50, 59, 61, 62, 200)]
    const following = new Following({}, states)
    const stdin = each([pcap(frames)])
    await following.reading.capture('-', { stdin })
    const order = following.news(true).map((each) => ('row' in each ? each.row.at : each.ranOut.at))
    expect(order).toHaveLength(frames.length + 1)
    expect(order).toEqual(order.toSorted((a, b) => a - b))
  })

  it('are not told behind a row of their connection that is later', async () => {
    // Only the second SYN+ACK shows that the server had never taken the ACK: it gave up, or not, before what is told already.
    for (const [, bytes] of samples) {
      const places = new Map<number, number>()
      const following = new Following({}, states)
      const look = (news: readonly News[]): void => {
        for (const each of news) {
          const at = 'row' in each ? each.row.at : each.ranOut.at
          if (!('row' in each)) expect(at).toBeGreaterThan(places.get(each.flow.flow) ?? -1)
          places.set(each.flow.flow, Math.max(at, places.get(each.flow.flow) ?? -1))
        }
      }
      const waiting = (): void => look(following.news(true))
      await following.reading.capture('-', { stdin: each(records(bytes)), waiting })
      look(following.end().news)
    }
  })
})
