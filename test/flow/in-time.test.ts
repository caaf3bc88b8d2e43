/** Captures of one time, read together. */
import { expect, it } from 'vitest'
import { putInTime } from '../../src/flow/in-time.js'
import type { Segment } from '../../src/flow/segment.js'
import { segments } from '../infer/connection.js'

/** Segments of captures by their times, one capture after the other; out come `capture@time`. */
const ordered = (...captures: readonly (readonly number[])[]): string => {
  const all = captures.flatMap((times, capture) =>
    segments(times.map((at) => `c>s ${at} A 1 1`).join('\n')).map((s): Segment => ({ ...s, capture })),
  )
  putInTime(all)
  return all.map(({ capture, at }) => `${capture}@${at}`).join(' ')
}

it('captures that follow one another stay as they are', () => {
  expect(ordered([1, 2], [2, 3])).toBe('0@1 0@2 1@2 1@3')
})
it('those of one time come in order of time', () => {
  expect(ordered([1, 3, 5], [2, 4])).toBe('0@1 1@2 0@3 1@4 0@5')
  expect(ordered([2, 4], [1, 5], [3])).toBe('1@1 0@2 2@3 0@4 1@5')
})
it('of two packets of one time the capture that was read first is first', () => {
  expect(ordered([1, 3], [1, 2, 3])).toBe('0@1 1@1 1@2 0@3 1@3')
})
it('a clock that was set back changes nothing within its capture', () => {
  expect(ordered([5, 1, 6])).toBe('0@5 0@1 0@6')
  expect(ordered([2, 1, 4], [3])).toBe('0@2 0@1 1@3 0@4')
})
