/**
 * Lines to standard output, and what happens when nobody reads them any more.
 *
 * In: lines without their line end. Out: written in large pieces; a closed pipe (`| head`) ends the run quietly,
 * a full disk with one line on stderr.
 */
import { writeSync } from 'node:fs'
import type { Writable } from 'node:stream'

const PIECE = 1 << 16

export const quietWhenClosed = (stream: Writable): void => {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever read has enough: that is no failure of ours.
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') process.exit(0)
    // A full disk, say. The system's own words name the reason in every language.
    process.stderr.write(`bothends: ${error.message}\n`)
    process.exit(2)
  })
}

export const writeLines = async (stream: Writable, lines: Iterable<string>): Promise<void> => {
  await writePieces(stream, ended(lines))
}

function* ended(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${line}\n`
}

/** The same for text that has its line ends. */
export const writePieces = async (stream: Writable, texts: Iterable<string>): Promise<void> => {
  let piece = ''
  for (const text of texts) {
    piece += text
    if (piece.length < PIECE) continue
    if (!stream.write(piece)) await new Promise((resolve) => stream.once('drain', resolve))
    piece = ''
  }
  if (piece !== '') stream.write(piece)
}

/** Milliseconds to wait for a reader that is slower than us. */
const PATIENCE = 2

/**
 * Writes to standard output before it returns, for those who can't wait: a stream would keep in memory what the reader
 * of a pipe has not taken yet. Ends the process like {@link quietWhenClosed}.
 */
export const writeNow = (bytes: Uint8Array): void => {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at)
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      if (code === 'EPIPE') process.exit(0)
      if (code !== 'EAGAIN') {
        process.stderr.write(`bothends: ${message}\n`)
        process.exit(2)
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PATIENCE)
    }
  }
}
