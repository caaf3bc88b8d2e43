/** Every field that any command prints as JSON is named in docs/json.md, in the section of its line. */
import { readdirSync, readFileSync } from 'node:fs'
import { beforeEach, describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import type { Report } from '../../src/report.js'
import { en } from '../../src/text/en/index.js'
import { speller } from '../../src/text/states.js'
import { loadStory } from '../../src/text/story.js'
import { explainJson } from '../../src/views/explain/index.js'
import { annotateLines, liveHeaderLine, liveLine } from '../../src/views/json.js'
import { atTheEnd, netstatJson, readMoment } from '../../src/views/netstat/index.js'
import { flow, report as made, rows } from './made.js'

const document = readFileSync('docs/json.md', 'utf8')

/** Words in code, by the heading above them. */
const sections = new Map(
  document.split(/^##+ /m).map((part) => {
    const [heading = '', ...lines] = part.split('\n')
    return [heading, wordsIn(lines.join('\n'))] as const
  }),
)
/** In which row of a table the first cell names it: the words of the rest. */
const rowsOf = (heading: string): Map<string, Set<string>> => {
  const part = document.split(/^##+ /m).find((each) => each.startsWith(`${heading}\n`)) ?? ''
  return new Map(
    part.split('\n').flatMap((line) => {
      const [, first = '', second = ''] = line.split('|')
      return [...wordsIn(first)].map((word) => [word, wordsIn(second)] as const)
    }),
  )
}
function wordsIn(text: string): Set<string> {
  return new Set([...text.matchAll(/`[{"]*([\w-]+)/g)].map(([, word = '']) => word))
}

/** Where the fields of a line, or of an object within it, are named. `null`: its keys are data. */
const PLACES: Readonly<Record<string, string | null>> = {
  bothends: '`bothends`',
  'bothends.captures': '`captures[]`',
  'bothends.captures.other': null,
  packet: '`packet`',
  'packet.client': '`client` and `server` of a `packet`',
  'packet.server': '`client` and `server` of a `packet`',
  'packet.client.hindsight': '`client` and `server` of a `packet`',
  'packet.server.hindsight': '`client` and `server` of a `packet`',
  icmp: '`icmp`',
  flow: '`flow`',
  'flow.client': '`flow`',
  'flow.server': '`flow`',
  'flow.capturedNear': '`flow`',
  'flow.calls': '`calls[]`',
  'flow.spans': '`flow`',
  'flow.spans.client': '`spans.client[]` and `spans.server[]`',
  'flow.spans.server': '`spans.client[]` and `spans.server[]`',
  'flow.timers': '`timers[]`',
  finding: '`finding`',
  'finding.causes': '`finding`',
  socket: '`socket`',
  'socket.timer': '`socket`',
  'socket-count': '`socket-count`',
  'socket-count.states': null,
  story: '`story`',
}
const NOTES = rowsOf('`notes[]`')
const ARGUMENTS = rowsOf('`args`')
const COMMON = sections.get('`args`') ?? new Set()

const missing = new Set<string>()
const seen = new Set<string>()
const look = (value: unknown, path: string): void => {
  if (Array.isArray(value)) {
    for (const each of value) look(each, path)
    return
  }
  if (typeof value !== 'object' || value === null) return
  const fields = Object.entries(value)
  const { code, id } = value as { code?: string; id?: string }
  const isNote = /\.notes$|\.reason$/.test(path)
  const place = isNote ? '`notes[]`' : PLACES[path]
  if (place === null) return
  const named = isNote ? NOTES.get(code ?? '') : sections.get(place ?? '')
  for (const [name, inner] of fields) {
    seen.add(`${path}.${name}`)
    const known = named?.has(name) === true || name === 'type' || (isNote && name === 'code')
    if (!known) missing.add(`${path}.${name}${isNote ? ` of ${code}` : ''}`)
    if (path === 'finding' && name === 'args') {
      const own = ARGUMENTS.get(id ?? '') ?? new Set()
      for (const argument of Object.keys(inner as object))
        if (!own.has(argument) && !COMMON.has(argument)) missing.add(`args of ${id}: ${argument}`)
    } else look(inner, `${path}.${name}`)
  }
}
const lookAt = (lines: Iterable<string>): void => {
  for (const line of lines) {
    const value = JSON.parse(line) as { type: string }
    look(value, value.type)
  }
}

const WANTED = { host: null, timers: true, spell: speller('rfc'), strong: String, faint: String } as const

const everythingOf = async (report: Report): Promise<void> => {
  lookAt(annotateLines(report, en, null))
  const middle = readMoment(`#${Math.ceil((report.captures[0]?.packets ?? 1) / 2)}`, report)
  if ('wrong' in middle) throw new Error(middle.wrong)
  const moments = [middle, atTheEnd('end', report)]
  lookAt(netstatJson(report, { ...WANTED, moments, every: null }))
  lookAt(netstatJson(report, { ...WANTED, moments: [], every: Math.max(1, report.endAt) }))
  const view = { language: en, spell: speller('rfc') }
  lookAt(explainJson(report, report.flows.slice(0, 3), view, await loadStory('en')))
}

describe('docs/json.md names every field', () => {
  beforeEach(() => missing.clear())
  const captures = [
    ...readdirSync('samples').map((name) => `samples/${name}`),
    ...readdirSync('samples/findings').flatMap((id) =>
      readdirSync(`samples/findings/${id}`).map((name) => `samples/findings/${id}/${name}`),
    ),
  ].filter((file) => /\.pcap(ng)?$/.test(file))

  it.each(captures)('of %s', async (file) => {
    await everythingOf(await analyze([file]))
    expect([...missing]).toEqual([])
  })

  it('of several captures, and of what is told while packets come', async () => {
    const [row] = rows([
      { at: 0, from: 'client', flags: 'S', client: ['CLOSED', 'SYN_SENT'], server: 'LISTEN', receivedBy: 4 },
    ])
    if (row === undefined) throw new Error('no row')
    const hindsight = { instead: 'SYN_RECEIVED', packet: 4, capture: 1 } as const
    const other = { ...row, receivedByCapture: 1, server: { ...row.server, hindsight } }
    const report = made([flow({ rows: [other] })], { interrupted: true })
    lookAt([liveHeaderLine(report, ['-']), liveLine(other, 0, en, true)])
    lookAt(annotateLines(report, en, null))
    expect([...missing]).toEqual([])
    expect(seen).toContain('packet.receivedByCapture')
    expect(seen).toContain('packet.server.hindsight.capture')
    expect(seen).toContain('packet.revised')
  })
})
