/** `bothends report`: the report page as a file. In: captures, options. Out: the file, put in its place whole; the report. */
import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import type { Report } from '../report.js'
import type { Language } from '../text/table.js'
import { loadWritten } from '../text/written.js'
import { htmlPage } from '../views/html/index.js'
import type { Analyze } from './analysis.js'
import { checkPlace, NewFile } from './new-file.js'
import { onlyFlow } from './one-flow.js'
import { standardOutput } from './output.js'
import { Problem } from './problem.js'
import type { RawOptions } from './program.js'
import type { Wishes } from './wishes.js'

export const writeReport = async (
  captures: readonly string[],
  raw: RawOptions,
  wishes: Wishes,
  language: Language,
  analyze: Analyze,
  typed: string,
): Promise<Report> => {
  const { problems } = await loadWritten(language.code)
  const toPipe = raw.output === '-'
  if ((raw.output === undefined && raw.open !== true) || (toPipe && process.stdout.isTTY))
    throw new Problem(problems.needsOutput)
  const place = { force: raw.force === true, inputs: captures, words: problems }
  if (raw.output !== undefined && !toPipe) checkPlace(raw.output, place)
  const report = await analyze(captures, wishes, language)
  const chosen = onlyFlow(report, wishes.flow, language)
  const html = await htmlPage(chosen, {
    language: language.code,
    browserDecides: raw.lang === undefined,
    spelling: wishes.names,
    typed,
  })
  if (toPipe) {
    standardOutput().write(html)
    return report
  }
  // Only to be looked at: a folder of its own, that nobody else can read or has prepared.
  const output = raw.output ?? join(mkdtempSync(join(tmpdir(), 'bothends-')), 'report.html')
  const file = new NewFile(output, place)
  try {
    file.write(new TextEncoder().encode(html))
    file.keep()
  } finally {
    file.discard()
  }
  if (raw.output === undefined) standardOutput().write(`${output}\n`)
  if (raw.open === true) openInBrowser(resolve(output))
  return report
}

/** What opens a file or an address in the browser. Arguments are passed as they are: no shell reads them. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

export const openInBrowser = (target: string): void => {
  const [command, ...before] = OPENERS[process.platform] ?? ['xdg-open']
  const browser = spawn(command, [...before, target], { detached: true, stdio: 'ignore' })
  // Without a browser the file is there all the same.
  browser.on('error', () => {})
  browser.unref()
}
