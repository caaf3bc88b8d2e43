/** Connections that a RST refused come out as the full replay has them, though of those that went alike only one is replayed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { UnopenedFlow } from '../../src/plain/unopened-flow.js'
import { same, seed } from './as-replayed.js'
import { captureOf, refused, refusedAmidOthers } from './refusals.js'
import { cuts, inFragments, ONE_SERVICE, pcapOf, type Wish, wish } from './traffic.js'

const folder = mkdtempSync(join(tmpdir(), 'bothends-refused-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Times as far as doubles have them: nanoseconds. */
const rounded = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, each) =>
    typeof each === 'number' ? Math.round(each * 1e9) / 1e9 : each,
  )

it.each(['linux', 'rfc9293'] as const)('refused connections, amid others, of %s', async (stack) => {
  const file = join(folder, 'refused.pcap')
  const count = { alike: 0, all: 0 }
  await fc.assert(
    fc.asyncProperty(...refusedAmidOthers, async (refusals, others, apart, silence, ipVersion) => {
      writeFileSync(file, captureOf(refusals, others, apart, silence, ipVersion))
      const { flows } = await same(file, { stack })
      const whole = await analyze([file], { stack })
      for (const [n, flow] of flows.entries()) {
        count.all++
        if (!(flow instanceof UnopenedFlow)) continue
        count.alike++
        const { spans, timers } = flow
        expect(rounded({ spans, timers })).toEqual(
          rounded({ spans: whole.flows[n]?.spans, timers: whole.flows[n]?.timers }),
        )
      }
    }),
    { numRuns: Number(process.env.PLAIN_RUNS ?? 300), ...seed() },
  )
  // Some must have gone like another, or nothing was tried: a third needs the full replay, others are alone of their kind.
  expect(count.alike / count.all).toBeGreaterThan(0.1)
})

it('refused connections amid others, some of them in fragments', async () => {
  const file = join(folder, 'fragments.pcap')
  await fc.assert(
    fc.asyncProperty(cuts, ...refusedAmidOthers, async (cuts, ...choices) => {
      writeFileSync(file, inFragments(captureOf(...choices), cuts))
      await same(file)
    }),
    { numRuns: Number(process.env.PLAIN_RUNS ?? 60), ...seed() },
  )
})

it('a scan, and a service that is gone', async () => {
  const file = join(folder, 'many.pcap')
  for (const [port, found] of [
    [1, 'scan'],
    [0, 'connect-refused'],
  ] as const) {
    const plain = { took: 300_000, ttl: 64, rstTtl: 60, ecn: 0, odd: '' }
    const packets = Array.from({ length: 200 }, (_, n) =>
      refused(plain, port === 1 ? n : 2 * n, n * 3_333_333),
    ).flat()
    const [own] = fc.sample(wish, { numRuns: 1, seed: 1 })
    const wishes = Array.from({ length: 400 }, (_, n) => ({
      ...(own as Wish),
      ...ONE_SERVICE,
      port: port * n + 80,
    }))
    writeFileSync(
      file,
      pcapOf(
        packets.toSorted((a, b) => a.at - b.at),
        wishes,
      ),
    )
    const { findings, flows } = await same(file)
    expect(findings.map(({ id }) => id)).toContain(found)
    expect(flows.filter((flow) => flow instanceof UnopenedFlow).length).toBeGreaterThan(150)
  }
})
