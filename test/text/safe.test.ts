import fc from 'fast-check'
import { expect, it } from 'vitest'
import { safe } from '../../src/text/safe.js'

it.each([
  ['\u001b]0;title\u0007', '\\u{1b}]0;title\\u{7}'],
  ['a\r\nb', 'a\\u{d}\\u{a}b'],
  ['\u009b31m', '\\u{9b}31m'],
  ['x\u202egpj.exe', 'x\\u{202e}gpj.exe'],
  ['\u2066a\u2069', '\\u{2066}a\\u{2069}'],
  ['\u2028', '\\u{2028}'],
  ['a\ud800b', 'a\\u{d800}b'],
  ['zero\u200bwidth', 'zero\\u{200b}width'],
  ['服务端 é ☎', '服务端 é ☎'],
])('writes out what a terminal would obey: %j', (text, expected) => {
  expect(safe(text)).toBe(expected)
})

it('leaves no control character in any string', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
      expect(safe(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u2028\u2029]/)
    }),
  )
})
