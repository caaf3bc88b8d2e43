/**
 * A PlantUML sequence diagram.
 *
 * In: a diagram. Out: lines of its source. PlantUML reads markup (Creole, links, images), preprocessor calls
 * (`%getenv(...)`) and variables in every text, so all but plain characters are written as `<U+0025>`.
 */
import { type Diagram, type Drawing, type Step, withinBounds } from './steps.js'

/** As for Mermaid. PlantUML takes more, but cuts a PNG off at 4,096 pixels and says nothing. */
const MOST = 45_000

const HARMLESS = /^[\p{L}\p{M}\p{N} .,()'_/=:?+-]$/u
/** Twice in a row these are Creole: underlined, italic, struck out, a heading. */
const DOUBLED = /^[_/=-]$/
/** The longest code that `<U+...>` may hold. */
const HIGHEST = 0xfffff

const coded = (character: string): string => {
  const code = character.codePointAt(0) ?? 0
  return code > HIGHEST ? '?' : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`
}

export const escapePlantuml = (text: string): string =>
  [...text]
    .map((character, at, all) => {
      // At the start of a line a sign may make a list or a rule.
      const first = at === 0 && !/^[\p{L}\p{N}]$/u.test(character)
      const doubled = DOUBLED.test(character) && all[at - 1] === character
      return HARMLESS.test(character) && !first && !doubled ? character : coded(character)
    })
    .join('')

const linesOf = (lines: readonly string[]): string => lines.map(escapePlantuml).join('\\n')

const render = (step: Step): string => {
  if (step.kind === 'arrow')
    return `${step.from} ->${step.lost ? 'x' : ''} ${step.to} : ${linesOf(step.lines)}`
  if (step.kind === 'state') return `hnote over ${step.at} : ${linesOf(step.lines)}`
  return `note over ${step.over.join(', ')} : ${linesOf(step.lines)}`
}

export const plantumlLines = (diagram: Diagram, drawing: Drawing): string[] => [
  '@startuml',
  ...diagram.participants.map(({ id, name }) => `participant "${escapePlantuml(name)}" as ${id}`),
  ...withinBounds(diagram, render, MOST, drawing),
  '@enduml',
]
