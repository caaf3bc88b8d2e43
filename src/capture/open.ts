/**
 * Opens what a file name stands for: a file, a named pipe, a device, or standard input.
 *
 * In: a name. Out: a source of bytes, and whether they come through a pipe. Things that can't be read are told
 * apart, one clear line each.
 */
import {
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  openSync,
  readFileSync,
  type Stats,
} from 'node:fs'
import { Socket } from 'node:net'
import { isatty } from 'node:tty'
import type { Fault } from '../faults.js'
import { CompressedDataError } from './exact.js'
import { CaptureError } from './record.js'
import { type ByteSource, chunkSource, fileSource, fileSourceFrom, streamSource } from './source.js'

export interface Opened {
  readonly source: ByteSource
  /** Bytes come when the other side writes them. */
  readonly pipe: boolean
}

const FAULTS: ReadonlyMap<string, Fault> = new Map([
  ['ENOENT', { what: 'no-such-file' }],
  ['ENOTDIR', { what: 'no-such-folder' }],
  ['EACCES', { what: 'no-permission' }],
  ['EPERM', { what: 'no-permission' }],
  ['EISDIR', { what: 'is-directory' }],
  ['ENXIO', { what: 'no-device' }],
  ['EMFILE', { what: 'too-many-open' }],
  ['ELOOP', { what: 'link-circle' }],
  ['ENAMETOOLONG', { what: 'name-too-long' }],
  ['EIO', { what: 'device-error' }],
])

/** The error for what the operating system or a library said. */
export function unreadable(file: string, error: unknown, byte: number | null = null): CaptureError {
  if (error instanceof CaptureError) return error
  if (error instanceof CompressedDataError) return new CaptureError(file, error.fault, byte)
  const code = (error as NodeJS.ErrnoException | null)?.code ?? ''
  const message = error instanceof Error ? error.message : String(error)
  return new CaptureError(file, FAULTS.get(code) ?? { what: 'unreadable', why: message }, byte)
}

/** Opens `file`; `-` is `stdin`, or else the process's standard input. Throws {@link CaptureError}. */
export function openCapture(file: string, stdin?: AsyncIterable<Uint8Array>): Opened {
  if (file === '-') {
    if (stdin !== undefined) return { source: chunkSource(stdin), pipe: true }
    return openStandardInput()
  }
  let descriptor: number | null = null
  try {
    // A FIFO that nobody writes to yet must not block; for files the flag means nothing.
    descriptor = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    return sourceOf(file, descriptor, fstatSync(descriptor))
  } catch (error) {
    if (descriptor !== null) closeSync(descriptor)
    throw unreadable(file, error)
  }
}

function sourceOf(file: string, descriptor: number, stats: Stats): Opened {
  if (stats.isDirectory()) throw new CaptureError(file, { what: 'is-directory' }, null)
  if (isSeekable(stats)) return { source: fileSource(descriptor, closerOf(descriptor)), pipe: false }
  if (isatty(descriptor)) throw terminal(file)
  // Not a file stream: its blocking read would keep the process from exiting while the other side is silent.
  if (stats.isFIFO()) {
    const pipe = new Socket({ fd: descriptor, readable: true, writable: false })
    return { source: streamSource(pipe), pipe: true }
  }
  return { source: streamSource(createReadStream('', { fd: descriptor })), pipe: true }
}

/** Closing twice could close a file that somebody else has opened since. */
function closerOf(descriptor: number): () => void {
  let open = true
  return () => {
    if (open) closeSync(descriptor)
    open = false
  }
}

function openStandardInput(): Opened {
  let stats: Stats
  try {
    stats = fstatSync(0)
  } catch (error) {
    throw unreadable('-', error)
  }
  if (stats.isDirectory()) throw new CaptureError('-', { what: 'is-directory' }, null)
  // `< file`: standard input stays open, it is not ours to close.
  if (isSeekable(stats)) return { source: fileSource(0, () => {}), pipe: false }
  if (isatty(0)) throw terminal('-')
  return { source: streamSource(process.stdin), pipe: true }
}

/**
 * Standard input when it is a file (`< file`), which can be read as often as it is opened, from where it stands. Null for what
 * can be read only once, and where the system doesn't tell where it stands.
 */
export function openStandardInputAgain(): Opened | null {
  try {
    if (!fstatSync(0).isFile()) return null
    // Linux, proc_pid_fdinfo(5). What was read of it already, as by a script's `head`, is not ours.
    const position = /^pos:\s*(\d+)$/m.exec(readFileSync('/proc/self/fdinfo/0', 'latin1'))?.[1]
    return position === undefined ? null : { source: fileSourceFrom(0, Number(position)), pipe: false }
  } catch {
    return null
  }
}

function isSeekable(stats: Stats): boolean {
  return stats.isFile() || stats.isBlockDevice()
}

function terminal(file: string): CaptureError {
  return new CaptureError(file, { what: 'is-terminal' }, null)
}
