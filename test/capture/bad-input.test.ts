/** What can't be read says so in one line. */
import { execFileSync } from 'node:child_process'
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CaptureError } from '../../src/capture/record.js'
import { ascii, pcap, pcapHeader, section } from './bytes.js'
import { collect, collectFile, collectPipe, inFolder } from './collect.js'

async function refusal(work: Promise<unknown>): Promise<CaptureError> {
  try {
    await work
  } catch (error) {
    if (error instanceof CaptureError) return error
    throw error
  }
  throw new Error('it was read')
}

/** The header of an ERF record of `length` bytes, type 2 (Ethernet), at 2023-11-14. */
const erf = (length: number) => [
  ...[0, 0, 0, 0, 0, 0xf1, 0x53, 0x65, 2, 4],
  ...[length >> 8, length & 0xff, 0, 0, 0, 46],
]

describe('files that are no captures', () => {
  for (const [what, content, code, detail] of [
    ['an empty file', [], 'empty', /^is empty$/],
    ['a text', ascii('hello world\n'), 'not-a-capture', /: text$/],
    ['one octet', [0xd4], 'not-a-capture', /neither pcap nor pcapng/],
    ['zeros', new Array(600).fill(0), 'not-a-capture', /nothing but zero octets/],
    ['a web page', ascii('<!DOCTYPE html><title>404</title>'), 'not-a-capture', /HTML page/],
    [
      'what tcpdump prints',
      ascii('12:00:00.1 IP 192.0.2.1.80 > 192.0.2.2.4000: Flags [S], length 0\n'),
      'not-a-capture',
      /-w/,
    ],
    ['snoop', [...ascii('snoop\0\0\0'), 0, 0, 0, 2], 'not-a-capture', /snoop/],
    ['Network Monitor', [...ascii('GMBU'), 0, 2], 'not-a-capture', /Network Monitor/],
    ['Sniffer', [...ascii('TRSNIFF data    '), 0x1a], 'not-a-capture', /Sniffer/],
    ['ERF', erf(64), 'not-a-capture', /ERF/],
    ['two ERF records', [...erf(16), ...erf(64)], 'not-a-capture', /ERF/],
    ['what only begins like ERF', [...erf(16), ...erf(7)], 'not-a-capture', /neither/],
    ['octets that say too much for ERF', erf(0x9000), 'not-a-capture', /neither/],
    ['bzip2', ascii('BZh91AY'), 'not-a-capture', /bzcat/],
    ['a cut pcap header', pcapHeader().slice(0, 23), 'cut-short', /file header: 1 byte missing/],
    ['a cut pcapng header', section().slice(0, 27), 'cut-short', /file header: 1 byte missing/],
    ['pcap 9.9', pcapHeader({ major: 9, minor: 9 }), 'unknown-version', /version 9\.9/],
    ['pcapng 2', section(true, [], 2), 'unknown-version', /version 2\.0/],
    ['pcapng 1.1', section(false, [], 1, 1), 'unknown-version', /version 1\.1/],
    ['pcapng without byte order', section().fill(7, 8, 12), 'not-a-capture', /byte order/],
  ] as [string, number[], string, RegExp][]) {
    it(`${what}`, async () => {
      const bytes = Uint8Array.from(content)
      for (const error of [await refusal(collectFile(bytes)), await refusal(collectPipe(bytes, 1))]) {
        expect(error.code).toBe(code)
        expect(error.detail).toMatch(detail)
        expect(error.message).not.toContain('\n')
      }
    })
  }
})

describe('names that open nothing', () => {
  it('missing files, directories and circles', async () => {
    await inFolder(async (folder) => {
      const missing = join(folder, 'none.pcap')
      expect(await refusal(collect(missing))).toMatchObject({
        code: 'no-such-file',
        message: `${missing}: no such file`,
      })
      expect(await refusal(collect(folder))).toMatchObject({ code: 'is-directory', detail: 'is a directory' })
      symlinkSync(join(folder, 'b'), join(folder, 'a'))
      symlinkSync(join(folder, 'a'), join(folder, 'b'))
      expect((await refusal(collect(join(folder, 'a')))).detail).toContain('circle')
      writeFileSync(join(folder, 'file'), 'x')
      expect((await refusal(collect(join(folder, 'file', 'x')))).code).toBe('no-such-file')
    })
  })

  // root may read everything.
  it.skipIf(process.getuid?.() === 0)('files without permission', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'locked.pcap')
      writeFileSync(file, pcap([]))
      chmodSync(file, 0)
      expect((await refusal(collect(file))).code).toBe('no-permission')
    })
  })

  it.skipIf(process.platform === 'win32')('devices', async () => {
    expect((await refusal(collect('/dev/null'))).code).toBe('empty')
    expect((await refusal(collect('/dev/zero'))).detail).toContain('zero octets')
  })
})

describe('named pipes', () => {
  it.skipIf(process.platform === 'win32')('are read like standard input', async () => {
    await inFolder(async (folder) => {
      const file = join(folder, 'fifo')
      execFileSync('mkfifo', [file])
      const bytes = pcap([{ seconds: 1, fraction: 0, data: [1] }])
      const [read] = await Promise.all([collect(file), writeFile(file, bytes)])
      expect(read.records).toHaveLength(1)
      expect(read.summary.damage).toBeNull()
    })
  })
})

describe('any octets at all', () => {
  it('end in a summary or a CaptureError, never in anything else', async () => {
    const beginning = fc.constantFrom(
      pcapHeader(),
      section(),
      section(false),
      [0x1f, 0x8b, 8, 0],
      [0x28, 0xb5, 0x2f, 0xfd],
      [4, 0x22, 0x4d, 0x18, 0x64, 0x40, 0xa7],
      [],
    )
    const rest = fc.uint8Array({ maxLength: 400 })
    await fc.assert(
      fc.asyncProperty(beginning, rest, fc.integer({ min: 1, max: 50 }), async (first, tail, size) => {
        const bytes = Uint8Array.from([...first, ...tail])
        await collectPipe(bytes, size).catch((error: unknown) => expect(error).toBeInstanceOf(CaptureError))
        await collectFile(bytes).catch((error: unknown) => expect(error).toBeInstanceOf(CaptureError))
      }),
      { numRuns: 500 },
    )
  })

  it('closes the file and passes on what the sink throws', async () => {
    const { readCapture } = await import('../../src/capture/read.js')
    const bytes = pcap([{ seconds: 1, fraction: 0, data: [1] }])
    let closed = false
    async function* stdin() {
      try {
        yield bytes
        yield bytes
      } finally {
        closed = true
      }
    }
    const record = () => {
      throw new RangeError('enough')
    }
    await expect(readCapture('-', { record }, { stdin: stdin() })).rejects.toThrow('enough')
    expect(closed).toBe(true)
  })

  it('tells of a source that fails in the middle, after the records before', async () => {
    const bytes = pcap([{ seconds: 1, fraction: 0, data: [1] }])
    async function* stdin() {
      yield bytes
      throw Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' })
    }
    const { records, summary } = await collect('-', { stdin: stdin() })
    expect(records).toHaveLength(1)
    expect(summary.damage).toMatchObject({ code: 'unreadable', byte: bytes.length })
  })
})
