/**
 * Text as Markdown that shows it as it is (CommonMark 0.31, GitHub's extensions).
 *
 * In: any text on one line. Out: Markdown. Beside what Markdown itself would read, the things that ticket systems
 * make links of are kept from it: `#12` (an issue there, a packet here), `@name`, web addresses.
 */

/** An underscore within a word means nothing: SYN_SENT stays readable. */
const MARKUP = /[\\`*{}[\]<>|~&$]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu

export const escapeMarkdown = (text: string): string =>
  text
    .replace(MARKUP, (character) => `\\${character}`)
    .replaceAll(/:(?=\/\/)/g, '\\:')
    .replaceAll(/\bwww\./gi, (www) => `${www.slice(0, 3)}\\.`)
    // Nothing is looked for in code.
    .replaceAll(/#\d+/g, (reference) => code(reference))
    .replaceAll(/@+/g, (signs) => code(signs))
    // At the start of a line these begin a heading, a quotation, a list or a rule.
    .replace(/^(\s*)([#+=-]|\d+(?=[.)](?:\s|$)))/, (_, space: string, sign: string) =>
      /^\d/.test(sign) ? `${space}${sign}\\` : `${space}\\${sign}`,
    )

/** A code span; in a table a `|` must be escaped even there. */
export const code = (text: string, inTable = false): string => {
  // Readers disagree about a backslash before a `|` in the code of a table: plain text says it for all of them.
  if (inTable && text.includes('\\|')) return escapeMarkdown(text)
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const space = /^`|`$|^ .* $/.test(text) ? ' ' : ''
  const inner = inTable ? text.replaceAll('|', '\\|') : text
  return text === '' ? '' : `${fence}${space}${inner}${space}${fence}`
}
