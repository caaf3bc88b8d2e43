/** DuckDB reads the Parquet files, with the types that docs/export.md promises. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { en } from '../../../src/text/en/index.js'
import { nanosecondsOf, writeParquet } from '../../../src/views/tables/parquet.js'
import { type Table, tableOf } from '../../../src/views/tables/table.js'
import { packetsTable, tablesOf, transitionsTable } from '../../../src/views/tables/tables.js'
import { inFolder } from '../../capture/collect.js'
import { flow, report, rows } from '../made.js'
import { normal } from '../stories.js'
import { ask } from './duckdb.js'

const written = async (table: Table): Promise<Uint8Array> => {
  const pieces: Uint8Array[] = []
  await writeParquet(table, (bytes) => pieces.push(bytes.slice()))
  return Buffer.concat(pieces)
}

const asked = (table: Table, sql: string) =>
  inFolder(async (folder) => {
    const file = join(folder, 't.parquet')
    writeFileSync(file, await written(table))
    return ask(sql.replace('$t', `'${file}'`))
  })

const packets = packetsTable(report([normal]), [normal], en)

it('has the types of the documentation', async () => {
  const described = await asked(packets, 'DESCRIBE SELECT * FROM $t')
  const types = Object.fromEntries(described.map((row) => [row.column_name, row.column_type]))
  expect(types).toMatchObject({
    packet: 'INTEGER',
    captured_at: 'DOUBLE',
    seq: 'BIGINT',
    received: 'BOOLEAN',
    client_state: 'VARCHAR',
    time: 'TIMESTAMP_NS',
  })
})

it('keeps every value', async () => {
  const [first, second] = await asked(packets, 'SELECT * FROM $t ORDER BY packet')
  expect(first).toMatchObject({
    capture: 'trace.pcap',
    packet: 1,
    flow: 0,
    time: '2026-01-02 03:04:05.25',
    captured_at: 0,
    sender: 'client',
    flags: 'S',
    seq: '1000',
    ack: null,
    client_state: 'SYN_SENT',
    client_was: 'CLOSED',
    server_rules: '3.10.7.2/3-syn',
    received: true,
    received_by: null,
    events: '',
  })
  // Sequence numbers above 2^31.
  expect(second).toMatchObject({ seq: '4000000000', ack: '1001', relative_seq: '0', relative_ack: '1' })
})

it('tells nanoseconds apart', async () => {
  const table = tableOf<string>('t', [{ name: 'time', type: 'time', of: (time) => time }], () => [
    '2026-01-02T03:04:05.123456789Z',
    '1969-12-31T23:59:59.999999999Z',
    '9999-01-01T00:00:00.000000000Z',
  ])
  expect(await asked(table, 'SELECT epoch_ns(time)::VARCHAR AS ns FROM $t')).toEqual([
    { ns: `${Date.UTC(2026, 0, 2, 3, 4, 5) / 1000}123456789` },
    { ns: '-1' },
    { ns: null },
  ])
})

it('is a file that opens without any row', async () => {
  for (const table of tablesOf(report([]), en))
    expect(await asked(table, 'SELECT count(*)::INTEGER AS n FROM $t')).toEqual([{ n: 0 }])
})

it('keeps rows of many row groups in order', async () => {
  const numbers = tableOf<number>('t', [{ name: 'n', type: 'integer', of: (n) => n }], () =>
    Array.from({ length: 45_000 }, (_, n) => n),
  )
  const [row] = await asked(
    numbers,
    'SELECT count(*)::INTEGER AS n, sum(n)::DOUBLE AS sum, bool_and(n = file_row_number) AS ordered FROM read_parquet($t, file_row_number = true)',
  )
  expect(row).toEqual({ n: 45_000, sum: (44_999 * 45_000) / 2, ordered: true })
})

describe('a transition', () => {
  it('has the state before, its beginning and its end, and none where the capture knows none', async () => {
    const spans = { client: normal.spans.client, server: [] }
    const table = transitionsTable(report([normal]), [{ ...normal, spans }])
    const found = await asked(table, 'SELECT was, state, since_at, until_at FROM $t')
    expect(found).toEqual(
      spans.client.map(({ state, from, to }, n) => ({
        was: spans.client[n - 1]?.state ?? null,
        state,
        since_at: from,
        until_at: to,
      })),
    )
    expect(found.length).toBeGreaterThan(2)
  })
})

it('reads times after the calendar, not after the machine it runs on', () => {
  expect(nanosecondsOf('1970-01-01T00:00:01.5Z')).toBe(1_500_000_000n)
  expect(nanosecondsOf('0001-01-01T00:00:00.000000000Z')).toBeNull()
  expect(nanosecondsOf('')).toBeNull()
})

it('holds hostile text as it is printed everywhere: without control characters', async () => {
  const evil = report([flow({ rows: rows([]), outer: 'a\u001b[2J\u202Eb' })])
  const outer = tablesOf(evil, en).find(({ name }) => name === 'flows')
  if (outer === undefined) throw new Error('no table of flows')
  expect(await asked(outer, 'SELECT tunnel FROM $t')).toEqual([{ tunnel: 'a\\u{1b}[2J\\u{202e}b' }])
})
