/**
 * Who says what a rule does. Its id begins with the section of the RFC and, in 3.10.7.4, the step; `origin.ts` knows the
 * rules that follow something else.
 *
 * In: a rule id such as `3.10.7.4/5-ack/fin-wait-1/our-fin`, a language. Out: `RFC 9293 3.10.7.4 step 5` in that language,
 * or `Linux, not RFC 9293 3.10.7.4 step 1`; '' for what the inference concluded.
 */
import type { AnyRule } from '../report.js'
import { originOf } from './origin.js'
import type { Language } from './table.js'

/** What every segment of a transfer does: not worth a sentence where the state stays. */
const ROUTINE: ReadonlySet<AnyRule> = new Set<AnyRule>([
  '3.8.6/announced',
  '3.10.2/send',
  '3.10.7.4/5-ack/new',
  '3.10.7.4/5-ack/window',
  '3.10.7.4/7-text',
])
export const isRoutine = (rule: AnyRule): boolean => ROUTINE.has(rule)

export const citation = (rule: string, language: Pick<Language, 'row'>): string => {
  const origin = originOf(rule)
  if (origin === undefined) return placeOf(rule, language)
  if ('as' in origin) return placeOf(origin.as, language)
  return origin.departs ? language.row.insteadOf(origin.by, placeOf(rule, language)) : origin.by
}

/** Section and step that the rule stands in. */
const placeOf = (rule: string, language: Pick<Language, 'row'>): string => {
  const [section = '', step = ''] = rule.split('/')
  if (/^rfc\d+$/.test(section)) return `RFC ${section.slice(3)}`
  if (!/^\d+(\.\d+)+$/.test(section)) return ''
  const number = /^(\d)-/.exec(step)?.[1]
  return number === undefined ? `RFC 9293 ${section}` : language.row.step(`RFC 9293 ${section}`, number)
}
