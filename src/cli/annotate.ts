/**
 * `annotate --json` of a large file: lines are printed as they are found, so that a file may be larger than memory.
 *
 * In: captures, options. Out: the lines of `views/json.ts` in its order; the report without its rows, for the last words.
 */
import { annotated } from '../annotated.js'
import type { Report } from '../report.js'
import { largeFile } from '../survey.js'
import type { Language } from '../text/table.js'
import { endLines, flowLine, headerLine, liveLine } from '../views/json.js'
import { stackOptions } from './analysis.js'
import { LineSpool } from './line-spool.js'
import { writeNow } from './output.js'
import type { RawOptions } from './program.js'
import { watch } from './watch.js'
import type { Wishes } from './wishes.js'

/** Characters: written in pieces of about this size. */
const PIECE = 1 << 16

/** Null: it is not large, or more was asked that needs the whole report. */
export const annotateLarge = async (
  captures: readonly string[],
  raw: RawOptions,
  wishes: Wishes,
  language: Language,
): Promise<Report | null> => {
  const more = [raw.format, raw.loadState, raw.saveState].some((option) => option !== undefined)
  if (more || wishes.flow !== null || wishes.where !== '' || wishes.sysctl.length > 0) return null
  const file = largeFile(captures, {})
  if (file === null) return null
  const flows = new LineSpool()
  const watching = watch({ captures, interruptible: true, ascii: wishes.ascii, language: language.code })
  const encoder = new TextEncoder()
  let piece = ''
  const print = (line: string): void => {
    piece += `${line}\n`
    if (piece.length < PIECE) return
    writeNow(encoder.encode(piece))
    piece = ''
  }
  try {
    const options = { ...(await stackOptions(wishes, language)), ...watching.options }
    const report = await annotated(file, options, {
      begin: (found) => print(headerLine(found)),
      row: (row, flow) => print(liveLine(row, flow, language, false)),
      flow: (flow) => flows.add(flowLine(flow, true)),
    })
    for (const line of flows.lines()) print(line)
    for (const line of endLines({ ...report, flows: [] }, language, null)) print(line)
    writeNow(encoder.encode(piece))
    return report
  } finally {
    watching.end()
    flows.remove()
  }
}
