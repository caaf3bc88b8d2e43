/** A survey's flows in their two forms, the table's and everybody else's: both must say the same. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, it } from 'vitest'
import { listedIn } from '../../src/listed.js'
import { survey } from '../../src/survey.js'
import { flowLine } from '../../src/views/json-flow.js'
import { worstFirst } from '../../src/views/terminal/flow-list.js'
import { mishap, packetsOf, pcapOf, suffer, wish } from '../properties/traffic.js'

const folder = mkdtempSync(join(tmpdir(), 'bothends-flow-list-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const lines = (flows: Iterable<Parameters<typeof flowLine>[0]>): string[] =>
  Array.from(flows, (flow) => flowLine(flow, false))

it('reads the same from the list as from the report, whichever is asked first', async () => {
  const file = join(folder, 'made.pcap')
  const sometimes = fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(mishap, { maxLength: 3 }))
  let listed = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(wish, sometimes), { minLength: 2, maxLength: 12 }),
      fc.integer({ min: 1, max: 14 }),
      async (wished, most) => {
        const packets = wished.flatMap(([each, mishaps], n) => suffer(packetsOf(each, n), mishaps))
        const wishes = wished.map(([each]) => each)
        writeFileSync(
          file,
          pcapOf(
            packets.sort((a, b) => a.at - b.at),
            wishes,
          ),
        )
        const report = await survey([file], { maxFlows: 5 })
        const list = listedIn(report)
        // A single connection was replayed after all.
        if (list === null) return
        listed++
        const [each, worst] = [lines(list), lines(list.worst(most))]
        expect(list).toHaveLength(report.flows.length)
        expect(each).toEqual(lines(report.flows))
        expect(worst).toEqual(lines(worstFirst(report.flows).slice(0, most)))
        expect(lines(list.worst(most))).toEqual(worst)
        expect(listedIn({ ...report })).toBeNull()
      },
    ),
    { numRuns: 50 },
  )
  expect(listed).toBeGreaterThan(40)
})
