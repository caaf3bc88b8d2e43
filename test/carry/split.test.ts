/**
 * A capture cut in two (or more) and analysed as it comes is the capture analysed at once: connections and rows are
 * equal wherever it is cut.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AnalyzeOptions, analyze } from '../../src/analyze.js'
import type { Carried } from '../../src/carry/carried.js'
import { readState, stateLines } from '../../src/carry/lines.js'
import type { Report } from '../../src/report.js'
import { inFolder } from '../capture/collect.js'

const SAMPLES = fileURLToPath(new URL('../../samples', import.meta.url))

/** Header and records of a little-endian pcap. */
const parts = (bytes: Buffer): { header: Buffer; records: Buffer[] } => {
  const records: Buffer[] = []
  for (let at = 24; at < bytes.length; ) {
    const next = at + 16 + bytes.readUInt32LE(at + 8)
    records.push(bytes.subarray(at, next))
    at = next
  }
  return { header: bytes.subarray(0, 24), records }
}

async function* each(lines: Iterable<string>): AsyncGenerator<string> {
  yield* lines
}

/** Analyses the files one by one, each run with what the one before wrote; the last run's report. */
const inRuns = async (files: readonly string[], options: AnalyzeOptions = {}): Promise<Report> => {
  let written: string[] | undefined
  let report: Report | undefined
  for (const file of files) {
    const carried: Carried | undefined = written && (await readState(each(written)))
    report = await analyze([file], {
      ...options,
      ...(carried && { carried }),
      leave: (left) => {
        written = [...stateLines(left)]
      },
    })
  }
  if (report === undefined) throw new Error('no files')
  return report
}

/** What runs take for one set, others do only where no long pause lies between its files. */
const ONE_SET: AnalyzeOptions = { leave: () => {} }

const cut = (folder: string, bytes: Buffer, places: readonly number[]): string[] => {
  const { header, records } = parts(bytes)
  const edges = [0, ...places, records.length]
  return edges.slice(1).map((end, index) => {
    const file = join(folder, `part${index}`)
    writeFileSync(file, Buffer.concat([header, ...records.slice(edges[index], end)]))
    return file
  })
}

const isLittle = (file: string): boolean => {
  const bytes = readFileSync(file)
  const magic = bytes.readUInt32LE(0)
  return magic === 0xa1b2c3d4 || magic === 0xa1b23c4d
}

const samples = readdirSync(SAMPLES)
  .filter((name) => name.endsWith('.pcap') && isLittle(join(SAMPLES, name)))
  .map((name) => [name, parts(readFileSync(join(SAMPLES, name))).records.length] as const)

describe('every sample in two runs', () => {
  it.each(samples)('%s', (name, count) =>
    inFolder(async (folder) => {
      const bytes = readFileSync(join(SAMPLES, name))
      // Every place of a short one, a few of a long one.
      const step = count <= 30 ? 1 : Math.floor(count / 6)
      for (let place = 0; place <= count; place += step) {
        const files = cut(folder, bytes, [place])
        const apart = await inRuns(files)
        const whole = await analyze(files, ONE_SET)
        expect(apart.flows, `cut at ${place}`).toEqual(whole.flows)
        expect(apart).toEqual(whole)
      }
    }),
  )
})

describe('a sample in many runs', () => {
  it('is the same, also with kernel settings', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...samples),
        fc.array(fc.nat(1000), { minLength: 2, maxLength: 5 }),
        ([name, count], places) =>
          inFolder(async (folder) => {
            const sorted = places.map((place) => place % (count + 1)).sort((a, b) => a - b)
            const files = cut(folder, readFileSync(join(SAMPLES, name)), sorted)
            const options: AnalyzeOptions = { sysctl: { client: { 'net.ipv4.tcp_fin_timeout': '30' } } }
            expect(await inRuns(files, options)).toEqual(await analyze(files, { ...options, ...ONE_SET }))
          }),
      ),
      { numRuns: 12, seed: 6 },
    ))
})
