/** docs/queries.md is run, every query over two captures, and answers what can be reckoned by hand. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyze } from '../../../src/analyze.js'
import { en } from '../../../src/text/en/index.js'
import { csvLines } from '../../../src/views/tables/csv.js'
import { ndjsonLines } from '../../../src/views/tables/ndjson.js'
import { writeParquet } from '../../../src/views/tables/parquet.js'
import { tablesOf } from '../../../src/views/tables/tables.js'
import { inFolder } from '../../capture/collect.js'
import { ENDS } from '../frames.js'
import { FIRST, LEAKY, SECOND, SOUND } from './captures.js'
import { ask, type Row } from './duckdb.js'

const doc = (name: string): string => readFileSync(new URL(`../../../docs/${name}`, import.meta.url), 'utf8')

const blocks = [...doc('queries.md').matchAll(/```sql\n(.*?)```/gs)].map(([, sql = '']) => sql)
const [VIEWS = '', ...QUERIES] = blocks

let folder = ''
let finish: () => void = () => {}
let gone: Promise<void>

beforeAll(async () => {
  await new Promise<void>((ready, failed) => {
    gone = inFolder(async (made) => {
      folder = made
      const files = [join(made, 'monday.pcap'), join(made, 'tuesday.pcap')]
      for (const [n, file] of files.entries()) writeFileSync(file, n === 0 ? FIRST : SECOND)
      for (const table of tablesOf(await analyze(files), en)) {
        const pieces: Uint8Array[] = []
        await writeParquet(table, (bytes) => pieces.push(bytes.slice()))
        writeFileSync(join(made, `${table.name}.parquet`), Buffer.concat(pieces))
        writeFileSync(join(made, `${table.name}.csv`), [...csvLines(table)].join(''))
        writeFileSync(join(made, `${table.name}.ndjson`), [...ndjsonLines(table)].join(''))
      }
      ready()
      await new Promise<void>((done) => {
        finish = done
      })
    })
    gone.catch(failed)
  })
})
afterAll(async () => {
  finish()
  await gone
})

const answer = (sql: string): Promise<Row[]> =>
  ask(
    ...VIEWS.replaceAll("'out/", `'${folder}/`)
      .split(';')
      .filter((part) => part.trim() !== ''),
    sql,
  )

describe('docs/queries.md', () => {
  it('has five queries', () => expect(QUERIES).toHaveLength(5))

  it('1: which hosts held more than n CLOSE_WAIT at once, over both captures', async () => {
    const [sql = ''] = QUERIES
    // Three on Monday that nobody ever closed, two more on Tuesday.
    expect(await answer(sql)).toMatchObject([{ host: LEAKY, most: 5 }])
    expect(await answer(sql.replace('most > 2', 'most > 4'))).toHaveLength(1)
    expect(await answer(sql.replace('most > 2', 'most > 5'))).toEqual([])
    // The sound service had one each day, never two.
    expect(await answer(sql.replace('most > 2', 'most > 0'))).toMatchObject([
      { host: LEAKY, most: 5 },
      { host: SOUND, most: 1 },
    ])
  })

  it('2: what netstat would have counted', async () => {
    // After two seconds two connections are left open, each side of them in its own state.
    expect(await answer(QUERIES[1] ?? '')).toEqual([
      { host: ENDS.client, state: 'FIN_WAIT_2', sockets: 2 },
      { host: LEAKY, state: 'CLOSE_WAIT', sockets: 2 },
    ])
  })

  it('3: which services make their clients wait', async () => {
    const [first] = await answer(QUERIES[2] ?? '')
    // The second SYN comes after 1 s, the SYN+ACK 0.01 s later; where the capture was taken may add as much again.
    expect(first).toMatchObject({ server: SOUND, port: 80, attempts: 3, syns_again: 1 })
    expect(first?.slowest).toBeGreaterThanOrEqual(1.01)
    expect(first?.slowest).toBeLessThanOrEqual(1.02)
  })

  it('4: what the applications saw', async () => {
    expect(await answer(QUERIES[3] ?? '')).toContainEqual({
      side: 'client',
      function: 'connect',
      errno: 'ECONNREFUSED',
      server: SOUND,
      port: 81,
      times: 1,
    })
  })

  it('5: on whose side TIME_WAIT collects', async () => {
    // The client closed first in both connections that closed; each capture ends within the minute after that.
    expect(await answer(QUERIES[4] ?? '')).toEqual([
      { host: ENDS.client, side: 'client', peer: SOUND, sockets: 2, still_there: 2 },
    ])
  })
})

describe('docs/export.md', () => {
  it.each(['packets', 'flows', 'findings', 'transitions'])(
    'has the columns and types of %s',
    async (name) => {
      const section = doc('export.md').split(`\n### ${name}\n`)[1]?.split('\n### ')[0] ?? ''
      const promised = [...section.matchAll(/^\| `(\w+)` \| (\w+) \|/gm)].map(([, column, type]) => [
        column,
        type,
      ])
      const found = await answer(`DESCRIBE ${name}`)
      expect(promised).toEqual(found.map((row) => [row.column_name, row.column_type]))
    },
  )

  it.each(['packets', 'flows', 'findings', 'transitions'])(
    'has the same %s in every format',
    async (name) => {
      const csv = `read_csv('${folder}/${name}.csv', header = true, all_varchar = true, quote = '"', escape = '"')`
      const json = `read_json('${folder}/${name}.ndjson', format = 'newline_delimited')`
      const text = 'SELECT text FROM'
      const columns = name === 'transitions' ? 'SELECT rules AS text FROM' : text
      const rows = await answer(`${columns} ${name}`)
      expect(await answer(`${columns} ${json}`)).toEqual(rows)
      const plain = rows.map(({ text: said }) => ({ text: said === '' ? null : said }))
      const fromCsv = await answer(`SELECT nullif(text, '') AS text FROM (${columns} ${csv})`)
      expect(fromCsv).toEqual(plain)
    },
  )
})
