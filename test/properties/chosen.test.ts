/** Some connections of a capture must read as they do when all of it is replayed: every sample, and made-up traffic. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { type Choice, chosen } from '../../src/chosen.js'
import { narrow, stays } from '../../src/cli/narrow.js'
import type { Report } from '../../src/report.js'
import { en } from '../../src/text/en/index.js'
import { annotateLines } from '../../src/views/json.js'
import { mishap, packetsOf, pcapOf, suffer, wish } from './traffic.js'

const folder = mkdtempSync(join(tmpdir(), 'bothends-chosen-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const lines = (report: Report, flow: number | null = null): string[] => [...annotateLines(report, en, flow)]

const NARROWINGS = [
  { filter: 'port 80', where: '' },
  { filter: 'src host 192.0.2.10', where: 'bytes > 100' },
  { filter: '', where: 'verdict = closed' },
  { filter: '', where: 'not (client.state = TIME_WAIT or finding = reset)' },
]

/** How many flows were picked that a survey follows without their packets. */
let picked = 0

const same = async (file: string): Promise<void> => {
  const whole = await analyze([file])
  const every: Choice = { stays: null, wanted: (flows) => flows }
  expect(lines(await chosen([file], {}, every))).toEqual(lines(whole))
  // The same when no rows may stay once a connection was replayed, and when the file is read again for those that are wanted.
  expect(lines(await chosen([file], { places: 0 }, every, 0))).toEqual(lines(whole))
  const last = whole.flows.length - 1
  const one = await chosen([file], {}, { stays: null, wanted: (flows) => flows.slice(last) }, 0)
  expect(lines(one, last)).toEqual(lines(whole, last))
  for (const narrowing of NARROWINGS) {
    const choice: Choice = {
      stays: (report) => stays(report, narrowing, en.problems),
      wanted: (flows) => {
        picked += flows.filter((flow) => flow.constructor !== Object).length
        return flows
      },
    }
    const narrowed = lines(narrow(whole, narrowing, en.problems))
    expect(lines(await chosen([file], {}, choice))).toEqual(narrowed)
    expect(lines(await chosen([file], { places: 0 }, choice, 0))).toEqual(narrowed)
    const findings = await chosen([file], {}, { ...choice, wanted: () => [] }, 0)
    expect(findings.findings).toEqual(narrow(whole, narrowing, en.problems).findings)
  }
}

const samples = readdirSync('samples', { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.pcap(ng)?$/.test(name),
)

describe('chosen connections', () => {
  it.each(samples)('%s', (name) => same(join('samples', name)))

  it('of all kinds, with what can happen to them', async () => {
    const file = join(folder, 'made.pcap')
    picked = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(wish, { minLength: 1, maxLength: 4 }),
        fc.array(mishap, { maxLength: 2 }),
        async (wishes, mishaps) => {
          writeFileSync(file, pcapOf(suffer(wishes.flatMap(packetsOf), mishaps), wishes))
          await same(file)
        },
      ),
      { numRuns: 40 },
    )
    expect(picked).toBeGreaterThan(20)
  })
})
