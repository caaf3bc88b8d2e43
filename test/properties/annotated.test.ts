/** A capture told row by row must read as the whole replay has it, line for line: every sample, and made-up traffic. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { annotated, rowOf, type Told } from '../../src/annotated.js'
import {
  cellOf,
  FROM_SERVER,
  kindOf,
  MOVE,
  NO_NUMBERS,
  PROVED,
  PROVED_ELSEWHERE,
  RECEIVED,
  SEEN,
} from '../../src/plain/row-kinds.js'
import { inCaptures } from '../../src/text/capture-names.js'
import { en } from '../../src/text/en/index.js'
import { annotateLines, findingLines, headerLine, liveLine } from '../../src/views/json.js'
import { FlowLines } from '../../src/views/json-flow-lines.js'
import { RowLines } from '../../src/views/json-rows.js'
import { captureOf, refusedAmidOthers } from './refusals.js'
import {
  chain,
  cutInThree,
  cuts,
  cutsOfThree,
  errors,
  inFragments,
  mishap,
  packetsOf,
  packetsOfChains,
  pcapOf,
  suffer,
  threeApart,
  wish,
  wishInMiddle,
  withErrors,
  writeParts,
} from './traffic.js'

const folder = mkdtempSync(join(tmpdir(), 'bothends-annotated-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** How many rows were told short, and of how many. */
let short = 0
let all = 0

const told = async (
  files: readonly string[],
  options: { maxFlows?: number } = {},
  keep?: number,
): Promise<string[]> => {
  const language = inCaptures(en, files)
  const printed: Buffer[] = []
  const behind: Buffer[] = []
  const lines = new RowLines(language, rowOf, (bytes) => printed.push(Buffer.from(bytes)))
  const flows = new FlowLines((bytes) => behind.push(Buffer.from(bytes)))
  const to: Told = {
    begin: (found) => lines.line(headerLine(found)),
    row: (row, flow) => {
      all++
      lines.line(liveLine(row, flow, language, false))
    },
    plainRow: (kind, numbers) => {
      all++
      short++
      lines.row(kind, numbers)
    },
    rowLike: (example, numbers) => {
      all++
      short++
      lines.rowLike(example, numbers)
    },
    flow: (flow) => flows.flow(flow),
    plainFlow: (flow, history) => flows.plainFlow(flow, history),
  }
  const report = await annotated(files, options, to, keep)
  for (const line of findingLines(report, language)) flows.line(line)
  lines.flush()
  flows.flush()
  return Buffer.concat([...printed, ...behind])
    .toString()
    .trimEnd()
    .split('\n')
}

const same = async (...files: readonly string[]): Promise<void> => {
  const whole = await analyze(files)
  const lines = [...annotateLines(whole, inCaptures(en, files), null)]
  expect(await told(files)).toEqual(lines)
  // The same when connections that did not go plainly are replayed once more for their rows.
  expect(await told(files, {}, 0)).toEqual(lines)
}

const samples = readdirSync('samples', { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.pcap(ng)?$/.test(name),
)

describe('a capture told row by row', () => {
  it.each(samples)('%s', (name) => same(join('samples', name)))

  it('leaves out the packets of a flood that are only counted, and their numbers', async () => {
    const file = join(folder, 'flood.pcap')
    const wishes = fc.sample(wish, { numRuns: 60, seed: 3 })
    const packets = wishes.flatMap((each, n) => packetsOf(each, n).slice(0, n % 10 === 0 ? 99 : 1))
    writeFileSync(
      file,
      pcapOf(
        packets.toSorted((a, b) => a.at - b.at),
        wishes,
      ),
    )
    const all = (await told([file])).map((line) => JSON.parse(line))
    const some = (await told([file], { maxFlows: 20 })).map((line) => JSON.parse(line))
    const numbers = new Set(some.flatMap(({ type, flow }) => (type === 'flow' ? [flow] : [])))
    const counted = some[0].captures[0].other['half-open-over-max-flows']
    expect(counted).toBeGreaterThan(10)
    expect(numbers.size).toBe(all.filter(({ type }) => type === 'flow').length - counted)
    for (const type of ['packet', 'flow']) {
      const of = (lines: readonly { type: string; flow: number }[]) =>
        lines.filter((line) => line.type === type && numbers.has(line.flow))
      expect(of(some)).toEqual(of(all))
    }
  })

  it('refused connections, amid others', async () => {
    const file = join(folder, 'refused.pcap')
    await fc.assert(
      fc.asyncProperty(...refusedAmidOthers, async (...choices) => {
        writeFileSync(file, captureOf(...choices))
        await same(file)
      }),
      { numRuns: 60 },
    )
  })

  it('on the ports of an earlier one', async () => {
    const file = join(folder, 'reuse.pcap')
    await fc.assert(
      fc.asyncProperty(
        fc.array(chain, { minLength: 1, maxLength: 3 }),
        fc.oneof(fc.constant([]), fc.array(mishap, { maxLength: 1 })),
        cutsOfThree,
        fc.nat(4),
        async (chains, mishaps, cuts, again) => {
          const wishes = chains.flatMap(([first]) => (first === undefined ? [] : [first.wish]))
          const packets = suffer(packetsOfChains(chains), mishaps)
          writeFileSync(file, pcapOf(packets, wishes))
          await same(file)
          // In three captures, of which the next may begin with packets of the one before.
          const files = cutInThree(packets, cuts, again).map((part, n) => {
            const name = join(folder, `reuse-${n}.pcap`)
            writeFileSync(name, pcapOf(part, wishes))
            return name
          })
          await same(...files)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('on the ports of an earlier one, with fragments and ICMP errors at the times of other packets', async () => {
    const file = join(folder, 'errors.pcap')
    await fc.assert(
      fc.asyncProperty(
        fc.array(chain, { minLength: 1, maxLength: 3 }),
        fc.oneof(fc.constant([]), cuts),
        errors,
        async (chains, cuts, errors) => {
          const wishes = chains.flatMap(([first]) => (first === undefined ? [] : [first.wish]))
          const whole = pcapOf(packetsOfChains(chains), wishes)
          writeFileSync(file, inFragments(withErrors(whole, errors), cuts))
          await same(file)
        },
      ),
      { numRuns: Number(process.env.PLAIN_RUNS ?? 100) },
    )
  })

  it.each([300_000_000, 20_000_000_000])(
    'SYNs of which some ask for ECN, and are answered sooner or later, %i ns before its end',
    async (silence) => {
      const file = join(folder, 'ecn.pcap')
      const wishes = fc
        .sample(wish, { numRuns: 48, seed: 6 })
        .map((each, n) => ({ ...each, begin: 0, near: 50_000, far: 60_000 + 7000 * (n >> 3) }))
      const packets = wishes.flatMap((each, n) =>
        packetsOf(each, n)
          .slice(0, 1 + (n % 2))
          // ECE and CWR of the SYN, ECE of its answer, as RFC 3168 section 6.1.1 has them, and as it has not.
          .map((packet, k) => ({
            ...packet,
            at: packet.at + n * 1000,
            flags: packet.flags | (((k === 0 ? n >> 1 : n >> 3) << 6) & 0xc0),
          })),
      )
      const last = packets.at(-1)
      if (last !== undefined)
        packets.push({ ...last, connection: 0, at: last.at + silence, flags: 20, syn: false })
      writeFileSync(
        file,
        pcapOf(
          packets.toSorted((a, b) => a.at - b.at),
          wishes,
        ),
      )
      await same(file)
    },
  )

  it('of all kinds, with what can happen to them', async () => {
    const file = join(folder, 'made.pcap')
    await fc.assert(
      fc.asyncProperty(
        fc.array(wish, { minLength: 1, maxLength: 5 }),
        fc.array(mishap, { maxLength: 2 }),
        fc.constantFrom(0, 1_000_000_000, 1_300_000_000, 70_000_000_000),
        async (wishes, mishaps, silence) => {
          const packets = suffer(wishes.flatMap(packetsOf), mishaps)
          const last = packets.at(-1)
          if (last !== undefined && silence > 0)
            packets.push({ ...last, at: last.at + silence, connection: 0, flags: 20 })
          writeFileSync(file, pcapOf(packets, wishes))
          await same(file)
        },
      ),
      { numRuns: Number(process.env.PLAIN_RUNS ?? 150) },
    )
    // Some must really have gone the short way, or nothing was tried.
    expect(short / all).toBeGreaterThan(0.1)
  })

  it('that began before the capture, with what can happen to them', async () => {
    const file = join(folder, 'middle.pcap')
    const files = [0, 1, 2].map((n) => join(folder, `middle-${n}.pcap`))
    const [shortBefore, allBefore] = [short, all]
    await fc.assert(
      fc.asyncProperty(
        fc.array(wishInMiddle, { minLength: 1, maxLength: 4 }),
        fc.array(mishap, { maxLength: 1 }),
        cutsOfThree,
        fc.constantFrom(0, 0, 1),
        async (wishes, mishaps, cuts, again) => {
          const packets = suffer(wishes.flatMap(packetsOf), mishaps)
          writeFileSync(file, pcapOf(packets, wishes))
          await same(file)
          writeParts(files, cutInThree(packets, cuts, again), wishes)
          await same(...files)
        },
      ),
      { numRuns: Number(process.env.PLAIN_RUNS ?? 40) },
    )
    expect((short - shortBefore) / (all - allBefore)).toBeGreaterThan(0.1)
  })

  it('in several captures, of which the next may begin with packets of the one before', async () => {
    const files = ['one.pcap', 'two.pcap', 'three.pcap'].map((name) => join(folder, name))
    /** Of sets whose captures follow one another: rows told short, and all. */
    let following = 0
    let rows = 0
    let sets = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(wish, { minLength: 1, maxLength: 5 }),
        fc.array(mishap, { maxLength: 2 }),
        cutsOfThree,
        fc.constantFrom(0, 0, 0, 1, 4),
        async (wishes, mishaps, cuts, again) => {
          const packets = suffer(wishes.flatMap(packetsOf), mishaps)
          const parts = cutInThree(packets, cuts, again)
          writeParts(files, parts, wishes)
          const [shortBefore, allBefore] = [short, all]
          await same(...files)
          if (again > 0) return
          sets++
          following += short - shortBefore
          rows += all - allBefore
        },
      ),
      { numRuns: Number(process.env.PLAIN_RUNS ?? 150) },
    )
    expect(sets).toBeGreaterThan(0)
    expect(following / rows).toBeGreaterThan(0.1)
  })

  it('in captures with a pause between them, or of one time', async () => {
    const files = ['one.pcap', 'two.pcap', 'three.pcap'].map((name) => join(folder, name))
    await fc.assert(
      fc.asyncProperty(threeApart, async ({ wishes, parts }) => {
        writeParts(files, parts, wishes)
        await same(...files)
      }),
      { numRuns: Number(process.env.PLAIN_RUNS ?? 80) },
    )
  })

  it('in many captures, of which some hold one packet or none', async () => {
    const files = Array.from({ length: 12 }, (_, n) => join(folder, `ring${n}.pcap`))
    const wishes = fc.sample(wish, { numRuns: 80, seed: 7 })
    const packets = wishes
      .flatMap((each, n) => packetsOf(each, n).map((packet) => ({ ...packet, at: packet.at + n * 1e9 })))
      .toSorted((a, b) => a.at - b.at)
    // The fourth and the last hold nothing.
    const cuts = [
      0,
      40,
      41,
      300,
      300,
      ...[1, 2, 3, 4, 5, 6].map((n) => 300 + n * Math.ceil((packets.length - 300) / 6)),
    ]
    for (const [n, file] of files.entries())
      writeFileSync(
        file,
        pcapOf(packets.slice(cuts[n] ?? packets.length, cuts[n + 1] ?? packets.length), wishes),
      )
    const before = short
    await same(...files)
    expect(short - before).toBeGreaterThan(packets.length / 4)
  })

  it('of which a packet of another capture proves a row: it is named wherever the packet is', () => {
    const cell = cellOf(MOVE.finWaits, SEEN)
    const kind = kindOf(16 | FROM_SERVER | RECEIVED | PROVED | PROVED_ELSEWHERE, cell, cell)
    const numbers = { ...NO_NUMBERS, packet: 7, capture: 1, receivedBy: 3, receivedByCapture: 2 }
    const row = rowOf(kind, numbers)
    expect(row).toMatchObject({ packet: 7, capture: 1, receivedBy: 3, receivedByCapture: 2 })
    expect(row.client.hindsight).toEqual({ instead: 'ESTABLISHED', packet: 3, capture: 2 })
    const language = inCaptures(en, ['one', 'two', 'three'])
    const printed: Buffer[] = []
    const lines = new RowLines(language, rowOf, (bytes) => printed.push(Buffer.from(bytes)))
    lines.row(kind, numbers)
    lines.flush()
    expect(printed.join('')).toContain('#3 of three')
    expect(printed.join('')).toBe(`${liveLine(row, 0, language, false)}\n`)
  })

  it('in captures of one time, at two points', async () => {
    const files = ['here.pcap', 'there.pcap'].map((name) => join(folder, name))
    const wishes = fc.sample(wish, { numRuns: 20, seed: 8 })
    const packets = suffer(wishes.flatMap(packetsOf), [])
    for (const [n, file] of files.entries())
      writeFileSync(
        file,
        pcapOf(
          packets.map((packet) => ({ ...packet, at: packet.at + n * 1_000_000 })),
          wishes,
        ),
      )
    await same(...files)
  })
})
