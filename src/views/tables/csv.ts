/**
 * A table as CSV after RFC 4180: a header line, CRLF, quotes where they are needed.
 *
 * In: a table. Out: lines with their line ends. A text that a spreadsheet would take for a formula gets an
 * apostrophe in front (CWE-1236); null is nothing, an empty text is `""`.
 */
import type { ColumnType, Table, Value } from './table.js'

/** What begins a formula in one spreadsheet or another, in its wide form too. */
const FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/u
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$|^$/

const quoted = (text: string): string => (NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

export const csvCell = (value: Value, type: ColumnType): string => {
  if (value === null) return ''
  if (type !== 'text' || typeof value !== 'string') return String(value)
  return quoted(FORMULA.test(value) ? `'${value}` : value)
}

/** Each line with its CRLF. */
export function* csvLines(table: Table): Generator<string> {
  yield `${table.columns.map(({ name }) => name).join(',')}\r\n`
  for (const row of table.rows())
    yield `${row.map((value, n) => csvCell(value, table.columns[n]?.type ?? 'text')).join(',')}\r\n`
}
