/**
 * `bothends explain`: a heading, the story, and what to do about what was found; of many connections the most telling first.
 *
 * In: a report. Out: lines.
 */
import type { Flow, Report } from '../../report.js'
import { adviceOf, causesOf } from '../../text/finding.js'
import type { StoryWords } from '../../text/story.js'
import { isAbout } from '../about-flow.js'
import { headerLine } from '../json.js'
import { worstFirst } from '../terminal/flow-list.js'
import type { View } from '../terminal/view.js'
import { wrap } from '../terminal/width.js'
import { storyOf, type Teller } from './story.js'

const tellerOf = (report: Report, view: Pick<View, 'language' | 'spell'>, words: StoryWords): Teller => ({
  words,
  language: view.language,
  spell: view.spell,
  extent: report,
})

/** What fits a few screens; `--all` tells the rest. */
const SHOWN = 10

/** One story after the other, and how many more there are. */
export function* explainPages(
  report: Report,
  flows: readonly Flow[],
  view: View,
  words: StoryWords,
): Generator<string> {
  const told = view.all ? mostTelling(report, flows) : mostTelling(report, flows).slice(0, SHOWN)
  for (const [n, flow] of told.entries()) {
    if (n > 0) yield ''
    yield* explainLines(report, flow, view, words)
  }
  const more = flows.length - told.length
  if (more > 0) yield* ['', view.look.faint(view.language.list.more(more))]
}

/** Of each thing that is wrong, the worst first, one connection; then the others as in the table. */
export function mostTelling({ findings }: Report, flows: readonly Flow[]): Flow[] {
  const byNumber = new Map(flows.map((flow) => [flow.flow, flow]))
  const first = new Set<Flow>()
  for (const severity of ['problem', 'warning'] as const)
    for (const finding of findings) {
      if (finding.severity !== severity) continue
      const about = finding.flows.flatMap((number) => byNumber.get(number) ?? [])
      const next = about.some((flow) => first.has(flow)) ? undefined : about[0]
      if (next !== undefined) first.add(next)
    }
  return [...first, ...worstFirst(flows).filter((flow) => !first.has(flow))]
}

export const explainLines = (report: Report, flow: Flow, view: View, words: StoryWords): string[] => {
  const { language, look } = view
  const findings = report.findings.filter(isAbout(flow.flow))
  const told = storyOf(flow, findings, tellerOf(report, view, words))
  const paragraph = (text: string, indent = ''): string[] =>
    wrap(text, look.width - indent.length).map((line) => indent + line)
  return [
    look.strong(language.ladder.title(flow.flow)),
    '',
    ...paragraph(told.join(language.sentenceGap)),
    ...findings
      .filter(({ severity }) => severity !== 'note')
      .flatMap((finding) => {
        const { decide, act } = adviceOf(finding, language)
        const rest = [...causesOf(finding, language), decide, act].filter((text) => text !== '')
        return ['', look.strong(finding.id), ...rest.flatMap((text) => paragraph(text, '  '))]
      }),
  ]
}

/** One line of JSON a flow, behind the first line that all commands have. */
export function* explainJson(
  report: Report,
  flows: readonly Flow[],
  view: Pick<View, 'language' | 'spell'>,
  words: StoryWords,
): Generator<string> {
  yield headerLine(report)
  for (const flow of flows) {
    const sentences = storyOf(flow, report.findings.filter(isAbout(flow.flow)), tellerOf(report, view, words))
    yield JSON.stringify({
      type: 'story',
      flow: flow.flow,
      sentences,
      text: sentences.join(view.language.sentenceGap),
    })
  }
}
