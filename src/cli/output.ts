/**
 * Lines to standard output, and what happens when nobody reads them any more.
 *
 * In: lines without their line end. Out: written in large pieces; a closed pipe (`| head`) ends the run quietly,
 * a full disk with one line on stderr.
 */
import { fstatSync, statSync, writeSync } from 'node:fs'
import type { Writable } from 'node:stream'
import type { Language, ProblemWords } from '../text/table.js'
import type { Screen } from '../views/terminal/look.js'

const PIECE = 1 << 16

/** Until a language is chosen the system's own words do. */
let say: ProblemWords['system'] = (_code, message) => message
export const speak = ({ problems }: Language): void => {
  say = problems.system
}

/** What is left unread in a socket is told as a reset. */
const NOBODY_READS: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED'])

const ends = ({ code, message }: NodeJS.ErrnoException): never => {
  // Whoever read has enough: that is no failure of ours.
  if (code !== undefined && NOBODY_READS.has(code)) process.exit(0)
  // A full disk, say.
  process.stderr.write(`bothends: ${say(code ?? '', message)}\n`)
  process.exit(2)
}

let asked = false
/**
 * Standard output as a stream, for those who wait for its reader. Node loads its network to make one, so a usual run
 * does without.
 */
export const standardOutput = (): NodeJS.WriteStream => {
  if (!asked) process.stdout.on('error', ends)
  asked = true
  return process.stdout
}

/** A file, a pipe and the device that drops everything are none; of other devices only the stream knows. */
const mayBeTerminal = (): boolean => {
  const output = fstatSync(1)
  return output.isCharacterDevice() && output.rdev !== statSync('/dev/null', { throwIfNoEntry: false })?.rdev
}

/** What standard output says of itself, if it is a terminal. */
export const screen = (): Screen => (mayBeTerminal() ? standardOutput() : {})

/** Lines of a report that is whole. */
export const printLines = async (lines: Iterable<string>): Promise<void> => {
  if (mayBeTerminal()) await writeLines(standardOutput(), lines)
  else for (const piece of inPieces(ended(lines))) writeNow(Buffer.from(piece))
}

export const writeLines = async (stream: Writable, lines: Iterable<string>): Promise<void> => {
  await writePieces(stream, ended(lines))
}

function* ended(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${line}\n`
}

/** The same for text that has its line ends. */
export const writePieces = async (stream: Writable, texts: Iterable<string>): Promise<void> => {
  for (const piece of inPieces(texts))
    if (!stream.write(piece)) await new Promise((resolve) => stream.once('drain', resolve))
}

/** A system call a line would be slow. */
function* inPieces(texts: Iterable<string>): Generator<string> {
  let piece = ''
  for (const text of texts) {
    piece += text
    if (piece.length < PIECE) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}

/** Milliseconds to wait for a reader that is slower than us. */
const PATIENCE = 2

/**
 * Writes to standard output before it returns, for those who can't wait: a stream would keep in memory what the reader
 * of a pipe has not taken yet.
 */
export const writeNow = (bytes: Uint8Array): void => {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at)
    } catch (error) {
      const failure = error as NodeJS.ErrnoException
      if (failure.code !== 'EAGAIN') ends(failure)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PATIENCE)
    }
  }
}
