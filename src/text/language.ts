/**
 * Which language to speak: `--lang`, else the locale's POSIX variables in their order of precedence.
 *
 * In: the option and the environment. Out: a language's code, and its table, loaded when it is needed.
 */
import type { Language, LanguageCode } from './table.js'

export const LANGUAGES: readonly LanguageCode[] = ['en', 'zh']

/** LC_ALL over LC_MESSAGES over LANG; an empty value counts as unset (POSIX.1-2024, 8.2). Anything but Chinese is English. */
export const chooseLanguage = (
  asked: LanguageCode | undefined,
  env: Readonly<Record<string, string | undefined>>,
): LanguageCode => {
  if (asked !== undefined) return asked
  const locale = env.LC_ALL || env.LC_MESSAGES || env.LANG || ''
  return /^zh(?![a-z])/i.test(locale) ? 'zh' : 'en'
}

/** The language's table, for `describeFinding` and `describeRow`. Only the one asked for (`en`, `zh`) is loaded. */
export const loadLanguage = async (code: LanguageCode): Promise<Language> =>
  code === 'zh' ? (await import('./zh/index.js')).zh : (await import('./en/index.js')).en
