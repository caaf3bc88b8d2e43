/** Below the ladder: how the flow ended and what its sockets' owners saw. In: a flow, its findings. Out: lines. */
import { type Finding, type Flow, SIDES, type Side } from '../../report.js'
import { moment } from '../../text/amount.js'
import { describeFinding } from '../../text/finding.js'
import { say } from '../../text/note.js'
import type { Language } from '../../text/table.js'
import { evidenceOf } from '../call.js'
import { laterOf } from '../later.js'
import { isoAt } from './clock.js'
import type { Extent } from './ladder.js'
import type { View } from './view.js'
import { padEnd, widthOf, wrap } from './width.js'

/** What is said of a flow's end: label and text, a label perhaps several times in a row. */
export const factsOf = (
  flow: Flow,
  view: Pick<View, 'language' | 'spell'>,
  extent: Extent,
): [string, string][] => {
  const { language } = view
  const words = language.ladder
  const rows: [string, string][] = [
    [words.labels.states, SIDES.map((side) => endState(flow, side, view)).join(language.clauseGap)],
    [words.labels.verdict, language.verdicts[flow.verdict]],
  ]
  if (flow.closedFirst !== null) rows.push([words.labels.closedFirst, words.closedFirst[flow.closedFirst]])
  for (const call of flow.calls) {
    const evidence = evidenceOf(call, flow, language, extent, (at) => both(at, extent, language))
    rows.push([words.labels.calls, words.call(call, language.errnos[call.errno], evidence)])
  }
  for (const { side, state, until, givesUp } of laterOf(flow, extent)) {
    const say = givesUp ? words.givesUp : words.runs
    rows.push([words.labels.later, say(side, view.spell(state), both(until, extent, language))])
  }
  rows.push([words.labels.captured, captured(flow, view)])
  return rows
}

export const summaryLines = (
  flow: Flow,
  findings: readonly Finding[],
  view: View,
  extent: Extent,
): string[] => {
  const { language, look } = view
  const words = language.ladder
  const lines = table(factsOf(flow, view, extent), view)
  if (findings.length === 0) return lines
  return [
    ...lines,
    '',
    look.strong(words.findings),
    ...findings.flatMap((finding) => findingLines(finding, view)),
  ]
}

const endState = (flow: Flow, side: Side, { language, spell }: Pick<View, 'language' | 'spell'>): string => {
  const { state, certainty } = flow[side]
  const doubt = certainty === 'assumed' ? language.aside(language.certainty.assumed) : ''
  return `${language.side[side]} ${spell(state)}${doubt}`
}

/** `60.796 s (23:15:48 UTC)`: as in the ladder, and as in a log. */
const both = (at: number, { epochSeconds, epochNanoseconds }: Extent, { aside }: Language): string => {
  const clock = isoAt(epochSeconds, epochNanoseconds, at).slice(11, 19)
  return clock === '' ? moment(at) : moment(at) + aside(`${clock} UTC`)
}

const captured = (flow: Flow, { language, spell }: Pick<View, 'language' | 'spell'>): string => {
  const { where, reason } = flow.capturedNear
  const why = say(language.notes, reason, { from: 'client', state: spell })
  const place = language.ladder.capturedNear[where]
  return reason.code === 'near-unknown' || why === '' ? place : language.ladder.captured(place, why)
}

/** Labels in a column; a label that repeats is written once. */
const table = (rows: readonly [string, string][], { look }: View): string[] => {
  const column = Math.max(...rows.map(([label]) => widthOf(label))) + 2
  return rows.flatMap(([label, text], index) => {
    const shown = rows[index - 1]?.[0] === label ? '' : label
    return wrap(text, look.width - column - 2).map(
      (line, at) => `  ${look.faint(padEnd(at === 0 ? shown : '', column))}${line}`,
    )
  })
}

/** One finding, its severity in words and colour. */
export const findingLines = (finding: Finding, view: View, prefix = ''): string[] => {
  const { language, look } = view
  const paint = { problem: look.bad, warning: look.warn, note: look.faint }[finding.severity]
  const label = language.severity[finding.severity]
  const column = Math.max(...Object.values(language.severity).map(widthOf)) + 2
  return wrap(prefix + describeFinding(finding, language, view.spell), look.width - column - 2).map(
    (line, index) => `  ${paint(padEnd(index === 0 ? label : '', column))}${line}`,
  )
}
