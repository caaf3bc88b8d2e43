/**
 * Many flows as a table, the worst first (the order of VERDICTS), and how to see one of them.
 *
 * In: a report, a view. Out: lines that fit the terminal: addresses give way first, and only as far as they must.
 */
import { type Flow, type Report, VERDICTS } from '../../report.js'
import { endpoint } from './heading.js'
import { findingLines } from './summary.js'
import type { View } from './view.js'
import { cut, padEnd, padStart, widthOf } from './width.js'

/** What fits a screen or two; `--all` lists the rest. */
const SHOWN = 200

export const worstFirst = (flows: readonly Flow[]): Flow[] =>
  flows.toSorted((a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict) || a.flow - b.flow)

interface Column {
  readonly heading: string
  readonly cells: readonly string[]
  readonly right: boolean
  readonly paint: (text: string, flow: Flow) => string
}

export const flowListLines = (report: Report, view: View, file: string): string[] => {
  const { language, look } = view
  const words = language.list
  if (report.flows.length === 0) return [words.noFlows]
  const sorted = worstFirst(report.flows)
  const flows = view.all ? sorted : sorted.slice(0, SHOWN)
  const lines = tableLines(flows, view)
  if (flows.length < sorted.length) lines.push(look.faint(words.more(sorted.length - flows.length)))
  if (report.findings.length > 0) {
    lines.push('', look.strong(language.ladder.findings))
    for (const finding of report.findings) {
      const prefix =
        finding.flow === null ? '' : `${language.ladder.title(finding.flow)}${language.clauseGap}`
      lines.push(...findingLines(finding, view, prefix))
    }
  }
  return [...lines, '', look.faint(words.hint(flows[0]?.flow ?? 0, file))]
}

const tableLines = (flows: readonly Flow[], view: View): string[] => {
  const { language, look, spell } = view
  const { headings } = language.list
  const plain = (text: string): string => text
  const end = (side: 'client' | 'server') => (flow: Flow) =>
    spell(flow[side].state) + (flow[side].certainty === 'assumed' ? '?' : '')
  const column = (
    heading: string,
    cell: (flow: Flow) => string,
    right = false,
    paint: Column['paint'] = plain,
  ): Column => ({ heading, cells: flows.map(cell), right, paint })
  const columns: Column[] = [
    column(headings.flow, ({ flow }) => String(flow), true, look.strong),
    column(headings.client, ({ client }) => endpoint(client)),
    column(headings.server, ({ server }) => endpoint(server)),
    column(headings.packets, ({ packets }) => String(packets), true),
    column(headings.seconds, ({ startAt, endAt }) => (endAt - startAt).toFixed(3), true),
    column(headings.clientState, end('client')),
    column(headings.serverState, end('server')),
    column(
      headings.verdict,
      ({ verdict }) => verdict,
      false,
      (text, { verdict }) => toneOf(verdict, view)(text),
    ),
  ]
  const widths = fitted(columns, look.width)
  const cellText = ({ right }: Column, text: string, width: number): string => {
    const short = cut(text, width, look.glyphs.ellipsis)
    return right ? padStart(short, width) : padEnd(short, width)
  }
  const line = (texts: readonly string[]): string => texts.join('  ').trimEnd()
  return [
    look.faint(line(columns.map((entry, n) => cellText(entry, entry.heading, widths[n] ?? 0)))),
    ...flows.map((flow, row) =>
      line(
        columns.map((entry, n) => entry.paint(cellText(entry, entry.cells[row] ?? '', widths[n] ?? 0), flow)),
      ),
    ),
  ]
}

/** Natural widths; when they are too much, the two addresses share what is left. */
const fitted = (columns: readonly Column[], width: number): number[] => {
  const widths = columns.map(({ heading, cells }) => {
    let widest = widthOf(heading)
    for (const cell of cells) widest = Math.max(widest, widthOf(cell))
    return widest
  })
  const LEAST = 9
  let over = widths.reduce((sum, each) => sum + each + 2, -2) - width
  while (over > 0) {
    // The wider of the two addresses gives a column, so that both stay readable as long as they can.
    const widest = (widths[1] ?? 0) >= (widths[2] ?? 0) ? 1 : 2
    if ((widths[widest] ?? 0) <= LEAST) break
    widths[widest] = (widths[widest] ?? 0) - 1
    over -= 1
  }
  return widths
}

const toneOf = (verdict: Flow['verdict'], { look }: View) => {
  if (verdict === 'closed' || verdict === 'open') return look.good
  if (verdict === 'opening' || verdict === 'closing' || verdict === 'unknown') return look.faint
  return verdict === 'not-closed' || verdict === 'unanswered' || verdict === 'reset' ? look.warn : look.bad
}
