/**
 * Words, numbers, operators and parentheses of the filter languages.
 *
 * In: what the user typed. Out: tokens with their place, from 1, so that an error can point at it.
 */

export interface Token {
  readonly text: string
  readonly at: number
}

/** Where and why a filter makes no sense. `expected` holds words of the language, not of people. */
export class FilterError extends Error {
  override readonly name = 'FilterError'
  constructor(
    readonly at: number,
    readonly found: string,
    readonly expected: readonly string[],
  ) {
    super(`${at}: ${found}`)
  }
}

const TOKEN = /\s*(&&|\|\||[!<>]=|==|[!<>=()]|[^\s!<>=()&|]+|[&|])/y

export function tokens(text: string): Token[] {
  const found: Token[] = []
  let at = 0
  while (at < text.length && text.slice(at).trim() !== '') {
    TOKEN.lastIndex = at
    const match = TOKEN.exec(text)
    const word = match?.[1]
    if (match === null || word === undefined) throw new FilterError(at + 1, text.slice(at, at + 10), [])
    found.push({ text: word, at: match.index + match[0].length - word.length + 1 })
    at = match.index + match[0].length
  }
  return found
}

/** A position in the tokens. */
export class Cursor {
  #next = 0
  constructor(
    readonly all: readonly Token[],
    readonly length: number,
  ) {}

  peek(): string | undefined {
    return this.all[this.#next]?.text
  }

  /** The next token when it is one of `words`. */
  take(...words: readonly string[]): string | undefined {
    const text = this.peek()
    if (text === undefined || !words.includes(text.toLowerCase())) return undefined
    this.#next++
    return text.toLowerCase()
  }

  next(expected: readonly string[]): Token {
    const token = this.all[this.#next]
    if (token === undefined) throw new FilterError(this.length + 1, '', expected)
    this.#next++
    return token
  }

  fail(expected: readonly string[]): never {
    const token = this.all[this.#next]
    throw new FilterError(token?.at ?? this.length + 1, token?.text ?? '', expected)
  }
}
