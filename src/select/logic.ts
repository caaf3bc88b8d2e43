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
    let left = unary(depth)
    while (cursor.take('and', '&&') !== undefined) {
      const [a, b] = [left, unary(depth)]
      left = (subject) => a(subject) && b(subject)
    }
    return left
  }
  const either = (depth: number): Test<T> => {
    let left = equalBinding ? unary(depth) : both(depth)
    for (;;) {
      if (equalBinding && cursor.take('and', '&&') !== undefined) {
        const [a, b] = [left, unary(depth)]
        left = (subject) => a(subject) && b(subject)
      } else if (cursor.take('or', '||') !== undefined) {
        const [a, b] = [left, equalBinding ? unary(depth) : both(depth)]
        left = (subject) => a(subject) || b(subject)
      } else return left
    }
  }
  const all = either(0)
  if (cursor.peek() !== undefined) cursor.fail(['and', 'or'])
  return all
}
