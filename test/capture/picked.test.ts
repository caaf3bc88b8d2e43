/** Records that are read again one by one are the same as when the whole file was read; what is there no more is told. */
import { truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Place, readPicked } from '../../src/capture/picked.js'
import { pcap } from './bytes.js'
import { collect, inFolder, type Kept } from './collect.js'

const record = fc.record({
  seconds: fc.integer({ min: 1_600_000_000, max: 1_600_000_900 }),
  fraction: fc.oneof(fc.nat(999_999), fc.nat(0xffff_ffff)),
  // Some are longer than what is read at a time.
  data: fc.oneof(
    fc.array(fc.nat(255), { maxLength: 60 }),
    fc.constant(Array.from({ length: 20_000 }, (_, n) => n & 0xff)),
  ),
  original: fc.nat(70_000),
})
const shape = fc.record({
  little: fc.boolean(),
  magic: fc.constantFrom(0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34),
  minor: fc.constantFrom(2, 3, 4),
  link: fc.constantFrom(1, 113, 0x2400_0001),
})

const picked = (file: string, places: readonly Place[]): Kept[] => {
  const kept: Kept[] = []
  readPicked(file, places, ({ bytes, start, end, ...rest }) => {
    kept.push({ ...rest, data: [...bytes.subarray(start, end)] })
  })
  return kept
}

describe('records that are read again', () => {
  it('are the same, in sound files and in damaged ones', async () => {
    const change = fc.record({ at: fc.double({ min: 0, max: 0.999, noNaN: true }), octet: fc.nat(255) })
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { maxLength: 12 }),
        shape,
        fc.array(change, { maxLength: 3 }),
        fc.infiniteStream(fc.boolean()),
        (records, how, changes, wanted) =>
          inFolder(async (folder) => {
            const bytes = pcap(records, how)
            for (const { at, octet } of changes) bytes[24 + Math.floor(at * (bytes.length - 24))] = octet
            const file = join(folder, 'capture')
            writeFileSync(file, bytes)
            const all = await collect(file)
            const some = all.records.filter(() => wanted.next().value)
            expect(picked(file, some)).toEqual(some)
          }),
      ),
    )
  })

  const three = [1, 2, 3].map((n) => ({ seconds: n, fraction: 0, data: [n, n, n] }))
  const last = { number: 3, offset: 24 + 2 * (16 + 3) }

  it.each([
    ['ends in its data', (file: string) => truncateSync(file, last.offset + 18)],
    ['ends in its header', (file: string) => truncateSync(file, last.offset + 4)],
    ['ends before it', (file: string) => truncateSync(file, 30)],
    ['is empty', (file: string) => truncateSync(file, 0)],
    ['is no capture any more', (file: string) => writeFileSync(file, Buffer.alloc(200, 0x55))],
    [
      'holds a record there that is too long',
      (file: string) =>
        writeFileSync(
          file,
          Buffer.concat([pcap(three).subarray(0, last.offset + 8), Buffer.alloc(40, 0xff)]),
        ),
    ],
  ])('a file that %s has changed', (_, meddle) =>
    inFolder(async (folder) => {
      const file = join(folder, 'capture')
      writeFileSync(file, pcap(three))
      expect(picked(file, [last]).map(({ seconds, data }) => [seconds, data])).toEqual([[3, [3, 3, 3]]])
      meddle(file)
      expect(() => picked(file, [last])).toThrow(expect.objectContaining({ code: 'changed', file }))
    }),
  )

  it('a file that is gone is told', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'capture')
      expect(() => picked(file, [last])).toThrow(expect.objectContaining({ code: 'no-such-file', file }))
    }))

  it('what the sink throws passes through', () =>
    inFolder(async (folder) => {
      const file = join(folder, 'capture')
      writeFileSync(file, pcap(three))
      expect(() =>
        readPicked(file, [last], () => {
          throw new Error('enough')
        }),
      ).toThrow('enough')
    }))
})
