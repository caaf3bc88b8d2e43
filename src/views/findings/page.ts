/**
 * The pages of docs/ for the terminal: `bothends finding ID`, `bothends state NAME`.
 *
 * In: a finding's id or a state, a language. Out: the page's Markdown, and its lines drawn for a terminal.
 */
import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FindingId } from '../../findings.js'
import type { State } from '../../report.js'
import type { LanguageCode } from '../../text/table.js'
import type { Look } from '../terminal/look.js'
import { wrap } from '../terminal/width.js'

/** The package's own docs/, from src/ as from dist/. */
const DOCS = new URL('../../../docs/', import.meta.url)
const SAMPLES = new URL('../../../samples/', import.meta.url)

const named = (name: string, code: LanguageCode): URL =>
  new URL(`${name}${code === 'zh' ? '.zh-CN' : ''}.md`, DOCS)

export const findingPage = (id: FindingId, code: LanguageCode): Promise<string> =>
  readFile(named(`findings/${id}`, code), 'utf8')

/** The section of one state, its heading one level up. */
export const statePage = async (state: State, code: LanguageCode): Promise<string> => {
  const page = await readFile(named('states', code), 'utf8')
  const section = page.split(/^## /m).find((part) => part.startsWith(`${state}\n`))
  return section === undefined ? '' : `# ${section.trimEnd()}\n`
}

/** The little Markdown that our pages use: headings, paragraphs, lists, code. Links keep their text, those to samples their place. */
export const drawPage = (markdown: string, look: Look): string[] => {
  const lines: string[] = []
  let fenced = false
  for (const line of markdown.trimEnd().split('\n')) {
    if (line.startsWith('```')) fenced = !fenced
    else if (fenced || line.startsWith('    '))
      lines.push(`  ${line.startsWith('#') ? look.faint(line) : line.replace(/^ {4}/, '')}`)
    else if (line.startsWith('#')) lines.push(look.strong(line.replace(/^#+ /, '')))
    else if (line === '') lines.push('')
    else {
      const item = line.startsWith('- ')
      const text = plain(item ? line.slice(2) : line)
      const broken = wrap(text, look.width - (item ? 4 : 0))
      lines.push(...broken.map((part, n) => (item ? `${n === 0 ? '  - ' : '    '}${part}` : part)))
    }
  }
  return lines
}

const plain = (text: string): string =>
  text
    .replace(/\[([^\]]*)\]\(([^)]*)\)/g, (_link, name: string, to: string) => told(name, to))
    .replaceAll('`', '')

/** `[shows.pcap](../../samples/findings/...)`: what to type to see it. */
const told = (name: string, to: string): string => {
  const [, sample] = /(?:^|\/)samples\/(.+)$/.exec(to) ?? []
  if (sample === undefined) return name
  const path = fileURLToPath(new URL(sample, SAMPLES))
  const near = relative('', path)
  const typed = near.startsWith('..') ? path : near
  return path.endsWith(name) ? typed : `${name} (${typed})`
}
