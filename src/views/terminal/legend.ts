/** What the marks mean, only those that were drawn. In: marks, a view. Out: lines. */
import type { Mark } from './arrows.js'
import type { View } from './view.js'
import { widthOf } from './width.js'

export const legendLine = (used: ReadonlySet<Mark>, { language, look }: View): string[] => {
  const words = language.ladder.legend
  const entries: readonly (readonly [Mark, string, string])[] = [
    ['*', '*', words.changed],
    ['?', '?', words.assumed],
    ['~', '~', words.hindsight],
    ['lost', look.glyphs.lostRight, words.lost],
    ['dropped', '--x', words.dropped],
    ['unheard', look.glyphs.unheardRight, words.unheard],
    ['crossing', look.glyphs.underWay, words.crossing],
  ]
  const lines: string[] = []
  for (const [mark, sign, meaning] of entries) {
    if (!used.has(mark)) continue
    const entry = `${sign} ${meaning}`
    const line = lines[lines.length - 1]
    if (line === undefined || widthOf(line) + 4 + widthOf(entry) > look.width) lines.push(`  ${entry}`)
    else lines[lines.length - 1] = `${line}    ${entry}`
  }
  return lines.map(look.faint)
}
