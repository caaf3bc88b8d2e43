/**
 * `annotate --json` of large files: lines are printed as they are found, so that a file may be larger than memory.
 *
 * In: captures, options. Out: the lines of `views/json.ts` in its order; the report without its rows, for the last words.
 */
import { annotated, rowOf } from '../annotated.js'
import { isPipe, largeFiles } from '../large.js'
import type { Report } from '../report.js'
import type { Language } from '../text/table.js'
import { findingLines, headerLine, liveLine } from '../views/json.js'
import { FlowLines } from '../views/json-flow-lines.js'
import { RowLines } from '../views/json-rows.js'
import { stackOptions } from './analysis.js'
import { OctetSpool } from './octet-spool.js'
import { writeNow } from './output.js'
import type { RawOptions } from './program.js'
import { watch } from './watch.js'
import type { Wishes } from './wishes.js'

/** Null: it is not large, or more was asked that needs the whole report. */
export const annotateLarge = async (
  captures: readonly string[],
  raw: RawOptions,
  wishes: Wishes,
  language: Language,
): Promise<Report | null> => {
  const more = [raw.format, raw.loadState, raw.saveState].some((option) => option !== undefined)
  if (more || wishes.flow !== null || wishes.where !== '' || wishes.sysctl.length > 0) return null
  const pipes = captures.some(isPipe) ? (await import('./pipes.js')).keepPipes() : null
  if (pipes === null && largeFiles(captures, {}) === null) return null
  const flowLines = new OctetSpool()
  const watching = watch({
    captures,
    interruptible: true,
    readsOn: true,
    ascii: wishes.ascii,
    language: language.code,
  })
  const lines = new RowLines(language, rowOf, writeNow)
  // They stand behind the packets.
  const flows = new FlowLines((bytes) => flowLines.add(bytes))
  try {
    const kept = pipes === null ? {} : { open: pipes.open }
    const options = { ...(await stackOptions(wishes, language)), ...watching.options, ...kept }
    const report = await annotated(captures, options, {
      begin: (found) => lines.line(headerLine(found)),
      row: (row, flow) => lines.line(liveLine(row, flow, language, false)),
      plainRow: (kind, numbers) => lines.row(kind, numbers),
      rowLike: (example, numbers) => lines.rowLike(example, numbers),
      flow: (flow) => flows.flow(flow),
      plainFlow: (flow, history) => flows.plainFlow(flow, history),
    })
    flows.flush()
    lines.flush()
    for (const piece of flowLines.pieces()) writeNow(piece)
    for (const line of findingLines(report, language)) lines.line(line)
    lines.flush()
    return report
  } finally {
    watching.end()
    flowLines.remove()
    pipes?.remove()
  }
}
