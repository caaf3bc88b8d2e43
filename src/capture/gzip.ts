/**
 * gzip members (RFC 1952), one or several, with Node's own zlib.
 *
 * In: compressed bytes. Out: decompressed chunks, all that come before an error first. Checksums are verified by zlib.
 */
import { createGunzip, type Gunzip } from 'node:zlib'
import { badData, earlyEnd } from './exact.js'
import type { ByteSource } from './source.js'
import { chunksOf } from './source.js'

/** Small enough that what one piece blows up to (1032 times) fits in memory easily. */
const PIECE = 16 * 1024

export async function* gunzip(source: ByteSource): AsyncGenerator<Uint8Array> {
  const stream = createGunzip()
  const out: Uint8Array[] = []
  const state: { failure: Error | null } = { failure: null }
  stream.on('data', (chunk: Uint8Array) => out.push(chunk))
  stream.on('error', (error: Error) => {
    state.failure = error
  })
  try {
    for await (const piece of chunksOf(source, PIECE)) {
      await settled(stream, (done) => stream.write(piece, done))
      yield* out.splice(0)
      if (state.failure !== null) throw state.failure
    }
    // Only here an early end shows, when all that was there has been handed on.
    await settled(stream, (done) => stream.end(done))
    yield* out.splice(0)
    if (state.failure !== null) throw state.failure
  } catch (error) {
    throw explained(error)
  } finally {
    stream.destroy()
  }
}

/** Waits for one action, or for the end of the stream: after an error zlib forgets who waits. */
function settled(stream: Gunzip, action: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stream.off('close', done)
      resolve()
    }
    stream.once('close', done)
    action(done)
  })
}

function explained(error: unknown): unknown {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'Z_BUF_ERROR') return earlyEnd()
  if (code === 'Z_DATA_ERROR') return badData(`gzip data are damaged (${(error as Error).message})`)
  return error
}
