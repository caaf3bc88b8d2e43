/** CSV after RFC 4180, NDJSON, and what spreadsheets must not run. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { en } from '../../../src/text/en/index.js'
import { csvCell, csvLines } from '../../../src/views/tables/csv.js'
import { ndjsonLines } from '../../../src/views/tables/ndjson.js'
import { tableOf } from '../../../src/views/tables/table.js'
import { packetsTable } from '../../../src/views/tables/tables.js'
import { inFolder } from '../../capture/collect.js'
import { report } from '../made.js'
import { normal } from '../stories.js'
import { ask } from './duckdb.js'

const texts = (values: readonly (string | null)[]) =>
  tableOf<{ readonly text: string | null }>(
    't',
    [{ name: 'text', type: 'text', of: ({ text }) => text }],
    () => values.map((text) => ({ text })),
  )

describe('CSV', () => {
  it('quotes what needs it, and tells nothing from an empty text', () => {
    expect([...csvLines(texts(['a', 'a,b', 'a "b"', 'a\r\nb', '', null, ' a']))].join('')).toBe(
      'text\r\na\r\n"a,b"\r\n"a ""b"""\r\n"a\r\nb"\r\n""\r\n\r\n" a"\r\n',
    )
  })

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['  =1', "'  =1"],
    ['\t=1', "'\t=1"],
    ['\rx', `"'\rx"`],
    ['＝1', "'＝1"],
    ['=HYPERLINK("http://x","y")', `"'=HYPERLINK(""http://x"",""y"")"`],
    ["'=1", "'=1"],
    ['a=1', 'a=1'],
  ])('makes no formula of %j', (text, cell) => expect(csvCell(text, 'text')).toBe(cell))

  it('leaves negative numbers numbers', () => expect(csvCell(-1.5, 'real')).toBe('-1.5'))

  it('is read back by DuckDB as it was, but for the apostrophe', async () => {
    const value = fc
      .string({ unit: 'grapheme', maxLength: 12 })
      .filter((text) => !/^[\s'=+\-@＝＋－＠]/u.test(text))
    const quotes = fc.constantFrom('"', ',', '""', 'a\nb', 'a"b', 'x')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(value, quotes), { minLength: 1, maxLength: 20 }), (values) =>
        inFolder(async (folder) => {
          const clean = values.map((text) => text.replaceAll(/[\0\r]/g, ''))
          const file = join(folder, 't.csv')
          writeFileSync(file, [...csvLines(texts([...clean, 'end']))].join(''))
          const read = `read_csv('${file}', header = true, delim = ',', quote = '"', escape = '"', all_varchar = true, new_line = '\\r\\n')`
          const rows = await ask(`SELECT coalesce(text, '') AS text FROM ${read}`)
          expect(rows.map(({ text }) => text)).toEqual([...clean, 'end'])
        }),
      ),
      { numRuns: 25 },
    )
  })
})

it('writes every column into every object', () => {
  const lines = [...ndjsonLines(packetsTable(report([normal]), [normal], en))]
  expect(lines).toHaveLength(normal.rows.length)
  for (const line of lines) expect(line).toMatch(/^\{.*\}\n$/)
  const first = JSON.parse(lines[0] ?? '') as Record<string, unknown>
  expect(Object.keys(first)).toHaveLength(26)
  expect(first).toMatchObject({
    time: '2026-01-02T03:04:05.250000000Z',
    seq: 1000,
    ack: null,
    received: true,
  })
})
