/** `--format`: the name checked, and what it means for a command. In: what was asked. Out: pieces of text. */
import type { Flow, Report } from '../report.js'
import { speller } from '../text/states.js'
import type { Language } from '../text/table.js'
import { loadWritten } from '../text/written.js'
import { FORMATS, type Format, formatted, ONE_DRAWING } from '../views/format.js'
import { Problem } from './problem.js'
import type { Wishes } from './wishes.js'

/** Throws a {@link Problem} for a name that there is not: before anything is read. */
export const formatOf = (asked: string, language: Language): Format => {
  const format = FORMATS.find((name) => name === asked)
  if (format === undefined)
    throw new Problem(language.problems.badChoice('--format', asked, FORMATS.join(', ')))
  return format
}

/** `flows`: those to draw, or null for the table. */
export const formattedPieces = async (
  asked: string,
  flows: readonly Flow[] | null,
  wishes: Wishes,
  report: Report,
  language: Language,
): Promise<Iterable<string>> => {
  const words = await loadWritten(language.code)
  const format = formatOf(asked, language)
  if (ONE_DRAWING.has(format)) {
    if (report.flows.length === 0) throw new Problem(words.problems.noFlows(format))
    if (flows !== null && flows.length > 1) throw new Problem(words.problems.needsFlow(format))
  }
  const { absolute, all, names } = wishes
  return formatted(format, report, flows, { language, spell: speller(names), absolute, all, words })
}
