/** Numbers of a segment moved up, and how far each end has come. RFC 9293 section 3.4: modulo 2^32. */
import { expect, it } from 'vitest'
import { movedUp, Positions } from '../../src/flow/moved-up.js'
import type { Segment } from '../../src/flow/segment.js'

const segment = (of: Partial<Segment>): Segment => {
  const s = { from: 0, seq: 100, len: 0, ack: 500, ackBit: true, rst: false, sack: [], ...of } as Segment
  return { ...s, end: (s.seq + s.len) >>> 0 }
}

it('moves what an end sends by its own bytes, what it acknowledges by those of the other', () => {
  const moved = movedUp(segment({ from: 1, seq: 2 ** 32 - 10, len: 20, ack: 7, sack: [[9, 12]] }), [1000, 50])
  expect(moved).toMatchObject({ seq: 40, end: 60, len: 20, ack: 1007, sack: [[1009, 1012]] })
})

it('leaves an acknowledgment number that says nothing', () => {
  expect(movedUp(segment({ ackBit: false, ack: 0 }), [5, 7])).toMatchObject({ seq: 105, ack: 0 })
})

it('counts each byte once, and no number that somebody has made up', () => {
  const positions = new Positions()
  const by = (of: Partial<Segment>): number => positions.advance(segment(of))
  expect(by({ seq: 2 ** 32 - 100, len: 50 })).toBe(0)
  expect(by({ seq: 2 ** 32 - 50, len: 200 })).toBe(200)
  // Sent again; a gap; the other end; a RST; two thousand million bytes ahead.
  expect(by({ seq: 2 ** 32 - 50, len: 200 })).toBe(0)
  expect(by({ seq: 250, len: 10 })).toBe(110)
  expect(by({ from: 1, seq: 77, len: 10 })).toBe(0)
  expect(by({ seq: 900, len: 0, rst: true })).toBe(0)
  expect(by({ seq: 2_000_000_000, len: 10 })).toBe(0)
  expect(by({ seq: 260, len: 1 })).toBe(1)
})
