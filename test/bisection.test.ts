/** Held to a look at one index after the other. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { firstThat } from '../src/bisection.js'

test('firstThat: as a look at one index after the other has it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 9 })),
      fc.integer({ min: -1, max: 10 }),
      fc.nat(30),
      (all, least, skipped) => {
        const ascending = all.toSorted((a, b) => a - b)
        const from = Math.min(skipped, all.length)
        const holds = (index: number): boolean => (ascending[index] as number) >= least
        let expected = from
        while (expected < all.length && !holds(expected)) expected++
        expect(firstThat(from, all.length, holds)).toBe(expected)
      },
    ),
  )
})

test('firstThat: asks for none outside of its range, and for few of it', () => {
  const asked: number[] = []
  const holds = (index: number): boolean => {
    asked.push(index)
    return index >= 700_000
  }
  expect(firstThat(10, 1_000_000, holds)).toBe(700_000)
  expect(asked.length).toBeLessThanOrEqual(20)
  expect(asked.every((index) => index >= 10 && index < 1_000_000)).toBe(true)
  expect(firstThat(5, 5, holds)).toBe(5)
})
