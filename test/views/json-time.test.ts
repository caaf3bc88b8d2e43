import fc from 'fast-check'
import { expect, it } from 'vitest'
import { JsonBytes } from '../../src/views/json-bytes.js'
import { inTenths } from '../../src/views/json-time.js'

it('leaves nothing of the reckoning, and every place that a time can have', () => {
  // Both are what doubles make of them.
  expect(1 + -0.7).toBe(0.30000000000000004)
  expect(inTenths(1 + -0.7)).toBe(0.3)
  expect(inTenths(-0.0000035000000000000343)).toBe(-0.0000035)
  // Half of a nanosecond.
  expect(inTenths(12.0000000005)).toBe(12.0000000005)
  expect(inTenths(99_999.9999999995)).toBe(99_999.9999999995)
  // A year: microseconds.
  expect(inTenths(31_536_000.123456)).toBe(31_536_000.123456)
  expect(inTenths(4e9)).toBe(4e9)
})

const written = (value: number): string => {
  const json = new JsonBytes()
  json.seconds(value)
  return Buffer.from(json.bytes.subarray(0, json.length)).toString()
}

it('is written as JSON.stringify has it', () => {
  for (const value of [
    0, -0, 1, -1, 1e-6, 9.99e-7, 4e-11, -6e-11, 0.00001, 10.5, 99_999.99999999999, 1e5, 1e12,
  ])
    expect(written(value)).toBe(JSON.stringify(inTenths(value)))
  expect(written(Number.NaN)).toBe('null')
  const halves = fc
    .tuple(fc.integer({ min: -200_000, max: 200_000 }), fc.nat(1_999_999_999))
    .map(([seconds, n]) => seconds + n / 2e9)
  fc.assert(
    fc.property(fc.oneof(halves, fc.double({ min: -2e5, max: 2e5 }), fc.double()), (value) => {
      expect(written(value)).toBe(JSON.stringify(inTenths(value)))
    }),
    { numRuns: 20_000, seed: 20_261_123 },
  )
})
