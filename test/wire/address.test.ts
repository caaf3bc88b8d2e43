import { isIP } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatAddress, parseAddress } from '../../src/wire/address.js'

const again = (text: string) => {
  const parsed = parseAddress(text)
  return parsed === null ? null : formatAddress(parsed.version, ...parsed.words)
}

/** The examples of RFC 5952 and RFC 4291, and their edges. */
test.each([
  ['192.0.2.10', '192.0.2.10'],
  ['255.255.255.255', '255.255.255.255'],
  ['0.0.0.0', '0.0.0.0'],
  ['::', '::'],
  ['::1', '::1'],
  ['1::', '1::'],
  ['2001:0db8::0001', '2001:db8::1'],
  ['2001:DB8::1', '2001:db8::1'],
  ['2001:db8:0:0:0:0:2:1', '2001:db8::2:1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
  ['::ffff:c000:201', '::ffff:192.0.2.1'],
  ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
])('%s is written %s', (text, expected) => {
  expect(again(text)).toBe(expected)
})

test.each([
  '',
  '1.2.3',
  '1.2.3.256',
  '01.2.3.4',
  '1.2.3.4.5',
  ':::',
  '1:2',
  '1::2::3',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7:8::',
  '12345::',
  'fe80::1%eth0',
  '::1/64',
  '1.2.3.4::',
  '::g',
  ':1:2:3:4:5:6:7',
])('%j is no address', (text) => {
  expect(parseAddress(text)).toBeNull()
  expect(isIP(text.replace(/%.*/, ' '))).toBe(0)
})

test('whatever is written is an address for Node, and is read back', () => {
  const word = fc.oneof(fc.constantFrom(0, 1, -1, 0xffff), fc.integer())
  fc.assert(
    fc.property(word, word, word, word, (a, b, c, d) => {
      const text = formatAddress(6, a, b, c, d)
      expect(isIP(text)).toBe(6)
      expect(parseAddress(text)).toEqual({ version: 6, words: [a, b, c, d] })
      expect(parseAddress(formatAddress(4, 0, 0, 0, d))).toEqual({ version: 4, words: [0, 0, 0, d] })
    }),
  )
})

test('any text: Node and we agree on what an address is', () => {
  const text = fc.string({ unit: fc.constantFrom('0', '1', 'f', ':', '::', '.', '255'), maxLength: 12 })
  fc.assert(
    fc.property(text, (some) => {
      expect(parseAddress(some)?.version ?? 0).toBe(isIP(some))
    }),
    { numRuns: 2000 },
  )
})
