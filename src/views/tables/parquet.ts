/**
 * A table as Apache Parquet, by hyparquet-writer (pure JavaScript, MIT).
 *
 * In: a table. Out: octets, a row group at a time, so that memory does not grow with the table.
 */
import { ByteWriter, parquetWriteRows } from 'hyparquet-writer'
import { VERSION } from '../../version.js'
import type { ColumnType, Table, Value } from './table.js'

type SchemaElement = NonNullable<Parameters<typeof parquetWriteRows>[0]['schema']>[number]

/** Rows a group: what is held at one time. */
const ROW_GROUP = 20_000

const TYPES: Readonly<Record<ColumnType, Partial<SchemaElement>>> = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  integer: { type: 'INT32' },
  long: { type: 'INT64' },
  real: { type: 'DOUBLE' },
  boolean: { type: 'BOOLEAN' },
  // It is UTC; but marked so, DuckDB would make a type of it that ends at microseconds.
  time: { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'NANOS' } },
}

/** 1677 to 2262: what a 64-bit count of nanoseconds can tell. A capture may claim any year. */
const LONGEST = 9_223_372_036n

/** Nanoseconds since 1970 of an ISO 8601 time, or null outside what they can tell. */
export const nanosecondsOf = (iso: string): bigint | null => {
  const seconds = Date.parse(`${iso.slice(0, iso.indexOf('.'))}Z`)
  if (Number.isNaN(seconds)) return null
  const whole = BigInt(Math.round(seconds / 1000))
  if (whole >= LONGEST || whole <= -LONGEST) return null
  const fraction = /\.(\d{1,9})/.exec(iso)?.[1] ?? '0'
  return whole * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'))
}

const cell = (value: Value, type: ColumnType): Value | bigint => {
  if (value === null) return null
  if (type === 'long') return BigInt(Math.trunc(Number(value)))
  if (type === 'time') return nanosecondsOf(String(value))
  return value
}

function* records({ columns, rows }: Table): Generator<Record<string, Value | bigint>> {
  for (const row of rows())
    yield Object.fromEntries(columns.map(({ name, type }, n) => [name, cell(row[n] ?? null, type)]))
}

const writerTo = (write: (bytes: Uint8Array) => void) => {
  const writer = new ByteWriter()
  const flush = (): void => {
    write(new Uint8Array(writer.buffer, 0, writer.index))
    writer.index = 0
  }
  return Object.assign(writer, { flush, finish: flush })
}

/** Calls `write` with the pieces of the file; each is valid only during the call. */
export const writeParquet = async (table: Table, write: (bytes: Uint8Array) => void): Promise<void> => {
  const schema: SchemaElement[] = [
    { name: 'root', num_children: table.columns.length },
    ...table.columns.map(
      ({ name, type }): SchemaElement => ({
        name,
        repetition_type: 'OPTIONAL',
        ...TYPES[type],
      }),
    ),
  ]
  await parquetWriteRows({
    writer: writerTo(write),
    rows: records(table),
    columns: table.columns.map(({ name }) => ({ name })),
    schema,
    rowGroupSize: ROW_GROUP,
    createdBy: `bothends version ${VERSION}`,
    kvMetadata: [
      { key: 'bothends.table', value: table.name },
      { key: 'bothends.schema', value: '1' },
    ],
  })
}
