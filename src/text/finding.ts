/** A finding in words. In: a finding, a language. Out: one line, safe to print: the sentence, causes, evidence. */
import type { Finding } from '../report.js'
import { safe } from './safe.js'
import type { Language } from './table.js'

export const describeFinding = (finding: Finding, language: Language): string => {
  const words = Object.hasOwn(language.findings, finding.id) ? language.findings[finding.id] : undefined
  const sentence = words?.sentence(finding.args, finding.side) ?? language.findingElse(finding.id)
  const causes = finding.causes.map(({ code, likelihood }) => {
    const cause = (Object.hasOwn(language.causes, code) ? language.causes[code] : undefined) ?? code
    return language.row.cause(language.likelihood[likelihood], cause)
  })
  return safe([sentence, ...causes].join(language.sentenceGap))
}
