import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clockOf } from '../../src/capture/pcapng-time.js'

function timeOf(ticks: bigint, resolution: number, offset = 0n) {
  const time = { seconds: 0, nanoseconds: 0 }
  clockOf(resolution, offset)(Number(ticks >> 32n), Number(ticks & 0xffff_ffffn), time)
  return time
}

describe('times of pcapng', () => {
  it('reads the resolutions that programs write', () => {
    expect(timeOf(1_700_000_000_999_999n, 6)).toEqual({ seconds: 1_700_000_000, nanoseconds: 999_999_000 })
    expect(timeOf(1_700_000_000_999_999_999n, 9)).toEqual({
      seconds: 1_700_000_000,
      nanoseconds: 999_999_999,
    })
    expect(timeOf(1_700_000_000n, 0)).toEqual({ seconds: 1_700_000_000, nanoseconds: 0 })
    expect(timeOf(1_700_000_000_999_999_999_999n, 12).nanoseconds).toBe(999_999_999)
    // Units of 2^-32 s: a half, and the last one before the second.
    expect(timeOf((5n << 32n) + (1n << 31n), 0x80 | 32)).toEqual({ seconds: 5, nanoseconds: 500_000_000 })
    expect(timeOf((5n << 32n) + 0xffff_ffffn, 0x80 | 32)).toEqual({ seconds: 5, nanoseconds: 999_999_999 })
    expect(timeOf(3n, 0x80 | 1)).toEqual({ seconds: 1, nanoseconds: 500_000_000 })
  })

  it('adds the offset, also a negative one', () => {
    expect(timeOf(5_250_000n, 6, 1_700_000_000n)).toEqual({
      seconds: 1_700_000_005,
      nanoseconds: 250_000_000,
    })
    expect(timeOf(5_250_000n, 6, -10n)).toEqual({ seconds: -5, nanoseconds: 250_000_000 })
  })

  it('stays within the years 1 to 9999', () => {
    const largest = (1n << 64n) - 1n
    expect(timeOf(largest, 0)).toEqual({ seconds: 253_402_300_799, nanoseconds: 0 })
    expect(timeOf(0n, 6, -(1n << 63n))).toEqual({ seconds: -62_135_596_800, nanoseconds: 0 })
    expect(timeOf(largest, 127)).toEqual({ seconds: 0, nanoseconds: 0 })
  })

  it('is exact to the nanosecond for every count and resolution', () => {
    const any = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n })
    // Around whole seconds, and where doubles stop to be exact, is where rounding would go wrong.
    const edge = fc
      .tuple(fc.bigInt({ min: 0n, max: 1n << 34n }), fc.constantFrom(1n, 1_000_000n, 1_000_000_000n))
      .map(([seconds, units]) => (seconds > 0n ? seconds * units - 1n : 0n))
    const exact = fc.bigInt({ min: (1n << 53n) - 100n, max: (1n << 53n) + 100n })
    const ticks = fc.oneof(any, edge, exact)
    fc.assert(
      fc.property(ticks, fc.nat(255), (count, resolution) => {
        const units = ((resolution & 0x80) === 0 ? 10n : 2n) ** BigInt(resolution & 0x7f)
        const seconds = count / units
        fc.pre(seconds <= 253_402_300_799n)
        const nanoseconds = ((count % units) * 1_000_000_000n) / units
        expect(timeOf(count, resolution)).toEqual({
          seconds: Number(seconds),
          nanoseconds: Number(nanoseconds),
        })
      }),
      { numRuns: 2000 },
    )
  })
})
