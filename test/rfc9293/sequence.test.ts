import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, diff, geq, gt, leq, lt, max } from '../../src/rfc9293/sequence.js'

const number = fc.integer({ min: 0, max: 2 ** 32 - 1 })
/** Distances that the comparison can tell apart: less than half of the space. */
const distance = fc.integer({ min: 1, max: 2 ** 31 - 1 })

describe('sequence numbers, section 3.4', () => {
  it('wrap from 2^32 - 1 to 0', () => {
    expect(add(0xffffffff, 1)).toBe(0)
    expect(add(0xfffffff0, 0x20)).toBe(0x10)
    expect(add(0x10, -0x20)).toBe(0xfffffff0)
    expect(diff(0x10, 0xfffffff0)).toBe(0x20)
    expect(diff(0xfffffff0, 0x10)).toBe(-0x20)
    expect(lt(0xffffffff, 0)).toBe(true)
    expect(gt(0, 0xffffffff)).toBe(true)
    expect(max(0xffffffff, 0)).toBe(0)
  })

  it('are ordered in a circle, wherever it is cut', () => {
    fc.assert(
      fc.property(number, distance, (a, ahead) => {
        const b = add(a, ahead)
        expect(diff(b, a)).toBe(ahead)
        expect([lt(a, b), leq(a, b), gt(a, b), geq(a, b)]).toEqual([true, true, false, false])
        expect([lt(b, a), leq(b, a), gt(b, a), geq(b, a)]).toEqual([false, false, true, true])
        expect(max(a, b)).toBe(b)
        expect(max(b, a)).toBe(b)
      }),
    )
  })

  it('are equal only to themselves', () => {
    fc.assert(
      fc.property(number, (a) => {
        expect([lt(a, a), leq(a, a), gt(a, a), geq(a, a), diff(a, a)]).toEqual([false, true, false, true, 0])
      }),
    )
  })
})
