import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Direction } from '../../../src/replay/notes/direction.js'
import { add } from '../../../src/rfc9293/sequence.js'

/** Segments around 2^32, as where they begin and how long they are; row by row. */
const segments = fc.array(fc.tuple(fc.integer({ min: 0, max: 24 }), fc.integer({ min: 0, max: 6 })), {
  minLength: 1,
  maxLength: 14,
})
const BASE = 0xffff_fff0

it('finds the first and the latest copy that begins at a byte', () => {
  fc.assert(
    fc.property(segments, (all) => {
      const direction = new Direction()
      const first = new Map<number, number>()
      const latest = new Map<number, number>()
      const zero = all[0]?.[0] ?? 0
      all.forEach(([from, length], row) => {
        direction.extend(add(BASE, from), add(BASE, from + length), row)
        if (length === 0) return
        if (!first.has(from)) first.set(from, row)
        latest.set(from, row)
      })
      for (const [from, row] of first) expect(direction.firstCopy(from - zero)).toBe(row)
      for (const [from, row] of latest) expect(direction.latestCopy(from - zero)).toBe(row)
    }),
    { numRuns: 1000 },
  )
})

it('finds the latest row with an ack number, before and after more of them came', () => {
  const direction = new Direction()
  const rows = [5, 7, 5, 9].map((ack) => ({ ack }))
  direction.carriesAck(0)
  direction.carriesAck(1)
  expect(direction.rowOfAck(5, rows)).toBe(0)
  direction.carriesAck(2)
  expect([5, 7, 9].map((ack) => direction.rowOfAck(ack, rows))).toEqual([2, 1, -1])
})
