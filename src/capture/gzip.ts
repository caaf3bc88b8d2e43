/**
 * gzip members (RFC 1952), one or several, with Node's own zlib.
 *
 * In: compressed bytes. Out: decompressed chunks, all that come before an error first. Checksums are verified by zlib.
 */
import { createGunzip, type Gunzip } from 'node:zlib'
import { damagedData, earlyEnd } from './exact.js'
import type { ByteSource } from './source.js'
import { chunksOf } from './source.js'

/** Small enough that what one piece blows up to (1032 times) fits in memory easily. */
const PIECE = 16 * 1024

/**
 * Length in bytes of checksum and length at a member's end. zlib drops what it has just decompressed when it finds
 * an error, so these come in a write of their own: a wrong checksum then costs no data.
 */
const TRAILER = 8

export async function* gunzip(source: ByteSource): AsyncGenerator<Uint8Array> {
  const stream = createGunzip()
  const out: Uint8Array[] = []
  const state: { failure: Error | null } = { failure: null }
  stream.on('data', (chunk: Uint8Array) => out.push(chunk))
  stream.on('error', (error: Error) => {
    state.failure = error
  })
  const handOn = function* (): Generator<Uint8Array> {
    yield* out.splice(0)
    if (state.failure !== null) throw state.failure
  }
  let tail: Uint8Array = new Uint8Array(0)
  try {
    for await (const chunk of chunksOf(source, PIECE)) {
      const piece = Buffer.concat([tail, chunk])
      const end = Math.max(0, piece.length - TRAILER)
      tail = piece.subarray(end)
      await settled(stream, (done) => stream.write(piece.subarray(0, end), done))
      yield* handOn()
    }
    await settled(stream, (done) => stream.write(tail.subarray(0, -1), done))
    yield* handOn()
    // zlib looks for an early end only in the last write, which has to have a byte.
    await settled(stream, () => stream.end(tail.subarray(-1)))
    yield* handOn()
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
  if (code === 'Z_DATA_ERROR') return damagedData('gzip', (error as Error).message)
  return error
}
