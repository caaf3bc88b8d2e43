/** `bothends export`: all tables into a folder. In: captures, options. Out: the files, all or none; the report. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Report } from '../report.js'
import { inCaptures } from '../text/capture-names.js'
import type { Language } from '../text/table.js'
import { loadWritten } from '../text/written.js'
import type { Table } from '../views/tables/table.js'
import { TABLE_NAMES, tablesOf } from '../views/tables/tables.js'
import type { Analyze } from './analysis.js'
import { checkPlace, NewFile } from './new-file.js'
import { onlyFlow } from './one-flow.js'
import { Problem } from './problem.js'
import type { RawOptions } from './program.js'
import type { Wishes } from './wishes.js'

const FORMATS = ['parquet', 'ndjson', 'csv'] as const
type Format = (typeof FORMATS)[number]

export const exportTables = async (
  captures: readonly string[],
  raw: RawOptions,
  wishes: Wishes,
  language: Language,
  analyze: Analyze,
): Promise<Report> => {
  const words = await loadWritten(language.code)
  if (raw.output === undefined) throw new Problem(words.problems.needsFolder)
  const asked = raw.format ?? 'parquet'
  const format = FORMATS.find((name) => name === asked)
  if (format === undefined)
    throw new Problem(language.problems.badChoice('--format', asked, FORMATS.join(', ')))
  const folder = raw.output
  const place = { force: raw.force === true, inputs: captures, words: words.problems }
  const fileOf = (name: string): string => join(folder, `${name}.${format}`)
  for (const name of TABLE_NAMES) checkPlace(fileOf(name), place)
  const report = await analyze(captures, wishes, language)
  // Those of the runs before are known only now.
  const named = inCaptures(
    language,
    report.captures.map(({ file }) => file),
  )
  const wanted = onlyFlow(report, wishes.flow, language)
  mkdirSync(folder, { recursive: true })
  const files: NewFile[] = []
  try {
    for (const table of tablesOf(wanted, named)) {
      const file = new NewFile(fileOf(table.name), place)
      files.push(file)
      await writeTable(table, format, file.write)
    }
    // Put in their places only when all are whole.
    for (const file of files) file.keep()
  } finally {
    for (const file of files) file.discard()
  }
  return report
}

const UTF8 = new TextEncoder()

const writeTable = async (
  table: Table,
  format: Format,
  write: (bytes: Uint8Array) => void,
): Promise<void> => {
  if (format === 'parquet') return (await import('../views/tables/parquet.js')).writeParquet(table, write)
  const lines =
    format === 'csv'
      ? (await import('../views/tables/csv.js')).csvLines(table)
      : (await import('../views/tables/ndjson.js')).ndjsonLines(table)
  for (const line of lines) write(UTF8.encode(line))
}
