/** Keep-alives that a capture begins with. RFC 9293 section 3.8.4. */
import { expect, it } from 'vitest'
import { firstProbes } from '../../src/infer/first-probe.js'
import { ISN, segments } from './connection.js'

/** Of each end the row of the probe that it is first seen with, and how far SND.NXT lies behind its number; null: none. */
const found = (text: string) =>
  firstProbes(segments(text)).map((probe, end) =>
    probe === null ? null : [probe.row, probe.next - (ISN[end as 0 | 1] + 1)],
  )

it('the answer has a byte more than was ever sent', () => {
  expect(
    found(`
      c>s 0.000 A 1 1
      s>c 0.020 A 1 2
      c>s 75.00 A 1 1
      s>c 75.02 A 1 2`),
  ).toEqual([[0, 1], null])
})
it('both ends may ask', () => {
  expect(
    found(`
      s>c 0.000 A 1 2
      c>s 0.001 A 2 2
      s>c 30.00 A 1 2
      c>s 30.01 A 2 2
      c>s 40.00 A 1 2
      s>c 40.01 A 2 2`),
  ).toEqual([null, [0, 1]])
})
it('an ACK that is not answered, or answered with what was known, asks nothing', () => {
  expect(
    found(`
      c>s 0.000 A 1 1
      s>c 0.020 PA 1 1 100
      c>s 0.040 A 1 101`),
  ).toEqual([null, null])
  expect(found('c>s 0.000 A 1 1')).toEqual([null, null])
})
it('text or a FIN of that number is what the answer means', () => {
  expect(
    found(`
      c>s 0.000 A 1 1
      c>s 0.001 FA 1 1
      s>c 0.020 A 1 2`),
  ).toEqual([null, null])
})
it('who goes on behind that number before the answer had sent a byte or a FIN that was not captured', () => {
  expect(
    found(`
      c>s 0.000 A 1 1
      c>s 0.015 A 2 1
      s>c 0.020 A 1 2`),
  ).toEqual([null, null])
})
it('more than one byte is no answer to a probe', () => {
  expect(
    found(`
      c>s 0.000 A 1 1
      s>c 0.020 A 1 101`),
  ).toEqual([null, null])
})
