/**
 * What the user typed, checked and given its defaults.
 *
 * In: commander's options. Out: {@link Wishes}; a {@link Problem} in one line for a value that makes no sense.
 */
import type { Severity } from '../report.js'
import { LANGUAGES } from '../text/language.js'
import { SPELLINGS, type Spelling } from '../text/states.js'
import type { LanguageCode, ProblemWords } from '../text/table.js'
import { CLOCKS, type Clock } from '../views/terminal/clock.js'
import type { ColourChoice } from '../views/terminal/look.js'
import { Problem } from './problem.js'
import type { RawOptions } from './program.js'

const SEVERITIES: readonly Severity[] = ['note', 'warning', 'problem']
const STACKS = ['linux', 'rfc9293'] as const
const COLOURS: readonly ColourChoice[] = ['auto', 'always', 'never']

export interface Wishes {
  readonly flow: number | null
  readonly json: boolean
  readonly stack: (typeof STACKS)[number]
  readonly sysctl: readonly string[]
  readonly failOn: Severity | null
  readonly names: Spelling
  readonly absolute: boolean
  readonly all: boolean
  readonly ascii: boolean
  readonly colour: ColourChoice
  readonly clock: Clock
  readonly why: boolean
  /** Half-open connections that are told one by one; null: as the machine's memory allows. */
  readonly maxFlows: number | null
  /** '' for every connection. */
  readonly where: string
}

export const wishesOf = (raw: RawOptions, words: ProblemWords): Wishes => {
  const choose = <T extends string>(
    option: string,
    value: string | undefined,
    choices: readonly T[],
    otherwise: T,
  ): T => {
    if (value === undefined) return otherwise
    const found = choices.find((choice) => choice === value)
    if (found === undefined) throw new Problem(words.badChoice(option, value, choices.join(', ')))
    return found
  }
  choose<LanguageCode>('--lang', raw.lang, LANGUAGES, 'en')
  return {
    flow: raw.flow === undefined ? null : wholeNumber('--flow', raw.flow, words),
    json: raw.json === true,
    stack: choose('--stack', raw.stack, STACKS, 'linux'),
    sysctl: raw.sysctl ?? [],
    failOn: raw.failOn === undefined ? null : choose('--fail-on', raw.failOn, SEVERITIES, 'problem'),
    names: choose('--names', raw.names, SPELLINGS, 'netstat'),
    absolute: raw.absolute === true,
    all: raw.all === true,
    ascii: raw.ascii === true,
    colour: choose('--color', raw.color, COLOURS, 'auto'),
    clock: choose('-t', raw.time, CLOCKS, 'r'),
    why: raw.why === true,
    maxFlows: raw.maxFlows === undefined ? null : wholeNumber('--max-flows', raw.maxFlows, words),
    where: raw.where ?? '',
  }
}

const wholeNumber = (option: string, value: string, words: ProblemWords): number => {
  if (!/^\d{1,9}$/.test(value)) throw new Problem(words.badNumber(option, value))
  return Number(value)
}

/** Findings at or above `severity`. */
export const matching = (findings: readonly { readonly severity: Severity }[], severity: Severity): number =>
  findings.filter((finding) => SEVERITIES.indexOf(finding.severity) >= SEVERITIES.indexOf(severity)).length
