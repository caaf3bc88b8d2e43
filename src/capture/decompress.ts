/**
 * Compressed captures, by their magic: gzip (RFC 1952), zstd (RFC 8878) and LZ4 frames.
 *
 * In: compressed bytes. Out: chunks, one after the other as they are consumed, so that a bomb costs time but no
 * memory. What was decompressed before an error comes first. Only the decompressor that is needed is loaded.
 */
import type { Compression } from './magic.js'
import type { ByteSource } from './source.js'

export async function* decompress(source: ByteSource, by: Compression): AsyncGenerator<Uint8Array> {
  if (by === 'gzip') yield* (await import('./gzip.js')).gunzip(source)
  else if (by === 'zstd') yield* (await import('./zstd.js')).unzstd(source)
  else yield* (await import('./lz4.js')).unlz4(source)
}
