/**
 * What no output may hold, whatever the capture says. In: an output. Out: nothing, or a {@link BrokenPromise}.
 */
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'

export class BrokenPromise extends Error {
  name = 'BrokenPromise'
}

export const must = (holds, promise, shown) => {
  if (!holds) throw new BrokenPromise(`${promise}: ${JSON.stringify(shown)?.slice(0, 1000)}`)
}

/** Whatever moves a cursor, turns the writing round, can't be seen or means something only to some. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cs}\p{Cn}]/u
/** Our own colours: Select Graphic Rendition. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
const COLOUR = /\x1b\[[0-9;]*m/g

/** Lines for a terminal, without their ends. */
export function terminal(lines, where) {
  for (const line of lines)
    must(!UNSAFE.test(line.replace(COLOUR, '')), `${where}: no control character`, line)
}

/** Text in pieces that have their line ends. */
export const pieces = (all, where) => terminal([...all].join('').replace(/\n$/, '').split('\n'), where)

/** Objects, one a line: each is JSON and can be looked at in a terminal. */
export function ndjson(lines, where) {
  for (const line of lines) {
    terminal([line], where)
    must(typeof JSON.parse(line) === 'object', `${where}: an object a line`, line)
  }
}

const ISLAND = /(<script type="application\/json" id="bothends-report">)([^<>&\u2028\u2029]*)(<\/script>)/
const TITLE = /<title>([^<>"']*)<\/title>/

/** The page, and the same page of nothing: but for the data and the title they are alike. Returns the data. */
export function page(html, empty) {
  const bare = (text) => text.replace(ISLAND, '').replace(TITLE, '')
  const island = ISLAND.exec(html)
  must(island !== null, 'html: the data holds no markup', html.slice(0, 500))
  must(TITLE.test(html), 'html: a title without markup', html.slice(0, 800))
  must(bare(html) === bare(empty), 'html: no other page than of nothing', html.slice(0, 500))
  return JSON.parse(island[2])
}

const TAGS = /<(?!\/?(?:h3|p|em|strong|code|ul|li|table|thead|tbody|tr|th|td)(?: align="right")?>)[^>]*>/

/** What a renderer makes of it has no tag but those of headings, lists and tables: no link, no image, no raw HTML. */
export function markdown(lines) {
  terminal(lines, 'markdown')
  const options = { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true }
  const html = micromark(lines.join('\n'), options)
  must(!TAGS.test(html), 'markdown: no markup of a capture', TAGS.exec(html)?.[0])
}

const M = String.raw`(?:[\p{L}\p{M}\p{N} _.,:()=+'/?!-]|#\d+;|<br/>)*`
const MERMAID = new RegExp(
  String.raw`^(?:sequenceDiagram|  participant \w+ as ${M}|  \w+(?:-x|->>)\w+: ${M}|  Note over [\w,]+: ${M})$`,
  'u',
)
export const mermaid = (text) => {
  for (const line of text.replace(/\n$/, '').split('\n'))
    must(MERMAID.test(line), 'mermaid: a line of the diagram', line)
}

const P = String.raw`(?:[\p{L}\p{M}\p{N} .,()'_/=:?+-]|<U\+[0-9A-F]{4,5}>|\\n)*`
const PLANTUML = new RegExp(
  String.raw`^(?:@startuml|@enduml|participant "${P}" as \w+|\w+ ->x? \w+ : ${P}|h?note over [\w, ]+ : ${P})$`,
  'u',
)
export const plantuml = (text) => {
  for (const line of text.replace(/\n$/, '').split('\n'))
    must(PLANTUML.test(line), 'plantuml: a line of the diagram', line)
}

/** Rows of RFC 4180; every one has as many cells as the first, and none is a formula. */
export function csv(text) {
  const rows = [...rowsOf(text)]
  for (const row of rows) {
    must(row.length === rows[0].length, 'csv: as many cells as columns', row)
    terminal(row, 'csv')
    for (const cell of row) must(!/^\s*[=+@＝＋－＠]|^\s*-(?!\d)/.test(cell), 'csv: no formula', cell)
  }
  return rows.length - 1
}

function* rowsOf(text) {
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/y
  let row = []
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex
    const found = cell.exec(text)
    must(found !== null, 'csv: cells of RFC 4180', text.slice(at, at + 200))
    row.push(found[1].startsWith('"') ? found[1].slice(1, -1).replaceAll('""', '"') : found[1])
    if (found[2] === ',') continue
    yield row
    row = []
  }
}
