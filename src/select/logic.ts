/**
 * and, or, not, parentheses: the same in both languages. `not` binds tightest, then `and`; tcpdump's `and` and `or`
 * bind alike, from the left (pcap-filter(7)), so the precedence is a parameter.
 *
 * In: a cursor and the parser of a single test. Out: a predicate.
 */
import type { Cursor } from './tokens.js'

export type Test<T> = (subject: T) => boolean

/** Deeper nesting than this is a mistake or an attack. */
const DEEP = 64

export function parseLogic<T>(cursor: Cursor, primary: () => Test<T>, equalBinding: boolean): Test<T> {
  const unary = (depth: number): Test<T> => {
    if (depth > DEEP) cursor.fail([])
    if (cursor.take('not', '!') !== undefined) {
      const inner = unary(depth + 1)
      return (subject) => !inner(subject)
    }
    if (cursor.take('(') !== undefined) {
      const inner = either(depth + 1)
      if (cursor.take(')') === undefined) cursor.fail([')', 'and', 'or'])
      return inner
    }
    return primary()
  }
  const both = (depth: number): Test<T> => {
    const first = unary(depth)
    const more: Step<T>[] = []
    while (cursor.take('and', '&&') !== undefined) more.push({ and: true, test: unary(depth) })
    return chain(first, more)
  }
  const either = (depth: number): Test<T> => {
    const operand = equalBinding ? unary : both
    const first = operand(depth)
    const more: Step<T>[] = []
    for (;;) {
      if (equalBinding && cursor.take('and', '&&') !== undefined)
        more.push({ and: true, test: operand(depth) })
      else if (cursor.take('or', '||') !== undefined) more.push({ and: false, test: operand(depth) })
      else return chain(first, more)
    }
  }
  const all = either(0)
  if (cursor.peek() !== undefined) cursor.fail(['and', 'or'])
  return all
}

interface Step<T> {
  readonly and: boolean
  readonly test: Test<T>
}

/** From the left, in a loop: a filter of ten thousand words must not nest as many calls. */
const chain = <T>(first: Test<T>, more: readonly Step<T>[]): Test<T> =>
  more.length === 0
    ? first
    : (subject) => {
        let holds = first(subject)
        for (const { and, test } of more) if (holds === and) holds = test(subject)
        return holds
      }
