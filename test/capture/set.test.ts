/** Which files make one capture, and in which order. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { expand } from '../../src/capture/set.js'
import { pcapHeader, pcapRecord } from './bytes.js'
import { inFolder } from './collect.js'

/** A capture whose packets came at these microseconds. */
const capture = (...times: readonly number[]): Uint8Array =>
  Uint8Array.from([
    ...pcapHeader(),
    ...times.flatMap((time) =>
      pcapRecord({ seconds: 1_700_000_000 + Math.floor(time / 1e6), fraction: time % 1e6, data: [1, 2, 3] }),
    ),
  ])

const names = (files: readonly string[], folder: string): string[] =>
  files.map((file) => file.slice(folder.length + 1))

describe('a set of captures', () => {
  it('comes by the first packets, not by the names: a ring that has gone round', () =>
    inFolder(async (folder) => {
      // tcpdump -W 3 begins again with the first name.
      writeFileSync(join(folder, 'ring0'), capture(4_000_000))
      writeFileSync(join(folder, 'ring1'), capture(2_000_000))
      writeFileSync(join(folder, 'ring2'), capture(3_000_000))
      const { files } = await expand([folder])
      expect(names(files, folder)).toEqual(['ring1', 'ring2', 'ring0'])
    }))

  it('comes by number where the times are the same: tcpdump -C in one moment', () =>
    inFolder(async (folder) => {
      for (const name of ['t.pcap10', 't.pcap', 't.pcap9', 't.pcap1'])
        writeFileSync(join(folder, name), capture(5))
      const { files } = await expand([folder])
      expect(names(files, folder)).toEqual(['t.pcap', 't.pcap1', 't.pcap9', 't.pcap10'])
    }))

  it('is in order of time whatever the names', () =>
    fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(3e9), { minLength: 2, maxLength: 6 }), (times) =>
        inFolder(async (folder) => {
          times.forEach((time, index) => {
            writeFileSync(join(folder, `file${index}`), capture(time, 0))
          })
          const { files } = await expand([folder])
          const sorted = [...times].sort((a, b) => a - b)
          expect(names(files, folder)).toEqual(sorted.map((time) => `file${times.indexOf(time)}`))
        }),
      ),
      { numRuns: 20, seed: 6 },
    ))

  it('takes folders with their folders, compressed files, no dot files, and tells what it passes over', () =>
    inFolder(async (folder) => {
      mkdirSync(join(folder, 'monday'))
      writeFileSync(join(folder, 'b.pcap.gz'), gzipSync(capture(7)))
      writeFileSync(join(folder, 'monday', 'a.pcap'), capture(8))
      writeFileSync(join(folder, 'notes.txt'), 'the captures of Monday are in here')
      writeFileSync(join(folder, '.hidden'), 'nothing')
      symlinkSync(folder, join(folder, 'monday', 'round'))
      const { files, passedOver } = await expand([folder])
      expect(names(files, folder)).toEqual(['b.pcap.gz', join('monday', 'a.pcap')])
      expect(passedOver.map(({ message }) => message)).toEqual([
        `${join(folder, 'notes.txt')}: not a capture: text (byte 0)`,
      ])
    }))

  it('takes patterns that the shell left alone, but a file of that name first', () =>
    inFolder(async (folder) => {
      for (const [name, time] of [
        ['x2.pcap', 1],
        ['x1.pcap', 2],
        ['y.pcap', 3],
      ] as const)
        writeFileSync(join(folder, name), capture(time))
      const pattern = join(folder, 'x*.pcap')
      expect(names((await expand([pattern])).files, folder)).toEqual(['x2.pcap', 'x1.pcap'])
      writeFileSync(pattern, capture(4))
      expect(names((await expand([pattern])).files, folder)).toEqual(['x*.pcap'])
    }))

  it('reads a file once, and what has no time last', () =>
    inFolder(async (folder) => {
      const late = join(folder, 'late')
      const none = join(folder, 'none')
      writeFileSync(late, capture(9))
      writeFileSync(none, capture())
      expect((await expand([none, '-', late, folder])).files).toEqual([late, '-', none])
    }))

  it.each([
    ['nowhere', 'no such file'],
    ['no*where', 'no file matches'],
    ['text', 'not a capture: text'],
    ['empty', 'holds no capture'],
  ])('refuses %s: %s', (name, reason) =>
    inFolder(async (folder) => {
      mkdirSync(join(folder, 'empty'))
      writeFileSync(join(folder, 'text'), 'this is only some text that goes on')
      await expect(expand([join(folder, name)])).rejects.toThrow(`${join(folder, name)}: ${reason}`)
    }),
  )
})
