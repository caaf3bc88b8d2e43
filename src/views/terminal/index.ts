/** A report for people, in a terminal. In: a report, a view. Out: lines without their line end. */
import type { Flow, Report } from '../../report.js'
import { isAbout } from '../about-flow.js'
import { flowListLines } from './flow-list.js'
import { footerLines } from './footer.js'
import { ladderLines } from './ladder.js'
import { summaryLines } from './summary.js'
import type { View } from './view.js'

/** One flow: its ladder, how it ended, what could not be shown. */
export const flowPage = (report: Report, flow: Flow, view: View): string[] => [
  ...ladderLines(flow, view, report),
  '',
  ...closingPage(report, flow, view),
]

/** The same without the ladder. */
export const closingPage = (report: Report, flow: Flow, view: View): string[] => [
  ...summaryLines(flow, report.findings.filter(isAbout(flow.flow)), view, report),
  ...footer(report, view),
]

/** All flows as a table. `file`: how the user named the captures. */
export const listPage = (report: Report, view: View, file: string): string[] => [
  ...flowListLines(report, view, file),
  ...footer(report, view),
]

const footer = (report: Report, { language, look }: View): string[] => {
  const lines = footerLines(report, language)
  return lines.length === 0 ? [] : ['', ...lines.map(look.faint)]
}
