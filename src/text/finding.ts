/** A finding in words. In: a finding, a language. Out: lines that are safe to print: sentence, causes, what to do. */
import type { Finding, Side, State } from '../report.js'
import { otherSide } from './row.js'
import { safe } from './safe.js'
import type { Advice, FindingVoice, Language } from './table.js'

type Spell = (state: State) => string
const asIs: Spell = (state) => state

type Sentence = (args: Finding['args'], voice: FindingVoice) => string

/** What was found, in a sentence or two. */
export const sentenceOf = (finding: Finding, language: Language, spell: Spell = asIs): string => {
  // A finding is the union of its id and its own arguments, so the sentence of its id takes them; TypeScript can't follow that.
  const sentence = own<Sentence>(
    language.findings as unknown as Readonly<Record<string, Sentence>>,
    finding.id,
  )
  const voice: FindingVoice = { side: finding.side, state: spell }
  return sentence === undefined
    ? safe(language.findingElse(finding.id))
    : joined(capital(safe(sentence(toldApart(finding, language), voice))))
}

/** Both ends on one machine have one address: it is told which of them is meant. */
const toldApart = ({ args, side }: Finding, language: Language): Finding['args'] => {
  if (side === null || !('peer' in args) || args.host === null || args.host !== args.peer) return args
  const named = (which: Side): string => args.host + language.aside(language.side[which])
  return { ...args, host: named(side), peer: named(otherSide(side)) }
}

/** Possible causes, each with how likely it is. */
export const causesOf = (finding: Finding, language: Language): string[] =>
  finding.causes.map(({ code, likelihood }) =>
    safe(language.row.cause(language.likelihood[likelihood], own(language.causes, code) ?? code)),
  )

/** Sentence and causes on one line: `text` of the JSON. `spell` writes the states otherwise than the RFC. Never throws. */
export const describeFinding = (finding: Finding, language: Language, spell: Spell = asIs): string =>
  [sentenceOf(finding, language, spell), ...causesOf(finding, language)].join(language.sentenceGap)

/** What fits the likeliest cause, or else the finding. */
export const adviceOf = ({ id, causes }: Pick<Finding, 'id' | 'causes'>, language: Language): Advice => {
  const byCause: Readonly<Record<string, Advice>> = own(language.adviceByCause, id) ?? {}
  return own(byCause, causes[0]?.code ?? '') ?? own(language.advice, id) ?? { decide: '', act: '' }
}

/** What would decide between the causes and what to do, on one line: `advice` of the JSON. */
export const adviseOn = (finding: Pick<Finding, 'id' | 'causes'>, language: Language): string => {
  const { decide, act } = adviceOf(finding, language)
  return [decide, act].filter((sentence) => sentence !== '').join(language.sentenceGap)
}

/** A report of a newer version may bring what the tables do not know. */
const own = <T>(table: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined

/** Between two Chinese characters stands no space, whatever was put in for them. */
const joined = (text: string): string => text.replace(/(?<=\p{Script=Han}) +(?=\p{Script=Han})/gu, '')

const capital = (text: string): string =>
  text.replace(/^[a-z](?=[a-z-]*(?: |: ))/, (letter) => letter.toUpperCase())
