/** Plain connections must come out as the full replay has them: on every sample, and on connections that are made up. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { annotated, rowOf } from '../../src/annotated.js'
import { chosen } from '../../src/chosen.js'
import { PlainFlow } from '../../src/plain/plain-flow.js'
import type { Report } from '../../src/report.js'
import { survey } from '../../src/survey.js'
import { same, seed } from './as-replayed.js'
import {
  chain,
  cutInThree,
  cuts,
  cutsOfThree,
  errors,
  inFragments,
  mishap,
  ONE_SERVICE,
  type Packet,
  packetsOf,
  packetsOfChains,
  pcapngOf,
  pcapOf,
  seldom,
  suffer,
  threeApart,
  type Wish,
  wish,
  wishInMiddle,
  withErrors,
  writeParts,
} from './traffic.js'

const folder = mkdtempSync(join(tmpdir(), 'bothends-plain-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const oneService = (wishes: readonly Wish[]): Wish[] => wishes.map((each) => ({ ...each, ...ONE_SERVICE }))

/** A flood: SYNs of many, a few of them answered, none taken up; and how long the capture goes on. */
const flood = (count: number, apart: number, answered: number): Packet[] =>
  Array.from({ length: count }, (_, n): Packet[] => {
    const at = n * apart
    const syn = {
      connection: n,
      flags: 2,
      seq: n * 7919,
      ack: 0,
      length: 0,
      window: 512,
      ipId: n + 1,
      ttl: 50,
    }
    const answer = {
      ...syn,
      from: 'server' as const,
      flags: 18,
      seq: n * 31,
      ack: n * 7919 + 1,
      ipId: 0,
      ttl: 64,
    }
    const first: Packet = { ...syn, at, from: 'client', stamp: null, syn: true }
    return n % 10 < answered ? [first, { ...answer, at: at + 40_000 + n, stamp: null, syn: true }] : [first]
  }).flat()

const samples = readdirSync('samples', { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.pcap(ng)?$/.test(name),
)

describe('plain connections', () => {
  it.each(samples)('%s', async (name) => {
    await same(join('samples', name))
    await same(join('samples', name), { stack: 'rfc9293' })
  })

  it('more than a gibibyte of one connection, open and closed', async () => {
    const packets: Packet[] = []
    const next = { client: 1000, server: 5000 }
    const id = { client: 0, server: 0 }
    let at = 0
    const send = (from: 'client' | 'server', flags: string, length = 0, wait = 10_000_000): void => {
      at += wait
      const syn = flags.includes('S')
      const bits = (flags.includes('F') ? 1 : 0) | (syn ? 2 : 0) | (flags.includes('A') ? 16 : 0)
      const to = from === 'client' ? 'server' : 'client'
      const ack = flags.includes('A') ? next[to] : 0
      const window = 65_000
      const ttl = from === 'client' ? 57 : 50
      id[from]++
      const ipId = id[from]
      packets.push({
        at,
        connection: 0,
        from,
        flags: bits,
        seq: next[from],
        ack,
        length,
        window,
        ipId,
        ttl,
        stamp: null,
        syn,
      })
      next[from] += length + (bits & 3 ? 1 : 0)
    }
    send('client', 'S')
    send('server', 'SA')
    send('client', 'A')
    for (let sent = 0; sent < 17_600; sent += 8) {
      for (let k = 0; k < 8; k++) send('server', 'A', 65_000, k === 0 ? 10_000_000 : 1000)
      send('client', 'A')
    }
    const open = packets.length
    send('client', 'FA')
    send('server', 'FA')
    send('client', 'A')
    const wishes = fc.sample(wish, { numRuns: 1, seed: 1 }).map((one) => ({ ...one, scaled: true }))
    for (const length of [open, packets.length]) {
      const file = join(folder, 'much.pcap')
      writeFileSync(file, pcapOf(packets.slice(0, length), wishes))
      const { flows } = await same(file)
      expect(flows[0]).toBeInstanceOf(PlainFlow)
      expect(flows[0]?.bytes).toBe(17_600 * 65_000)
    }
  }, 60_000)

  it('of which some packets came in fragments, or were answered by ICMP errors', async () => {
    const file = join(folder, 'fragments.pcap')
    await fc.assert(
      fc.asyncProperty(
        fc.array(chain, { minLength: 1, maxLength: 3 }),
        fc.array(mishap, { maxLength: 1 }),
        cuts,
        fc.oneof(fc.constant([]), errors),
        async (chains, mishaps, cuts, errors) => {
          const wishes = chains.flatMap(([first]) => (first === undefined ? [] : [first.wish]))
          const whole = pcapOf(suffer(packetsOfChains(chains), mishaps), wishes)
          writeFileSync(file, inFragments(withErrors(whole, errors), cuts))
          await same(file)
        },
      ),
      { numRuns: Number(process.env.PLAIN_RUNS ?? 150), ...seed() },
    )
  })

  it('SYNs without an answer, and answers that nobody takes up', async () => {
    const file = join(folder, 'flood.pcap')
    const wishes = oneService(fc.sample(wish, { numRuns: 300, seed: 1 }))
    for (const [apart, answered] of [
      [3_333_337, 0],
      [7_777_777, 5],
      [20_000_003, 10],
      [900_000_007, 4],
    ] as const) {
      const packets = flood(300, apart, answered).toSorted((a, b) => a.at - b.at)
      writeFileSync(file, pcapOf(packets, wishes))
      await same(file)
      await same(file, { stack: 'rfc9293' })
    }
  })

  it.each([1, 8, 10, 299, 300])(
    'SYNs of which at most %i are told one by one, the latest',
    async (maxFlows) => {
      const file = join(folder, 'most.pcap')
      const wishes = oneService(fc.sample(wish, { numRuns: 300, seed: 2 }))
      writeFileSync(file, pcapOf(flood(300, 7_777_777, 0), wishes))
      const whole = await analyze([file])
      const short = await survey([file], { maxFlows })
      const began = (report: Report) =>
        report.flows.map(({ flow, client, start }) => `${flow} ${client.port} ${start}`)
      expect(began(short)).toEqual(began(whole).slice(-maxFlows))
      const other = short.captures[0]?.other ?? {}
      expect(other['half-open-over-max-flows']).toBe(maxFlows === 300 ? undefined : 300 - maxFlows)
      // They are for two ports by turns; fewer than five on one could be of a scan.
      const isFound = short.findings.some(({ id }) => id === 'syn-flood')
      expect(isFound).toBe(maxFlows >= 10)
    },
  )

  it('a flood of which few are told, for a port that others use', async () => {
    const file = join(folder, 'amid.pcap')
    const [lone, used] = [300, 120]
    const wishes = oneService(fc.sample(wish, { numRuns: lone + used, seed: 7 }))
    const spread = (packets: Packet[]): Packet[] =>
      packets.map((packet) => ({ ...packet, at: packet.at + packet.connection * 5e6 }))
    // Even numbers: connections to one port.
    const packets = [
      ...flood(2 * lone, 0, 0).filter(({ connection }) => connection % 2 === 0),
      ...wishes.slice(0, used).flatMap((each, n) => packetsOf(each, 2 * (lone + n))),
    ]
    const each = Array.from({ length: 2 * (lone + used) }, (_, n) => wishes[n >> 1] as Wish)
    const last = { ...(packets.at(-1) as Packet), at: 30e9, flags: 20, syn: false }
    writeFileSync(file, pcapOf([...spread(packets).toSorted((a, b) => a.at - b.at), last], each))
    expect((await same(file)).findings.map(({ id }) => id)).toContain('syn-flood')
    const few = await survey([file], { maxFlows: 10 })
    expect(few.flows).toHaveLength(used + 10)
    expect(few.findings.map(({ id }) => id)).toContain('syn-flood')
  })

  it('many of few hosts, of which rules speak together', async () => {
    const file = join(folder, 'many.pcap')
    for (const [count, apart, close, found] of [
      [600, 1, 'any', 'time-wait'],
      [900, 6, 'client', 'port-exhaustion'],
      [400, 2, 'server', 'time-wait'],
      [90, 6, 'client', 'capture-point'],
    ] as const) {
      const wishes: Wish[] = []
      oneService(fc.sample(wish, { numRuns: count, seed: count })).forEach((each, n) => {
        wishes[n * apart] = close === 'any' ? each : { ...each, close }
      })
      const packets = wishes.flatMap((each, n) => packetsOf(each, n)).toSorted((a, b) => a.at - b.at)
      writeFileSync(file, pcapOf(packets, wishes))
      const { findings, flows } = await same(file)
      expect(flows.filter((flow) => flow.constructor !== Object).length).toBeGreaterThan(count / 4)
      expect(findings.map(({ id }) => id)).toContain(found)
    }
  })

  it('of a host that tries many others, after connections of hosts that are heard of once', async () => {
    const file = join(folder, 'scan.pcap')
    const others = 100
    const wishes = oneService(fc.sample(wish, { numRuns: others + 50, seed: 5 }))
    const packets = wishes.flatMap((each, n) => {
      const own = packetsOf(each, n)
      return own
        .slice(0, n < others ? own.length : 1)
        .map((packet) => ({ ...packet, at: packet.at + n * 1e9 }))
    })
    const bytes = Buffer.from(
      pcapOf(
        packets.toSorted((a, b) => a.at - b.at),
        wishes,
      ),
    )
    const [ETHERNET, CLIENT, SERVER] = [16, 0x0a01_0000, 0x0a02_0000]
    for (let at = 24; at < bytes.length; at += 16 + bytes.readUInt32LE(at + 8)) {
      const ip = at + ETHERNET + 14
      const ports = [bytes.readUInt16BE(ip + 20), bytes.readUInt16BE(ip + 22)]
      const n = Math.max(...ports) - 40_000
      const ends = [CLIENT + Math.min(n, others), SERVER + n]
      bytes.writeUInt32BE(ends[ports[0] === 40_000 + n ? 0 : 1] as number, ip + 12)
      bytes.writeUInt32BE(ends[ports[0] === 40_000 + n ? 1 : 0] as number, ip + 16)
    }
    writeFileSync(file, bytes)
    const { findings } = await same(file)
    expect(findings.map(({ id }) => id)).toContain('scan')
  })

  it('of all kinds, with what can happen to them', async () => {
    const file = join(folder, 'made.pcap')
    let plain = 0
    let all = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(wish, { minLength: 1, maxLength: 4 }),
        fc.array(mishap, { maxLength: 3 }),
        fc.constantFrom(0, 1_000_000_000, 1_300_000_000, 70_000_000_000),
        async (wishes, mishaps, silence) => {
          const packets = suffer(wishes.flatMap(packetsOf), mishaps)
          const last = packets.at(-1)
          if (last !== undefined && silence > 0)
            packets.push({ ...last, at: last.at + silence, connection: 0, flags: 20 })
          writeFileSync(file, pcapOf(packets, wishes))
          const report = await same(file)
          all += report.flows.length
          plain += report.flows.filter((flow) => flow.constructor !== Object).length
        },
      ),
      { numRuns: Number(process.env.PLAIN_RUNS ?? 400), ...seed() },
    )
    // Most of them must really have gone the short way, or nothing was tried.
    expect(plain / all).toBeGreaterThan(0.25)
  })

  it('of which nothing comes any more behind a segment with text, while the capture goes on', async () => {
    const file = join(folder, 'cut.pcap')
    const pause = fc.constantFrom(0.5e9, 0.95e9, 1.4e9, 3e9, 300e9)
    await fc.assert(
      fc.asyncProperty(wish, fc.integer({ min: 3, max: 40 }), pause, async (each, from, later) => {
        const all = packetsOf(each, 0)
        const cut = all.findIndex(({ length }, row) => row >= from && length > 0)
        const first = cut < 0 ? all : all.slice(0, cut + 1)
        const begin = (first.at(-1)?.at ?? 0) + later
        const behind = packetsOf({ ...each, begin: 0 }, 1).map((one) => ({ ...one, at: one.at + begin }))
        writeFileSync(file, pcapOf([...first, ...behind], [each, each]))
        await same(file)
      }),
      { numRuns: Number(process.env.PLAIN_RUNS ?? 300), ...seed() },
    )
  })

  it('that began before the capture, with what can happen to them', async () => {
    const file = join(folder, 'middle.pcap')
    const files = [0, 1, 2].map((n) => join(folder, `middle-${n}.pcap`))
    /** How many there were, by what is known of their ends, and how many of those went the short way. */
    const counts = { open: [0, 0], closed: [0, 0] }
    await fc.assert(
      fc.asyncProperty(
        fc.array(wishInMiddle, { minLength: 1, maxLength: 4 }),
        fc.array(mishap, { maxLength: 1 }),
        fc.constantFrom(0, 0, 1_300_000_000, 70_000_000_000),
        cutsOfThree,
        fc.constantFrom(0, 0, 1),
        async (wishes, mishaps, silence, cuts, again) => {
          const packets = suffer(wishes.flatMap(packetsOf), mishaps)
          const last = packets.at(-1)
          if (last !== undefined && silence > 0)
            packets.push({ ...last, at: last.at + silence, connection: 9, flags: 20 })
          const each = Array.from({ length: 10 }, (_, n) => wishes[n] ?? (wishes[0] as Wish))
          writeFileSync(file, pcapOf(packets, each))
          const { flows } = await same(file)
          for (const flow of flows) {
            if (!flow.beginsInMiddle || (flow.verdict !== 'open' && flow.verdict !== 'closed')) continue
            const count = counts[flow.verdict]
            count[0] = (count[0] as number) + 1
            if (flow instanceof PlainFlow) count[1] = (count[1] as number) + 1
          }
          writeParts(files, cutInThree(packets, cuts, again), each)
          await same(files)
        },
      ),
      { numRuns: Number(process.env.PLAIN_RUNS ?? 100), ...seed() },
    )
    for (const [all, plain] of Object.values(counts))
      expect(plain as number).toBeGreaterThan((all as number) / 5)
  })

  it.each([-1_752_500_001n, -1_752_500_000n, -4_000_000_000n, 2_542_467_295n, 2n ** 32n, 2n ** 40n])(
    'at times that no 32-bit word holds: %i seconds later',
    async (offset) => {
      const file = join(folder, 'far.pcapng')
      const wishes = fc.sample(wish, { numRuns: 12, seed: 3 })
      const packets = suffer(wishes.flatMap(packetsOf), [])
      writeFileSync(file, pcapngOf(pcapOf(packets, wishes), offset))
      const { flows, epochSeconds, endAt } = await same(file)
      expect(flows).toHaveLength(12)
      const [first, last] = [packets[0]?.at ?? 0, packets.at(-1)?.at ?? 0]
      if (offset === 2n ** 40n) return
      expect(endAt).toBeCloseTo((last - first) / 1e9, 6)
      expect(BigInt(epochSeconds) - offset).toBe(1_752_500_000n)
    },
  )

  it('of which the clock was set back by twelve days, or a millisecond', async () => {
    const file = join(folder, 'back.pcap')
    const wishes = fc.sample(wish, { numRuns: 4, seed: 4 }).map((each) => ({
      ...each,
      talks: each.talks.slice(0, 1),
      close: 'client' as const,
      pause: 0,
      ids: 'zero' as const,
    }))
    const packets = suffer(wishes.flatMap(packetsOf), [])
    for (const by of [1e15, 1e6])
      for (let until = 1; until < packets.length; until += 3) {
        const ahead = packets.map((packet, n) => (n < until ? { ...packet, at: packet.at + by } : packet))
        writeFileSync(file, pcapOf(ahead, wishes))
        await same(file)
      }
  })

  it('on the ports of an earlier one, sooner or later, with what can happen to them', async () => {
    const file = join(folder, 'reuse.pcap')
    /** Of how many connections behind another on the same ports how many were plain. */
    let behind = 0
    let plain = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(chain, { minLength: 1, maxLength: 3 }),
        fc.oneof(fc.constant([]), fc.array(mishap, { maxLength: 1 })),
        seldom,
        cutsOfThree,
        fc.nat(4),
        async (chains, mishaps, rfc, cuts, again) => {
          const packets = packetsOfChains(chains)
          const wishes = chains.flatMap(([first]) => (first === undefined ? [] : [first.wish]))
          writeFileSync(file, pcapOf(suffer(packets, mishaps), wishes))
          const files = cutInThree(suffer(packets, mishaps), cuts, again).map((part, n) => {
            const name = join(folder, `reuse-${n}.pcap`)
            writeFileSync(name, pcapOf(part, wishes))
            return name
          })
          await same(files, rfc ? { stack: 'rfc9293' } : {})
          const options = rfc ? ({ stack: 'rfc9293' } as const) : {}
          const report = await same(file, options)
          // With all their packets, and what each says of the one before it.
          const whole = await analyze([file], options)
          const all = await chosen([file], options, { stays: null, wanted: (flows) => flows }, 0)
          expect(all.flows.map(({ rows }) => rows)).toEqual(whole.flows.map(({ rows }) => rows))
          const rows: unknown[] = []
          await annotated([file], options, {
            begin: () => {},
            row: (row) => rows.push(row),
            plainRow: (kind, numbers) => rows.push(rowOf(kind, numbers)),
            rowLike: () => rows.push('like another'),
            flow: (flow) => rows.push(flow.incarnation),
            plainFlow: (flow) => rows.push(flow.incarnation),
          })
          const inOrder = whole.flows
            .flatMap(({ rows, icmp }): { packet: number }[] => [...rows, ...icmp])
            .toSorted((a, b) => a.packet - b.packet)
          expect(rows.filter((row) => typeof row === 'object')).toEqual(inOrder)
          expect(rows.filter((row) => typeof row === 'number')).toEqual(
            whole.flows.map(({ incarnation }) => incarnation),
          )
          const last = whole.flows.length - 1
          const one = await chosen([file], options, { stays: null, wanted: (flows) => flows.slice(last) })
          expect(one.flows[last]?.rows).toEqual(whole.flows[last]?.rows)
          for (const flow of report.flows)
            if (flow.incarnation > 0) {
              behind++
              if (flow instanceof PlainFlow) plain++
            }
        },
      ),
      { numRuns: Number(process.env.PLAIN_RUNS ?? 150), ...seed() },
    )
    expect(plain).toBeGreaterThan(behind / 20)
    expect(behind).toBeGreaterThan(plain)
  })

  it('in several captures, of which the next may begin with packets of the one before', async () => {
    const files = ['one.pcap', 'two.pcap', 'three.pcap'].map((name) => join(folder, name))
    let plain = 0
    let all = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(wish, { minLength: 1, maxLength: 4 }),
        fc.array(mishap, { maxLength: 2 }),
        cutsOfThree,
        fc.constantFrom(0, 0, 0, 1, 4),
        async (wishes, mishaps, cuts, again) => {
          const packets = suffer(wishes.flatMap(packetsOf), mishaps)
          const parts = cutInThree(packets, cuts, again)
          writeParts(files, parts, wishes)
          const report = await same(files)
          all += report.flows.length
          plain += report.flows.filter((flow) => flow.constructor !== Object).length
        },
      ),
      { numRuns: Number(process.env.PLAIN_RUNS ?? 200), ...seed() },
    )
    expect(plain / all).toBeGreaterThan(0.15)
  })

  it('in captures with a pause between them, or of one time', async () => {
    const files = ['one.pcap', 'two.pcap', 'three.pcap'].map((name) => join(folder, name))
    let early = 0
    let plain = 0
    await fc.assert(
      fc.asyncProperty(threeApart, async ({ wishes, parts }) => {
        writeParts(files, parts, wishes)
        const { captures, flows } = await same(files)
        if (captures.every(({ watchedUntil }) => watchedUntil === undefined)) return
        early += flows.length
        plain += flows.filter((flow) => flow.constructor !== Object).length
      }),
      { numRuns: Number(process.env.PLAIN_RUNS ?? 150), ...seed() },
    )
    expect(plain / early).toBeGreaterThan(0.1)
  })
})
