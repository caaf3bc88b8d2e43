/**
 * Every view, called as the command calls it, and what its output must hold.
 *
 * In: a report, choices for this input. Out: nothing, or the broken promise as an error. Reads the built project.
 */
import { isDeepStrictEqual } from 'node:util'
import { loadLanguage } from '../dist/index.js'
import { speller } from '../dist/text/states.js'
import { loadStory } from '../dist/text/story.js'
import { loadWritten } from '../dist/text/written.js'
import { explainJson, explainLines } from '../dist/views/explain/index.js'
import { FORMATS, formatted, ONE_DRAWING } from '../dist/views/format.js'
import { htmlPage } from '../dist/views/html/index.js'
import { annotateLines, flowLines } from '../dist/views/json.js'
import { atTheEnd, netstatJson, netstatPage, readMoment } from '../dist/views/netstat/index.js'
import { csvLines } from '../dist/views/tables/csv.js'
import { ndjsonLines } from '../dist/views/tables/ndjson.js'
import { writeParquet } from '../dist/views/tables/parquet.js'
import { tablesOf } from '../dist/views/tables/tables.js'
import { CLOCKS } from '../dist/views/terminal/clock.js'
import { footerLines } from '../dist/views/terminal/footer.js'
import { flowPage, listPage } from '../dist/views/terminal/index.js'
import { lookFor } from '../dist/views/terminal/look.js'
import * as output from './outputs.mjs'
import { parquet } from './parquet.mjs'
import { unpack } from './unpack.mjs'

const SPELLINGS = ['rfc', 'netstat', 'ss']
const LANGUAGES = Object.fromEntries(
  await Promise.all(
    ['en', 'zh'].map(async (code) => [
      code,
      { language: await loadLanguage(code), story: await loadStory(code), words: await loadWritten(code) },
    ]),
  ),
)
/** A file's name is nobody's promise either. */
const NAMES = [
  '-',
  '"><svg onload=alert(1)>.pcap',
  '=cmd|"/c".pcap',
  'a\u001b]0;x\u0007\u202e.pcap',
  '|`$(x)`[a](b)',
]
/** Pages of more flows than this only take longer. */
const MOST_FLOWS = 6

/** What the user may have asked for. */
export function askedFor({ pick, once }) {
  const code = pick(['en', 'zh'])
  const { language, story, words } = LANGUAGES[code]
  const names = pick(SPELLINGS)
  const wishes = { colour: once(2) ? 'always' : 'never', ascii: once(3) }
  const screen = { isTTY: false, columns: pick([20, 60, 80, 100, 250]) }
  return {
    ...{ code, language, story, words, names },
    file: pick(NAMES),
    spell: speller(names),
    look: lookFor(wishes, {}, screen),
    absolute: once(2),
    all: once(2),
    why: once(2),
    clock: pick(CLOCKS),
  }
}

/** Text of a moment: a frame, a time near the packets, or far from them. */
export function momentText({ pick, below, once }, { captures, epochSeconds, endAt }) {
  if (once(3)) {
    const { file, packets } = captures[below(captures.length)] ?? { file: '', packets: 0 }
    return `#${1 + below(packets + 1)}${once(2) ? ` of ${file}` : ''}`
  }
  const at = epochSeconds + pick([0, endAt, below(100), endAt * below(3), -below(1e6), below(2 ** 40)])
  if (once(2)) return String(Math.abs(at))
  const date = new Date(1000 * Math.max(-6e13, Math.min(at, 2e11)))
  return date.toISOString().replace('Z', pick(['Z', '', '+05:30', '.123456789Z']))
}

export const VIEWS = {
  json(report, { language }) {
    output.ndjson(annotateLines(report, language, null), 'annotate --json')
    output.ndjson(flowLines(report, language), 'flows --json')
  },
  terminal(report, asked) {
    output.terminal(listPage(report, asked, '-'), 'the list')
    output.terminal(footerLines(report, asked.language), 'the footer')
    for (const flow of report.flows.slice(0, MOST_FLOWS))
      output.terminal(flowPage(report, flow, asked), 'the ladder')
  },
  netstat(report, asked, choose) {
    const moments = [atTheEnd('end', report)]
    for (let n = choose.below(4); n > 0; n--) {
      const moment = readMoment(momentText(choose, report), report)
      if (!('wrong' in moment)) moments.push(moment)
    }
    const { spell, look, language } = asked
    const host = choose.once(3) ? (report.flows[0]?.client.address ?? null) : null
    const every = choose.once(4) ? Math.max(0.001, report.endAt / (1 + choose.below(50))) : null
    const shape = {
      moments,
      host,
      every,
      timers: choose.once(2),
      spell,
      strong: look.strong,
      faint: look.faint,
    }
    output.terminal(netstatPage(report, shape, language), 'netstat')
    output.ndjson(netstatJson(report, shape), 'netstat --json')
  },
  explain(report, asked) {
    const flows = report.flows.slice(0, MOST_FLOWS)
    for (const flow of flows) output.terminal(explainLines(report, flow, asked, asked.story), 'explain')
    output.ndjson(explainJson(report, flows, asked, asked.story), 'explain --json')
  },
  async html(report, { code, names, file }) {
    const named = { ...report, captures: report.captures.map((info) => ({ ...info, file })) }
    const options = { language: code, spelling: names }
    const data = output.page(await htmlPage(named, options), await emptyPage(report, options))
    const { report: read } = unpack(data)
    output.must(read.flows.length === report.flows.length, 'html: every flow', read.flows.length)
    const packed = JSON.parse(JSON.stringify(report.flows))
    for (const [n, { rows, spans }] of read.flows.entries()) {
      // Beyond some weeks a number of seconds is no longer exact to the nanosecond.
      for (const [k, row] of rows.entries()) if (Math.abs(row.at) > 4e6) row.time = packed[n].rows[k].time
      const same = isDeepStrictEqual({ rows, spans }, { rows: packed[n].rows, spans: packed[n].spans })
      output.must(same, 'html: the page unpacks what was packed', n)
    }
  },
  async tables(report, { language, file }) {
    const named = { ...report, captures: report.captures.map((info) => ({ ...info, file })) }
    for (const table of tablesOf(named, language)) {
      const count = [...table.rows()].length
      output.must(output.csv([...csvLines(table)].join('')) === count, 'csv: every row', table.name)
      const lines = [...ndjsonLines(table)]
      output.ndjson(
        lines.map((line) => line.slice(0, -1)),
        'ndjson',
      )
      const parts = []
      await writeParquet(table, (bytes) => parts.push(Buffer.from(bytes)))
      await parquet(Buffer.concat(parts), table)
    }
  },
  async formats(report, asked) {
    const named = { ...report, captures: report.captures.map((info) => ({ ...info, file: asked.file })) }
    for (const format of FORMATS) {
      const ways = report.flows.length === 0 ? [null] : [null, report.flows.slice(0, 1)]
      for (const flows of ways) {
        if (flows === null && report.flows.length === 0 && ONE_DRAWING.has(format)) continue
        const text = [...(await formatted(format, format === 'json' ? report : named, flows, asked))].join('')
        CHECKS[format](text)
      }
    }
  },
}

const CHECKS = {
  mermaid: output.mermaid,
  plantuml: output.plantuml,
  csv: output.csv,
  markdown: (text) => output.markdown(text.replace(/\n$/, '').split('\n')),
  json: (text) => output.must(typeof JSON.parse(text) === 'object', 'json: a document', text.slice(0, 200)),
}

const pages = new Map()
const emptyPage = async (report, options) => {
  const key = JSON.stringify(options)
  const known = pages.get(key)
  if (known !== undefined) return known
  const html = await htmlPage({ ...report, captures: [], flows: [], findings: [], names: {} }, options)
  pages.set(key, html)
  return html
}
