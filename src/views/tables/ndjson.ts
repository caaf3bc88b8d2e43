/** A table as NDJSON: an object a line, every column in every line. In: a table. Out: lines with their line ends. */
import type { Table } from './table.js'

export function* ndjsonLines(table: Table): Generator<string> {
  for (const row of table.rows())
    yield `${JSON.stringify(Object.fromEntries(table.columns.map(({ name }, n) => [name, row[n] ?? null])))}\n`
}
