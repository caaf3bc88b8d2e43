/** What could not be shown, and why: never silently. In: a report. Out: lines. */
import type { Report } from '../../report.js'
import { safe } from '../../text/safe.js'
import type { Language } from '../../text/table.js'

/** For below the output: packets that are not TCP, packets the capturing host lost. */
export const footerLines = (report: Report, language: Language): string[] => {
  const name = (file: string): string => (report.captures.length > 1 ? `${safe(file)}: ` : '')
  return report.captures.flatMap(({ file, other, drops }) => {
    // ICMP errors that quote a connection are drawn in its ladder.
    const reasons = Object.entries(other).filter(([reason, count]) => count > 0 && reason !== 'icmp-error')
    const total = reasons.reduce((sum, [, count]) => sum + count, 0)
    const list = reasons
      .toSorted(([, a], [, b]) => b - a)
      .map(([reason, count]) => `${safe(reason)} ${count}`)
      .join(', ')
    return [
      ...(total > 0 ? [name(file) + language.capture.other(total, list)] : []),
      ...(drops > 0 ? [name(file) + language.capture.drops(drops)] : []),
    ]
  })
}

/** For stderr: one line for each capture that could not be read to its end. */
export const damageLines = (report: Report, language: Language): string[] =>
  report.captures.flatMap(({ file, damage }) => {
    if (damage === null) return []
    const line = damage.startsWith(file) ? damage : `${file}: ${damage}`
    return [language.capture.damage(safe(line))]
  })
