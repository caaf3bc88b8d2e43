import { expect, it } from 'vitest'
import { nearest } from '../../src/cli/nearest.js'

const WORDS = ['explain', 'annotate', 'flows', 'netstat', 'host', 'not', 'port', 'close-wait']

it.each([
  ['netsta', ['netstat']], // one left out
  ['netstatt', ['netstat']], // one too many
  ['entstat', ['netstat']], // two the wrong way round
  ['nitstit', ['netstat']], // two changed
  ['nitstiz', []], // three
  ['flow', ['flows']],
  ['FLOWS', ['flows']],
  ['hots', ['host', 'not']], // a swap is one slip
  ['closewait', ['close-wait']],
  ['x', []],
  ['no', ['not']],
  ['a'.repeat(100_000), []],
])('%.20s: %j', (word, expected) => {
  expect(nearest(word, WORDS)).toEqual(expected)
})
