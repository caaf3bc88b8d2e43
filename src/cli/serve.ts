/** `bothends serve`: the report page on 127.0.0.1 until it is interrupted. In: captures, options. Out: the address on stdout. */
import { stat } from 'node:fs/promises'
import type { Report } from '../report.js'
import type { Language } from '../text/table.js'
import { htmlPage } from '../views/html/index.js'
import { serve } from '../views/serve/index.js'
import type { Analyze } from './analysis.js'
import { expectFlow, onlyFlow } from './one-flow.js'
import { standardOutput } from './output.js'
import type { RawOptions } from './program.js'
import { openInBrowser } from './report.js'
import type { Wishes } from './wishes.js'

/** Milliseconds: a capture that grows all the time is not analysed more often than that. */
const LOOK = 1000

export const serveReport = async (
  captures: readonly string[],
  raw: RawOptions,
  wishes: Wishes,
  language: Language,
  analyze: Analyze,
  typed: string,
): Promise<void> => {
  // What can't be read is told before anything is served.
  let first: Report | null = await analyze(captures, wishes, language)
  expectFlow(first, wishes.flow, language)
  const { address, close } = await serve({
    interval: LOOK,
    stamp: async () => (await Promise.all(captures.map(stampOf))).join(),
    page: async (live) => {
      const report = first ?? (await analyze(captures, wishes, language))
      first = null
      const options = {
        language: language.code,
        browserDecides: raw.lang === undefined,
        spelling: wishes.names,
        typed,
      }
      return htmlPage(onlyFlow(report, wishes.flow, language), options, live)
    },
  })
  standardOutput().write(`${address}\n`)
  if (raw.open === true) openInBrowser(address)
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  await close()
}

/** Changes whenever the file does. Standard input is read once. */
const stampOf = async (file: string): Promise<string> => {
  if (file === '-') return file
  const { size, mtimeMs, ino } = await stat(file)
  return `${size} ${mtimeMs} ${ino}`
}
