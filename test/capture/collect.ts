/** Reads bytes or a file and keeps all that came of it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ReadOptions, readCapture } from '../../src/capture/read.js'
import type { CaptureError, CaptureInterface, CaptureSummary } from '../../src/capture/record.js'

export interface Kept {
  number: number
  offset: number
  data: number[]
  wireLength: number
  seconds: number
  nanoseconds: number
  iface: CaptureInterface
  flags: number
  drops: number
  comments: readonly string[]
}

export interface Collected {
  summary: CaptureSummary
  records: Kept[]
  damages: CaptureError[]
  lost: [packets: number, id: number][]
  names: [address: string, name: string][]
  comments: string[]
}

export async function collect(file: string, options: ReadOptions = {}): Promise<Collected> {
  const kept: Omit<Collected, 'summary'> = { records: [], damages: [], lost: [], names: [], comments: [] }
  const summary = await readCapture(
    file,
    {
      record({ bytes, start, end, ...rest }) {
        kept.records.push({ ...rest, data: [...bytes.subarray(start, end)] })
      },
      damage: (error) => kept.damages.push(error),
      lost: (packets, iface) => kept.lost.push([packets, iface.id]),
      name: (address, name) => kept.names.push([address, name]),
      comment: (text) => kept.comments.push(text),
    },
    options,
  )
  return { summary, ...kept }
}

/** As a file, the way the block reader gets it. */
export async function collectFile(bytes: Uint8Array, options: ReadOptions = {}): Promise<Collected> {
  return inFolder((folder) => {
    const file = join(folder, 'capture')
    writeFileSync(file, bytes)
    return collect(file, options)
  })
}

/** As standard input, in chunks of `size` bytes. */
export function collectPipe(bytes: Uint8Array, size: number, options: ReadOptions = {}): Promise<Collected> {
  return collect('-', { ...options, stdin: inChunks(bytes, size) })
}

export async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.slice(at, at + size)
}

export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'bothends-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
