import { expect, it } from 'vitest'
import { isoTime } from '../../src/replay/iso-time.js'

it.each([
  [0, 0, '1970-01-01T00:00:00.000000000Z'],
  [1_752_500_000, 1, '2025-07-14T13:33:20.000000001Z'],
  [1_752_500_000, 999_999_999, '2025-07-14T13:33:20.999999999Z'],
  [951_782_400, 120_000_000, '2000-02-29T00:00:00.120000000Z'],
  [4_294_967_295, 0, '2106-02-07T06:28:15.000000000Z'],
])('%i s and %i ns are %s', (seconds, nanoseconds, text) => expect(isoTime(seconds, nanoseconds)).toBe(text))

it('says a time that no calendar holds in seconds', () => {
  expect(isoTime(1e14, 5)).toBe('100000000000000.000000005Z')
})
it('does not mix two times up', () => {
  const first = isoTime(10, 0)
  isoTime(1e14, 0)
  expect(isoTime(10, 0)).toBe(first)
})
