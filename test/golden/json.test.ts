/** docs/json.md against what is really printed: no field that it does not tell, none that it tells and nobody prints. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { analyze, loadLanguage, VERDICTS } from '../../src/index.js'
import { annotateLines, liveHeaderLine, liveLine } from '../../src/views/json.js'
import { split } from '../samples/split.js'
import { SAMPLES, sampleFile } from '../samples/truth.js'
import { flow, report, rows } from '../views/made.js'
import { bothends } from './command.js'

type Line = Readonly<Record<string, unknown>>

const document = readFileSync(new URL('../../docs/json.md', import.meta.url), 'utf8')

/** First column of the table below a heading: every `code` in it. */
const told = (heading: string): string[] => {
  const section = document.split(/^#+ /m).find((text) => text.startsWith(`${heading}\n`))
  if (section === undefined) throw new Error(`docs/json.md has no section ${heading}`)
  const cells = [...section.matchAll(/^\| (`[^|]*?) \|/gm)].map(([, cell]) => cell ?? '')
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ''))
}

const lines: Line[] = []
const take = (printed: Iterable<string>): void => {
  for (const line of printed) lines.push(JSON.parse(line) as Line)
}
const read = (...words: string[]): void => take(bothends(words).trimEnd().split('\n'))

const folder = mkdtempSync(join(tmpdir(), 'bothends-'))
afterAll(() => rmSync(folder, { recursive: true }))

beforeAll(async () => {
  const english = await loadLanguage('en')
  for (const capture of SAMPLES) take(annotateLines(await analyze([sampleFile(capture)]), english, null))
  read('annotate', '--json', 'samples/half-open-server-gives-up.pcap')
  read('netstat', '--at', '#3', '--json', 'samples/half-open-server-gives-up.pcap')
  read('netstat', '--at', '#11', '--json', 'samples/normal-client-close.pcap')
  read('netstat', '--every', '1s', '--json', 'samples/normal-client-close.pcap')
  read('explain', '--json', 'samples/half-open-server-gives-up.pcap')
  read('state', '--json', 'CLOSE_WAIT')
  read('annotate', '--json', ...split('samples/half-open-server-gives-up.pcap', folder, 3))
  // What only following, Ctrl-C and several captures print.
  const [row] = rows([
    { at: 0, from: 'client', flags: 'S', client: ['CLOSED', 'SYN_SENT'], server: 'LISTEN', receivedBy: 4 },
  ])
  if (row === undefined) throw new Error('no row')
  const rare = report([flow({ rows: [{ ...row, receivedByCapture: 1 }] })], { interrupted: true })
  take([liveHeaderLine(rare, ['-']), liveLine(row, 0, english, true)])
  take(annotateLines(rare, english, null))
})

const keysOf = (values: readonly unknown[]): string[] =>
  [...new Set(values.flatMap((value) => Object.keys((value ?? {}) as Line)))].sort()
const of = (type: string): Line[] => lines.filter((line) => line.type === type)
const all = (type: string, field: string): unknown[] => of(type).flatMap((line) => line[field] as unknown[])

test.each(['bothends', 'packet', 'icmp', 'flow', 'finding', 'socket', 'socket-count', 'story', 'page'])(
  '`%s` lines',
  (type) => {
    expect(of(type).length).toBeGreaterThan(0)
    expect(keysOf(of(type))).toEqual(['type', ...told(`\`${type}\``)].sort())
  },
)

test('what is inside of them', () => {
  const parts: readonly (readonly [string, readonly unknown[]])[] = [
    ['`captures[]`', all('bothends', 'captures')],
    ['`client` and `server` of a `packet`', of('packet').flatMap(({ client, server }) => [client, server])],
    ['`calls[]`', all('flow', 'calls')],
    ['`timers[]`', all('flow', 'timers')],
    [
      '`spans.client[]` and `spans.server[]`',
      of('flow').flatMap(({ spans }) => Object.values(spans as Record<string, unknown[]>).flat()),
    ],
  ]
  for (const [heading, values] of parts)
    expect([heading, keysOf(values)]).toEqual([heading, told(heading).sort()])
  expect(keysOf(all('finding', 'causes'))).toEqual(['code', 'likelihood'])
  expect(keysOf(of('socket').map(({ timer }) => timer))).toEqual([
    'certainty',
    'expires',
    'name',
    'probes',
    'retries',
  ])
})

test('every code is told', () => {
  const printed = new Set([...all('packet', 'events'), ...all('icmp', 'events')])
  const codes: readonly string[] = document.match(/`[a-z][a-z-]+`/g) ?? []
  expect([...printed].filter((code) => !codes.includes(`\`${String(code)}\``))).toEqual([])
  expect(VERDICTS.filter((verdict) => !codes.includes(`\`${verdict}\``))).toEqual([])
})
