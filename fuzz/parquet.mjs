/**
 * A Parquet file read back, by DuckDB: it holds the table it was made from, every value of it.
 *
 * In: a file's bytes, the table. Out: nothing, or the broken promise as an error.
 */
import { nanosecondsOf } from '../dist/views/tables/parquet.js'
import { fileOf } from './beside.mjs'
import { must } from './outputs.mjs'

/** One for all inputs: to make one takes longer than to ask it. */
let connected = null
const connection = () => {
  connected ??= import('@duckdb/node-api')
    .then(({ DuckDBInstance }) => DuckDBInstance.create(':memory:', { threads: '1' }))
    .then((database) => database.connect())
    .then(async (opened) => {
      // It knows files by name, size and time: two tables of one size within a moment would be one to it.
      await opened.run('SET enable_external_file_cache = false')
      return opened
    })
  return connected
}

const TYPES = {
  text: 'VARCHAR',
  integer: 'INTEGER',
  long: 'BIGINT',
  real: 'DOUBLE',
  boolean: 'BOOLEAN',
  time: 'TIMESTAMP_NS',
}

/** As DuckDB's answers are written in JSON: what needs 64 bits is text. */
const EXPECTED = {
  text: String,
  integer: Number,
  long: (value) => String(BigInt(value)),
  real: Number,
  boolean: Boolean,
  time: (value) => nanosecondsOf(value)?.toString() ?? null,
}

export async function parquet(bytes, { name, columns, rows }) {
  const length = bytes.readUInt32LE(bytes.length - 8)
  const magic = bytes.toString('latin1', 0, 4) + bytes.toString('latin1', bytes.length - 4)
  must(magic === 'PAR1PAR1' && length + 12 <= bytes.length, 'parquet: magic and footer', [magic, length])
  const asked = columns.map((column) =>
    column.type === 'time' ? `epoch_ns("${column.name}")::VARCHAR` : `"${column.name}"`,
  )
  const from = `FROM read_parquet('${fileOf(bytes, 'read-back.parquet')}', file_row_number = true)`
  const ask = await connection()
  const described = await ask.runAndReadAll(`DESCRIBE SELECT * EXCLUDE file_row_number ${from}`)
  must(
    described
      .getRowObjectsJson()
      .map((row) => `${row.column_name} ${row.column_type}`)
      .join() === columns.map((column) => `${column.name} ${TYPES[column.type]}`).join(),
    'parquet: the columns and their types',
    name,
  )
  const read = await ask.runAndReadAll(`SELECT ${asked.join()} ${from} ORDER BY file_row_number`)
  const found = read.getRowsJson()
  const wanted = [...rows()]
  must(found.length === wanted.length, 'parquet: every row', [name, found.length, wanted.length])
  for (const [n, row] of wanted.entries())
    for (const [c, value] of row.entries()) {
      const expected = value === null ? null : EXPECTED[columns[c].type](value)
      must(found[n][c] === expected, 'parquet: the value as it was', [
        `${name}.${columns[c].name}`,
        found[n][c],
        expected,
      ])
    }
}
