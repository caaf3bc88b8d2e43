/** Relative numbers: RFC 9293 section 3.4 counts modulo 2^32, a long transfer goes on. */
import { expect, it } from 'vitest'
import { Relative } from '../../src/flow/relative.js'

it('begins at 0, and wraps where the numbers do', () => {
  const relative = new Relative(2 ** 32 - 2)
  expect([2 ** 32 - 2, 2 ** 32 - 1, 0, 1460].map((n) => relative.of(n))).toEqual([0, 1, 2, 1462])
})

it('takes signed words for the same numbers', () => {
  const relative = new Relative(-2)
  expect([-2, -1, 0, -1_294_967_296].map((n) => relative.of(n))).toEqual([0, 1, 2, -1_294_967_294])
})

it('goes on beyond 4 GiB', () => {
  const relative = new Relative(77)
  let sent = 77
  for (let gibibyte = 0; gibibyte < 20; gibibyte++) {
    sent = (sent + 2 ** 30) % 2 ** 32
    expect(relative.of(sent)).toBe((gibibyte + 1) * 2 ** 30)
  }
  // What is sent again, or asks whether the other end is there, lies a little before.
  expect(relative.of((sent - 1 + 2 ** 32) % 2 ** 32)).toBe(20 * 2 ** 30 - 1)
})

it('is before the first: negative', () => expect(new Relative(100).of(99)).toBe(-1))

it('is not led astray by numbers that somebody has made up', () => {
  const relative = new Relative(0)
  for (const forged of [2 ** 31 - 1, 2 ** 32 - 5, 2 ** 31 - 9]) relative.of(forged, false)
  expect(relative.of(1460)).toBe(1460)
})
