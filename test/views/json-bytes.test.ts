import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JsonBytes } from '../../src/views/json-bytes.js'

const written = (value: unknown): string => {
  const json = new JsonBytes()
  json.value(value)
  return Buffer.from(json.bytes.subarray(0, json.length)).toString()
}

test.each([
  0,
  -0,
  7,
  10,
  4_294_967_295,
  2_147_483_647,
  -2_147_483_648,
  1e21,
  1.5e-7,
  NaN,
  Infinity,
  true,
  null,
])('the value %s', (value) => expect(written(value)).toBe(JSON.stringify(value)))

test('any value is written as JSON.stringify has it', () => {
  const text = fc.string({ unit: 'binary' })
  const values = fc.jsonValue({ noUnicodeString: false, stringUnit: 'binary' })
  fc.assert(
    fc.property(fc.oneof(text, values, fc.double()), (value) => {
      expect(written(value)).toBe(JSON.stringify(value))
    }),
    { numRuns: 2000, seed: 20_261_123 },
  )
})

test('what is undefined is left out, and a long text makes room', () => {
  const value = { a: undefined, b: 'x'.repeat(200_000), c: ['é'.repeat(70_000)] }
  expect(written(value)).toBe(JSON.stringify(value))
})

test('seconds, however they were reckoned', () => {
  const exact = fc
    .tuple(fc.nat(10_000_000), fc.constantFrom(1, 10, 1e3, 1e6, 1e8, 1e9), fc.nat(999))
    .map(([n, unit, whole]) => whole + n / unit)
  // As times in a report: a difference of two times, which need not be the nearest double.
  const reckoned = fc
    .tuple(fc.nat(2_000_000), fc.nat(999_999_999), fc.nat(999_999_999))
    .map(([seconds, a, b]) => seconds + (a - b) / 1e9)
  fc.assert(
    fc.property(fc.oneof(exact, reckoned, fc.double({ min: 0, max: 2e6 }), fc.double()), (value) => {
      expect(written(value)).toBe(JSON.stringify(value))
    }),
    { numRuns: 20_000, seed: 20_261_123 },
  )
})

const put = (write: (json: JsonBytes) => void): string => {
  const json = new JsonBytes()
  write(json)
  return Buffer.from(json.bytes.subarray(0, json.length)).toString()
}

test('words as addresses, as base64 and as times', () => {
  const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
  fc.assert(
    fc.property(fc.array(word, { minLength: 5, maxLength: 5 }), fc.nat(999_999_999), (words, nanoseconds) => {
      const octets = Buffer.alloc(20)
      for (const [n, each] of words.entries()) octets.writeInt32BE(each, 4 * n)
      expect(put((json) => json.base64(Float64Array.from(words), 0))).toBe(octets.toString('base64'))
      expect(put((json) => json.dotted(words[0] ?? 0))).toBe([...octets.subarray(0, 4)].join('.'))
      const seconds = (words[0] ?? 0) >>> 0
      const date = new Date(1000 * seconds).toISOString().slice(0, 19)
      const time = `${date}.${String(nanoseconds).padStart(9, '0')}Z`
      expect(put((json) => json.time(seconds, nanoseconds))).toBe(time)
    }),
    { seed: 20_261_123 },
  )
})
