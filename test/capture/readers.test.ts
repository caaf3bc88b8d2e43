/** The package pcap-parser and our block reader find the same, whatever the file and however it comes. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { pcap } from './bytes.js'
import { collectFile, collectPipe } from './collect.js'

const record = fc.record({
  seconds: fc.integer({ min: 1_600_000_000, max: 1_600_000_900 }),
  fraction: fc.oneof(fc.nat(999_999), fc.nat(0xffff_ffff)),
  data: fc.array(fc.nat(255), { maxLength: 60 }),
  original: fc.nat(70_000),
})

const file = fc
  .tuple(
    fc.array(record, { maxLength: 12 }),
    fc.record({
      little: fc.boolean(),
      magic: fc.constantFrom(0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34),
      minor: fc.constantFrom(2, 3, 4),
      snap: fc.constantFrom(0, 96, 65_535, 262_144, 1_000_000, 0xffff_ffff),
      link: fc.constantFrom(1, 113, 0x2400_0001),
    }),
  )
  .map(([records, shape]) => pcap(records, shape))

const chunk = fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 300 }))

describe('both readers of classic pcap', () => {
  it('find the same records in sound files', async () => {
    await fc.assert(
      fc.asyncProperty(file, chunk, async (bytes, size) => {
        const blocks = await collectFile(bytes)
        const parser = await collectPipe(bytes, size)
        expect(parser.records).toEqual(blocks.records)
        expect(parser.summary).toEqual({ ...blocks.summary, file: '-', damage: parser.summary.damage })
        expect(parser.summary.damage?.detail).toBe(blocks.summary.damage?.detail)
      }),
    )
  })

  it('find the same records and the same damage in damaged files', async () => {
    const change = fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), octet: fc.nat(255) })
    const changes = fc.array(change, { maxLength: 4 })
    const cut = fc.nat(40)
    await fc.assert(
      fc.asyncProperty(
        file,
        changes,
        cut,
        chunk,
        fc.boolean(),
        async (bytes, changed, left, size, strict) => {
          for (const { at, octet } of changed) bytes[24 + Math.floor(at * (bytes.length - 24))] = octet
          const damaged = bytes.subarray(0, Math.max(24, bytes.length - left))
          const blocks = await collectFile(damaged, { strict })
          const parser = await collectPipe(damaged, size, { strict })
          const whole = await collectFile(damaged, { strict, reader: 'pcap-parser' })
          expect(parser.records).toEqual(blocks.records)
          expect(parser.damages.map(placed)).toEqual(blocks.damages.map(placed))
          expect(whole.damages.map(placed)).toEqual(blocks.damages.map(placed))
        },
      ),
      { numRuns: 300 },
    )
  })
})

function placed(error: { code: string; detail: string; byte: number | null }) {
  return [error.code, error.detail, error.byte]
}
