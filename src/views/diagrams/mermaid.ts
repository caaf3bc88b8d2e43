/**
 * A Mermaid sequence diagram, as GitHub, GitLab and many wikis draw it.
 *
 * In: a diagram. Out: lines of its source. Every character that Mermaid or HTML could read as its own is written
 * as an entity code (`#35;`), so text of a capture can't end a line, open a tag or start a directive.
 */
import { type Diagram, type Drawing, type Step, withinBounds } from './steps.js'

/** Room for the lines behind what is counted, below Mermaid's 50,000. */
const MOST = 45_000

/** All but letters and digits of all scripts and what means nothing to Mermaid. */
const HARMFUL = /[^\p{L}\p{M}\p{N} _.,:()=+'/?!-]/gu

export const escapeMermaid = (text: string): string =>
  text.replace(HARMFUL, (character) => `#${character.codePointAt(0) ?? 0};`)

const linesOf = (lines: readonly string[]): string => lines.map(escapeMermaid).join('<br/>')

const render = (step: Step): string => {
  if (step.kind === 'arrow')
    return `  ${step.from}${step.lost ? '-x' : '->>'}${step.to}: ${linesOf(step.lines)}`
  const over = step.kind === 'state' ? step.at : step.over.join(',')
  return `  Note over ${over}: ${linesOf(step.lines)}`
}

export const mermaidLines = (diagram: Diagram, drawing: Drawing): string[] => [
  'sequenceDiagram',
  ...diagram.participants.map(({ id, name }) => `  participant ${id} as ${escapeMermaid(name)}`),
  ...withinBounds(diagram, render, MOST, drawing),
]
