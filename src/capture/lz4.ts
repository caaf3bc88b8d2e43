/**
 * LZ4 frames (LZ4 Frame Format 1.6.x). Our own: the packages that stream are native, the others hold a whole
 * file and are no longer kept.
 *
 * In: compressed bytes. Out: decompressed chunks of at most 4 MiB, the format's largest block. Checksums are not
 * verified.
 */
import { badData, damagedData, type ExactReader, framesOf, littleEndianAt } from './exact.js'
import { decodeBlock } from './lz4-block.js'
import type { ByteSource } from './source.js'

const MAGIC = 0x184d_2204
/** How far back a match may reach, in bytes; blocks may reach into those before them. */
const HISTORY = 64 * 1024

export const unlz4 = (source: ByteSource): AsyncGenerator<Uint8Array> => framesOf(source, 'LZ4', MAGIC, frame)

async function* frame(_magic: Uint8Array, input: ExactReader): AsyncGenerator<Uint8Array> {
  const { largest, blockChecksums, contentChecksum, linked } = await readDescriptor(input)
  const output = new Uint8Array(HISTORY + largest)
  let history = 0
  for (;;) {
    const word = littleEndianAt(await input.take(4), 0, 4)
    if (word === 0) break
    const size = word & 0x7fff_ffff
    if (size > largest) throw damagedData('LZ4')
    const data = await input.take(size)
    if (blockChecksums) await input.skip(4)
    let end = history + size
    if (word >= 0x8000_0000) output.set(data, history)
    else end = decodeBlock(data, output, history, history + largest)
    yield output.slice(history, end)
    // The last 64 KiB move to the front, for the next block to reach into.
    const kept = linked ? Math.min(HISTORY, end) : 0
    output.copyWithin(0, end - kept, end)
    history = kept
  }
  if (contentChecksum) await input.skip(4)
}

async function readDescriptor(input: ExactReader) {
  const [flags = 0, sizes = 0] = await input.take(2)
  const blockSize = (sizes >> 4) & 7
  if (flags >> 6 !== 1 || blockSize < 4) throw damagedData('LZ4')
  if ((flags & 1) !== 0) throw badData({ what: 'compressed-dictionary', by: 'LZ4' })
  const contentSize = (flags & 8) !== 0
  // The content's size, which nothing depends on, and the header's checksum.
  await input.skip((contentSize ? 8 : 0) + 1)
  return {
    largest: 1 << (8 + 2 * blockSize),
    linked: (flags & 0x20) === 0,
    blockChecksums: (flags & 0x10) !== 0,
    contentChecksum: (flags & 4) !== 0,
  }
}
