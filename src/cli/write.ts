/** `bothends write`: the capture once more with comments. In: one capture, options. Out: the file; the report. */
import { createReadStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Report } from '../report.js'
import type { Language } from '../text/table.js'
import { loadWritten } from '../text/written.js'
import { UnwritableError, writeAnnotated } from '../views/pcapng/index.js'
import type { Analyze } from './analysis.js'
import { whenEnded } from './ending.js'
import { checkPlace, NewFile } from './new-file.js'
import { expectFlow } from './one-flow.js'
import { standardOutput } from './output.js'
import { Problem } from './problem.js'
import type { RawOptions } from './program.js'
import { spool } from './spool.js'
import type { Wishes } from './wishes.js'

export const write = async (
  captures: readonly string[],
  raw: RawOptions,
  wishes: Wishes,
  language: Language,
  analyze: Analyze,
  /** Packets were chosen behind the file names. */
  filtered: boolean,
): Promise<Report> => {
  const words = await loadWritten(language.code)
  const [capture, ...more] = captures
  if (capture === undefined || more.length > 0) throw new Problem(words.problems.oneCapture)
  const toPipe = raw.output === '-'
  if (raw.output === undefined || (toPipe && process.stdout.isTTY))
    throw new Problem(words.problems.needsOutput)
  const place = { force: raw.force === true, inputs: captures, words: words.problems }
  if (!toPipe) checkPlace(raw.output, place)
  const input = await spool(capture)
  try {
    const analyzed = await analyze([input.file], wishes, language)
    // It is known by the name that was typed.
    const report = { ...analyzed, captures: analyzed.captures.map((info) => ({ ...info, file: capture })) }
    expectFlow(report, wishes.flow, language)
    // A pipe is written to when all is there: its reader may be slow, and we read the capture at our own pace.
    const folder = toPipe ? mkdtempSync(join(tmpdir(), 'bothends-')) : null
    const tidy = (): void => {
      if (folder !== null) rmSync(folder, { recursive: true, force: true })
    }
    const forget = whenEnded(tidy)
    const output = folder === null ? raw.output : join(folder, 'annotated')
    const file = new NewFile(output, place)
    try {
      const flows = chosen(report, wishes, filtered)
      const made = await writeAnnotated(report, { input: input.file, flows, language, words }, file.write)
      file.keep()
      if (folder !== null) await pipeline(createReadStream(output), standardOutput(), { end: false })
      if (made.withoutPlace > 0) remark(words.remarks.withoutPlace(made.withoutPlace))
      if (made.leftOut > 0) remark(words.remarks.leftOut(made.leftOut))
    } finally {
      file.discard()
      forget()
      tidy()
    }
    return report
  } catch (error) {
    if (error instanceof UnwritableError) throw new Problem(words.problems.linkType(error.linkType))
    throw error
  } finally {
    input.remove()
  }
}

/** The flows whose packets are written; null: every packet of the capture, whatever it is. */
const chosen = (report: Report, wishes: Wishes, filtered: boolean): ReadonlySet<number> | null => {
  if (wishes.flow !== null) return new Set([wishes.flow])
  return filtered || wishes.where !== '' ? new Set(report.flows.map(({ flow }) => flow)) : null
}

const remark = (line: string): void => void process.stderr.write(`bothends: ${line}\n`)
