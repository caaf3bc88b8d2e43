/** Analyses a capture and writes it once more, in a folder of its own. */
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { analyze } from '../../../src/analyze.js'
import type { Report } from '../../../src/report.js'
import { en } from '../../../src/text/en/index.js'
import { written as words } from '../../../src/text/en/written.js'
import { type Written, writeAnnotated } from '../../../src/views/pcapng/index.js'
import { inFolder } from '../../capture/collect.js'

export interface Pair {
  readonly input: string
  readonly output: string
  readonly made: Written
  readonly report: Report
  readonly bytes: Uint8Array
}

export interface Wish {
  readonly flows?: readonly number[]
  /** Adds to the report what is to be written. */
  readonly change?: (report: Report) => Report
}

export const writeOnceMore = <T>(
  capture: Uint8Array,
  check: (pair: Pair) => T | Promise<T>,
  { flows, change = (report) => report }: Wish = {},
): Promise<T> =>
  inFolder(async (folder) => {
    const input = join(folder, 'trace.cap')
    const output = join(folder, 'annotated.pcapng')
    writeFileSync(input, capture)
    const report = change(await analyze([input]))
    const descriptor = openSync(output, 'wx')
    const chosen = flows === undefined ? null : new Set(flows)
    const made = await writeAnnotated(report, { input, flows: chosen, language: en, words }, (bytes) => {
      writeSync(descriptor, bytes)
    })
    closeSync(descriptor)
    return check({ input, output, made, report, bytes: readFileSync(output) })
  })
