/** `bothends explain`: a heading, the story, and what to do about what was found. In: a report. Out: lines. */
import type { Flow, Report } from '../../report.js'
import { adviceOf, causesOf } from '../../text/finding.js'
import type { StoryWords } from '../../text/story.js'
import { isAbout } from '../about-flow.js'
import type { View } from '../terminal/view.js'
import { wrap } from '../terminal/width.js'
import { storyOf, type Teller } from './story.js'

const tellerOf = (report: Report, view: Pick<View, 'language' | 'spell'>, words: StoryWords): Teller => ({
  words,
  language: view.language,
  spell: view.spell,
  extent: report,
})

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
        const { decide, act } = adviceOf(finding.id, language)
        const rest = [...causesOf(finding, language), decide, act].filter((text) => text !== '')
        return ['', look.strong(finding.id), ...rest.flatMap((text) => paragraph(text, '  '))]
      }),
  ]
}

/** One line of JSON a flow. */
export function* explainJson(
  report: Report,
  flows: readonly Flow[],
  view: Pick<View, 'language' | 'spell'>,
  words: StoryWords,
): Generator<string> {
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
