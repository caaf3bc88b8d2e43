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
