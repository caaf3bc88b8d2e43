/**
 * Many flows as a table, the worst first (the order of VERDICTS), and how to see one of them.
 *
 * In: a report, a view. Out: lines that fit the terminal: addresses give way first, and only as far as they must.
 */
import { listedIn } from '../../listed.js'
import { type Flow, followable, type Report, VERDICTS } from '../../report.js'
import { sizeOf } from '../copies.js'
import { endpoint } from '../endpoint.js'
import { findingLines } from './summary.js'
import type { View } from './view.js'
import { cut, padEnd, padStart, widthOf } from './width.js'

/** Columns an address keeps however narrow the terminal is. */
const LEAST_ADDRESS = 9
/** What fits a screen or two; `--all` lists the rest. */
const SHOWN = 200

/**
 * By verdict, each sorted by number; of each verdict the first `most`. There may be a million flows, nearly all with one
 * verdict and in order.
 */
export const worstFirst = (flows: readonly Flow[], most = Number.POSITIVE_INFINITY): Flow[] => {
  const lists = new Map(VERDICTS.map((verdict): [Flow['verdict'], Flow[]] => [verdict, []]))
  const enough = areInOrder(flows) ? most : Number.POSITIVE_INFINITY
  for (const flow of flows) {
    const list = lists.get(flow.verdict)
    if (list !== undefined && list.length < enough) list.push(flow)
  }
  return [...lists.values()].flatMap((list) => list.sort((a, b) => a.flow - b.flow))
}

const areInOrder = (flows: readonly Flow[]): boolean => {
  let last = Number.NEGATIVE_INFINITY
  for (const { flow } of flows) {
    if (flow < last) return false
    last = flow
  }
  return true
}

interface Column {
  readonly heading: string
  readonly cells: readonly string[]
  readonly right: boolean
  readonly address: boolean
  /** 1 goes first when there is no room, then 2; 0 never. */
  readonly drop: 0 | 1 | 2
  readonly paint: (text: string, flow: Flow) => string
}

export const flowListLines = (report: Report, view: View, file: string): string[] => {
  const { language, look } = view
  const words = language.list
  const list = listedIn(report)
  const { length } = list ?? report.flows
  if (length === 0) return [words.noFlows(followable(report))]
  const most = view.all ? length : SHOWN
  const flows = list?.worst(most) ?? worstFirst(report.flows, most).slice(0, most)
  const lines = [...overview(report, view), ...tableLines(flows, view)]
  const more = length - flows.length
  if (more > 0) lines.push(look.faint(words.more(more)))
  return [...lines, '', look.faint(words.hint(flows[0]?.flow ?? 0, file))]
}

/** What was found stands first: it is what most readers came for. */
const overview = ({ findings }: Report, view: View): string[] => {
  const { language, look } = view
  if (findings.length === 0) return []
  const lines = findings.flatMap((finding) => {
    const prefix = finding.flow === null ? '' : `${language.ladder.title(finding.flow)}${language.clauseGap}`
    return findingLines(finding, view, prefix)
  })
  return [look.strong(language.ladder.findings), ...lines, '']
}

const tableLines = (flows: readonly Flow[], view: View): string[] => {
  const { language, look, spell } = view
  const { headings } = language.list
  const end = (side: 'client' | 'server') => (flow: Flow) =>
    spell(flow[side].state) + (flow[side].certainty === 'assumed' ? '?' : '')
  const column = (heading: string, cell: (flow: Flow) => string, rest: Partial<Column> = {}): Column => ({
    right: false,
    address: false,
    drop: 0,
    paint: (text) => text,
    ...rest,
    heading,
    cells: flows.map(cell),
  })
  const all: readonly Column[] = [
    column(headings.flow, ({ flow }) => String(flow), { right: true, paint: look.strong }),
    column(headings.client, ({ client }) => endpoint(client), { address: true }),
    column(headings.server, ({ server }) => endpoint(server), { address: true }),
    column(headings.packets, (flow) => String(sizeOf(flow).packets), { right: true, drop: 2 }),
    column(headings.seconds, ({ startAt, endAt }) => (endAt - startAt).toFixed(3), { right: true, drop: 1 }),
    column(headings.clientState, end('client')),
    column(headings.serverState, end('server')),
    column(headings.verdict, ({ verdict }) => language.verdictNames[verdict], {
      paint: (text, { verdict }) => toneOf(verdict, view)(text),
    }),
  ]
  const columns = keptColumns(all, look.width)
  const widths = fitted(columns, look.width)
  const cellText = ({ right, address }: Column, text: string, width: number): string => {
    const short = address
      ? cutMiddle(text, width, look.glyphs.ellipsis)
      : cut(text, width, look.glyphs.ellipsis)
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

const natural = ({ heading, cells }: Column): number =>
  cells.reduce((widest, cell) => Math.max(widest, widthOf(cell)), widthOf(heading))

const together = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width + 2, -2)

/** Without what can be done without, as far as that is needed for whole addresses. */
const keptColumns = (columns: readonly Column[], width: number): readonly Column[] => {
  let kept = columns
  for (const next of [1, 2]) {
    if (together(kept.map(natural)) <= width) return kept
    kept = kept.filter(({ drop }) => drop !== next)
  }
  return kept
}

/** Natural widths; when they are too much, the wider of the two addresses gives way, column by column. */
const fitted = (columns: readonly Column[], width: number): number[] => {
  const widths = columns.map(natural)
  for (let over = together(widths) - width; over > 0; over -= 1) {
    const widest = (widths[1] ?? 0) >= (widths[2] ?? 0) ? 1 : 2
    if ((widths[widest] ?? 0) <= LEAST_ADDRESS) break
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return widths
}

/** The middle of an address is left out: the network and the port tell more. */
const cutMiddle = (text: string, width: number, ellipsis: string): string => {
  if (text.length <= width) return text
  const tail = Math.ceil((width - 1) / 2)
  return text.slice(0, width - 1 - tail) + ellipsis + text.slice(text.length - tail)
}

const toneOf = (verdict: Flow['verdict'], { look }: View) => {
  if (verdict === 'closed' || verdict === 'open') return look.good
  if (verdict === 'opening' || verdict === 'closing') return look.faint
  return verdict === 'not-closed' || verdict === 'unanswered' || verdict === 'reset' ? look.warn : look.bad
}
