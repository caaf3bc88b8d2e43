import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HeldBlock } from '../../src/rfc9293/event.js'
import { hold, MAX_HELD, release } from '../../src/rfc9293/held.js'
import { add, diff } from '../../src/rfc9293/sequence.js'

const block = (from: number, to: number, fin = false): HeldBlock => ({ from, to, fin })

describe('what is held', () => {
  it('joins blocks that touch or overlap, and keeps those apart that do not', () => {
    const held = [block(20, 30), block(10, 15), block(28, 40), block(15, 18)].reduce(
      hold,
      [] as readonly HeldBlock[],
    )
    expect(held).toEqual([block(10, 18), block(20, 40)])
  })

  it('gives what RCV.NXT reaches, with the FIN at its end', () => {
    const held = [block(10, 20), block(30, 41, true)]
    expect(release(held, 9)).toEqual({ rcvNxt: 9, held, fin: false })
    expect(release(held, 10)).toEqual({ rcvNxt: 20, held: [block(30, 41, true)], fin: false })
    expect(release(held, 35)).toEqual({ rcvNxt: 41, held: [], fin: true })
  })

  it('keeps nothing beyond a FIN', () => {
    expect(hold([block(10, 21, true)], block(25, 30))).toEqual([block(10, 21, true)])
    expect(hold([block(25, 30)], block(10, 21, true))).toEqual([block(10, 21, true)])
  })

  it('does not grow without end', () => {
    let held: readonly HeldBlock[] = []
    for (let i = 0; i < MAX_HELD + 50; i += 1) held = hold(held, block(10 * i, 10 * i + 1))
    expect(held).toHaveLength(MAX_HELD)
  })

  it('is a set of numbers: whatever the order, across the wrap too', () => {
    const start = 0xfffffff0
    const blocks = fc.array(
      fc
        .tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 12 }))
        .map(([at, len]) => [at, at + len] as const),
      { maxLength: 12 },
    )
    fc.assert(
      fc.property(blocks, (ranges) => {
        const numbers = new Set(ranges.flatMap(([a, b]) => Array.from({ length: b - a }, (_, i) => a + i)))
        const held = ranges
          .map(([a, b]) => block(add(start, a), add(start, b)))
          .reduce(hold, [] as readonly HeldBlock[])
        const kept = held.flatMap(({ from, to }) =>
          Array.from({ length: diff(to, from) }, (_, i) => diff(add(from, i), start)),
        )
        expect(kept).toEqual([...numbers].toSorted((a, b) => a - b))
      }),
    )
  })
})
