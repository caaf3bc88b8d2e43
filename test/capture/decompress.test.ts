import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CaptureError } from '../../src/capture/record.js'
import { pcap, u32 } from './bytes.js'
import { collectFile, collectPipe } from './collect.js'

const RECORDS = Array.from({ length: 40 }, (_, i) => ({
  seconds: 1_700_000_000 + i,
  fraction: i,
  data: Array.from({ length: 60 }, (_, k) => (k * i) % 251),
}))
const PLAIN = pcap(RECORDS)

const SMALL = pcap([
  { seconds: 1, fraction: 2, data: new Array(200).fill(65) },
  { seconds: 3, fraction: 4, data: new Array(200).fill(66) },
])

/** SMALL as zstd 1.5.4 and lz4 1.9.4 compressed it. */
const ORIGINALS = [
  // zstd -19 -c
  Buffer.from('KLUv/QRoZQEA4oEGDuDprq8ICABlDGgt994p1F8G//jhh3uPsssFAERHxfYZSnQp6+a6gTjIgKcT', 'base64'),
  // zstd -1 --no-check -c
  Buffer.from(
    'KLUv/QBIpQEAJALUw7KhAgAEAAQAAQAAAAEAAAACAAAAyEEDAAAABMgAAABCBQBEnOqryZSIo+wu1w3EAQ==',
    'base64',
  ),
  // lz4 -9 -c
  Buffer.from(
    'BCJNGGRApzIAAACG1MOyoQIABAABAFEEAAEAAAQAUwIAAADIBAAfQQEAtBED4gAG2AAfQgEAr1BCQkJCQgAAAADk0IXe',
    'base64',
  ),
  // lz4 -9 -B4 -BD -BX --content-size -c
  Buffer.from(
    'BCJNGHRAvTIAAACG1MOyoQIABAABAFEEAAEAAAQAUwIAAADIBAAfQQEAtBED4gAG2AAfQgEAr1BCQkJCQsEQuOMAAAAA5NCF3g==',
    'base64',
  ),
]

/** LZ4 frame of stored blocks, 64 KiB at most, with what the flags ask for. */
function lz4Stored(bytes: Uint8Array, flags = 0x60): Uint8Array {
  const parts: number[][] = [[4, 0x22, 0x4d, 0x18, flags, 0x40, 0]]
  for (let at = 0; at < bytes.length; at += 1000) {
    const piece = [...bytes.subarray(at, at + 1000)]
    parts.push([...u32((0x8000_0000 | piece.length) >>> 0, true), ...piece])
  }
  parts.push([0, 0, 0, 0])
  return Uint8Array.from(parts.flat())
}

/** zstd frame of raw blocks with a window of 1 KiB, last block empty. */
function zstdRaw(bytes: Uint8Array): Uint8Array {
  const parts: number[][] = [[0x28, 0xb5, 0x2f, 0xfd, 0, 0]]
  for (let at = 0; at < bytes.length; at += 1000) {
    const piece = [...bytes.subarray(at, at + 1000)]
    parts.push([(piece.length << 3) & 0xff, (piece.length << 3) >> 8, 0, ...piece])
  }
  parts.push([1, 0, 0])
  return Uint8Array.from(parts.flat())
}

describe('compressed captures', () => {
  const whole = {
    gzip: gzipSync(PLAIN),
    zstd: zstdRaw(PLAIN),
    lz4: lz4Stored(PLAIN),
  } as const

  for (const [compression, bytes] of Object.entries(whole)) {
    it(`reads ${compression} from files and pipes, whatever the name`, async () => {
      const plain = await collectFile(PLAIN)
      for (const read of [
        await collectFile(bytes),
        await collectPipe(bytes, 1),
        await collectPipe(bytes, 999),
      ]) {
        expect(read.records).toEqual(plain.records)
        expect(read.summary).toMatchObject({ compression, format: 'pcap', damage: null })
      }
    })

    it(`reads several ${compression} streams in a row`, async () => {
      const parts = [PLAIN.subarray(0, 30), PLAIN.subarray(30, 31), PLAIN.subarray(31)]
      const packed = { gzip: gzipSync, zstd: zstdRaw, lz4: lz4Stored }[compression as keyof typeof whole]
      const { records, summary } = await collectFile(Buffer.concat(parts.map((part) => packed(part))))
      expect(records).toHaveLength(RECORDS.length)
      expect(summary.damage).toBeNull()
    })

    it(`keeps what came before an early end of ${compression}`, async () => {
      const { records, summary } = await collectFile(bytes.subarray(0, -3))
      expect(summary.damage).toMatchObject({ code: 'cut-short' })
      expect(summary.damage?.detail).toBe('the compressed data end too early')
      expect(records).toHaveLength(RECORDS.length)
    })
  }

  it('keeps everything when only the checksum of gzip is wrong', async () => {
    const bytes = Buffer.from(whole.gzip)
    bytes.writeUInt32LE(1, bytes.length - 8)
    const { records, summary } = await collectFile(bytes)
    expect(records).toHaveLength(RECORDS.length)
    expect(summary.damage).toMatchObject({ code: 'bad-compression', byte: PLAIN.length })
  })

  it('passes over skippable frames', async () => {
    const skippable = Uint8Array.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3])
    const { records } = await collectFile(Buffer.concat([skippable, whole.zstd, skippable]))
    expect(records).toHaveLength(RECORDS.length)
  })

  it('refuses a zstd window of more than 128 MiB before it is allocated', async () => {
    const bytes = [0x28, 0xb5, 0x2f, 0xfd, 0, 0xf8, 1, 0, 0]
    await expect(collectFile(Uint8Array.from(bytes))).rejects.toThrow('more than 128 MiB')
  })

  it('refuses captures that were compressed twice', async () => {
    await expect(collectFile(gzipSync(gzipSync(PLAIN)))).rejects.toThrow('compressed twice')
  })

  it('reads a bomb without holding it', async () => {
    // 64 MiB of zeros behind a header are records of nothing, 16 bytes each.
    const bomb = gzipSync(Buffer.concat([pcap([]), Buffer.alloc(64 * 1024 * 1024)]))
    let records = 0
    const { readCapture } = await import('../../src/capture/read.js')
    async function* stdin() {
      yield bomb
    }
    await readCapture('-', { record: () => records++ }, { stdin: stdin(), reader: 'blocks' })
    expect(records).toBe(4 * 1024 * 1024)
  })

  it('never fails but with a CaptureError on damaged data', async () => {
    const packed = fc.constantFrom(gzipSync(SMALL), zstdRaw(SMALL), lz4Stored(SMALL), ...ORIGINALS)
    const change = fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(255))
    await fc.assert(
      fc.asyncProperty(packed, fc.array(change, { maxLength: 3 }), async (original, changes) => {
        const bytes = Uint8Array.from(original)
        for (const [at, octet] of changes) bytes[4 + Math.floor(at * (bytes.length - 4))] = octet
        await collectFile(bytes).catch((error: unknown) => expect(error).toBeInstanceOf(CaptureError))
      }),
      { numRuns: 500 },
    )
  })
})

describe('what the original programs wrote', () => {
  for (const [index, bytes] of ORIGINALS.entries()) {
    it(`is read (${index})`, async () => {
      const { records, summary } = await collectFile(bytes)
      expect(summary.damage).toBeNull()
      expect(records).toEqual((await collectFile(SMALL)).records)
    })
  }
})
