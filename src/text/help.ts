/** The words of `--help`, apart from the rest because few runs need them. In: nothing. Out: their type, and a loader. */
import type { LanguageCode } from './table.js'

export type OptionName =
  | 'flow'
  | 'json'
  | 'stack'
  | 'sysctl'
  | 'failOn'
  | 'lang'
  | 'names'
  | 'absolute'
  | 'all'
  | 'ascii'
  | 'colour'
  | 'time'
  | 'why'
  | 'where'
  | 'follow'
  | 'loadState'
  | 'saveState'
  | 'maxFlows'
  | 'at'
  | 'host'
  | 'timers'
  | 'every'
  | 'format'
  | 'output'
  | 'force'
  | 'open'
  | 'version'
  | 'help'

export interface HelpWords {
  readonly about: string
  readonly captures: string
  readonly annotate: string
  readonly flows: string
  readonly netstat: string
  readonly explain: string
  readonly finding: string
  readonly state: string
  /** What `finding` and `state` take. */
  readonly names: string
  readonly report: string
  readonly serve: string
  readonly write: string
  readonly export: string
  readonly options: Readonly<Record<OptionName, string>>
  readonly headings: Readonly<Record<'usage' | 'arguments' | 'options' | 'common' | 'commands', string>>
  /** A command line and what it does. */
  readonly examples: readonly (readonly [string, string])[]
  readonly exampleHeading: string
  readonly exits: string
}

export const loadHelp = async (code: LanguageCode): Promise<HelpWords> =>
  code === 'zh' ? (await import('./zh/help.js')).help : (await import('./en/help.js')).help
