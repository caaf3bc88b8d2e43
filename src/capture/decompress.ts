/**
 * Compressed captures, by their magic: gzip (RFC 1952), zstd (RFC 8878) and LZ4 frames.
 *
 * In: compressed bytes. Out: chunks, one after the other as they are consumed, so that a bomb costs time but no
 * memory. What was decompressed before an error comes first.
 */
import { createGunzip, type Gunzip } from 'node:zlib'
import type { Compression } from './magic.js'
import { type ByteSource, chunksOf } from './source.js'

export async function* decompress(source: ByteSource, by: Compression): AsyncGenerator<Uint8Array> {
  if (by === 'gzip') yield* gunzip(source)
  else throw new Error(`${by} is not built in yet`)
}

/** Small enough that what one piece blows up to (1032 times) fits in memory easily. */
const PIECE = 16 * 1024

async function* gunzip(source: ByteSource): AsyncGenerator<Uint8Array> {
  const stream = createGunzip()
  const out: Uint8Array[] = []
  let failure: Error | null = null
  stream.on('data', (chunk: Uint8Array) => out.push(chunk))
  stream.on('error', (error: Error) => {
    failure = error
  })
  try {
    for await (const piece of chunksOf(source, PIECE)) {
      await written(stream, piece)
      yield* out.splice(0)
      if (failure !== null) throw failure
    }
    // Only here an early end shows, when all that was there has been handed on.
    await ended(stream)
    yield* out.splice(0)
    if (failure !== null) throw failure
  } finally {
    stream.destroy()
  }
}

function written(stream: Gunzip, piece: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    stream.write(piece, () => resolve())
  })
}

function ended(stream: Gunzip): Promise<void> {
  return new Promise((resolve) => {
    stream.once('close', resolve)
    stream.end()
  })
}
