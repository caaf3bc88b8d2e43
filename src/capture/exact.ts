/**
 * Takes exactly so many bytes at a time out of a source, and whole frames: what decompressors with their own framing need.
 *
 * In: a source. Out: pieces of the length that is asked for. A length from the file is asked for only after its
 * bound was checked.
 */
import { type Fault, faultLine } from '../faults.js'
import { ENGLISH_FAULTS } from '../faults-english.js'
import type { ByteSource } from './source.js'

/** Why compressed data can't be read (on). */
export class CompressedDataError extends Error {
  override readonly name = 'CompressedDataError'
  constructor(readonly fault: Fault) {
    super(faultLine(ENGLISH_FAULTS, fault))
  }
}

export function earlyEnd(): CompressedDataError {
  return new CompressedDataError({ what: 'compressed-cut' })
}

export function badData(fault: Fault): CompressedDataError {
  return new CompressedDataError(fault)
}

/** `why`: what a library says of it. */
export function damagedData(by: 'gzip' | 'zstd' | 'LZ4', why: string | null = null): CompressedDataError {
  return badData({ what: 'compressed-damaged', by, why })
}

export class ExactReader {
  constructor(private readonly source: ByteSource) {}

  /** The next `length` bytes in a buffer of their own. Throws {@link CompressedDataError} when the source has fewer. */
  async take(length: number): Promise<Uint8Array> {
    const bytes = await this.takeAtMost(length)
    if (bytes.length < length) throw earlyEnd()
    return bytes
  }

  /** Fewer bytes only at the source's end. */
  async takeAtMost(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length)
    let held = 0
    while (held < length) {
      const count = await this.source.read(bytes, held, length - held)
      if (count === 0) break
      held += count
    }
    return bytes.subarray(0, held)
  }

  /** Passes over bytes without holding them. */
  async skip(length: number): Promise<void> {
    for (let left = length; left > 0; ) left -= (await this.take(Math.min(left, 65_536))).length
  }
}

/** An unsigned little-endian number of 1 to 4 octets. */
export function littleEndianAt(bytes: Uint8Array, at: number, octets: number): number {
  let value = 0
  for (let i = octets - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0)
  return value
}

/**
 * One frame behind the other, as zstd and LZ4 have them: those that may be skipped are, and anything else than `magic` throws
 * {@link CompressedDataError}. `frame` gets the four octets of the magic number, and what stands behind them.
 */
export async function* framesOf(
  source: ByteSource,
  by: 'zstd' | 'LZ4',
  magic: number,
  frame: (start: Uint8Array, input: ExactReader) => AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const input = new ExactReader(source)
  for (;;) {
    const start = await input.takeAtMost(4)
    if (start.length === 0) return
    const found = littleEndianAt(start, 0, 4)
    if (isSkippable(found)) await input.skip(littleEndianAt(await input.take(4), 0, 4))
    else if (found === magic) yield* frame(start, input)
    else throw badData({ what: 'compressed-more', by })
  }
}

/** Whether a frame's magic number is that of a skippable frame, which zstd and LZ4 share. */
function isSkippable(magic: number): boolean {
  return magic >= 0x184d_2a50 && magic <= 0x184d_2a5f
}
