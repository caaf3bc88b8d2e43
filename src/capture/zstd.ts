/**
 * zstd frames (RFC 8878, section 3.1) with the package fzstd.
 *
 * In: compressed bytes. Out: decompressed chunks of at most 128 KiB. The package allocates what a frame header asks
 * for and takes any block size, so the framing is walked here and the package gets one checked block at a time.
 * Checksums are not verified: the package does not.
 */
import { Decompress } from 'fzstd'
import { badData, damagedData, type ExactReader, framesOf, littleEndianAt } from './exact.js'
import type { ByteSource } from './source.js'

const MAGIC = 0xfd2f_b528
/** Largest window to grant, in bytes: what the zstd program grants without being asked. */
const LARGEST_WINDOW = 128 * 1024 * 1024
const LARGEST_BLOCK = 128 * 1024
const RLE_BLOCK = 1
const RESERVED_BLOCK = 3

export const unzstd = (source: ByteSource): AsyncGenerator<Uint8Array> =>
  framesOf(source, 'zstd', MAGIC, frame)

async function* frame(start: Uint8Array, input: ExactReader): AsyncGenerator<Uint8Array> {
  const { header, checksum } = await readHeader(start, input)
  let out: Uint8Array | null = null
  const decoder = new Decompress((chunk) => {
    if (chunk.length > 0) out = chunk
  })
  let pending = header
  for (let last = false; !last; ) {
    const blockHeader = await input.take(3)
    const fields = littleEndianAt(blockHeader, 0, 3)
    last = (fields & 1) === 1
    const type = (fields >> 1) & 3
    const size = fields >> 3
    if (type === RESERVED_BLOCK || size > LARGEST_BLOCK) throw damagedData('zstd')
    const body = await input.take(type === RLE_BLOCK ? 1 : size)
    // The package wants a checksum but does not look at it; a cut in the real one must not cost the last block.
    const trailer = new Uint8Array(last && checksum ? 4 : 0)
    try {
      decoder.push(joined(pending, blockHeader, body, trailer), last)
    } catch (error) {
      throw damagedData('zstd', error instanceof Error ? error.message : String(error))
    }
    pending = new Uint8Array(0)
    if (out !== null) yield out
    out = null
  }
  if (checksum) await input.skip(4)
}

/** The frame's header with its magic, after its window was found fit. */
async function readHeader(start: Uint8Array, input: ExactReader) {
  const descriptor = await input.take(1)
  const flags = descriptor[0] ?? 0
  const singleSegment = (flags & 0x20) !== 0
  const sizeFlag = flags >> 6
  const sizeLength = sizeFlag === 0 ? (singleSegment ? 1 : 0) : 1 << sizeFlag
  const dictionaryLength = [0, 1, 2, 4][flags & 3] ?? 0
  const rest = await input.take((singleSegment ? 0 : 1) + dictionaryLength + sizeLength)
  if (littleEndianAt(rest, singleSegment ? 0 : 1, dictionaryLength) !== 0) {
    throw badData({ what: 'compressed-dictionary', by: 'zstd' })
  }
  const windowOctet = rest[0] ?? 0
  const base = 2 ** (10 + (windowOctet >> 3))
  const window = singleSegment
    ? littleEndianAt(rest, dictionaryLength, sizeLength) + (sizeFlag === 1 ? 256 : 0)
    : base + (base / 8) * (windowOctet & 7)
  if (window > LARGEST_WINDOW) throw badData({ what: 'compressed-window', bytes: window })
  return { header: joined(start, descriptor, rest), checksum: (flags & 4) !== 0 }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
