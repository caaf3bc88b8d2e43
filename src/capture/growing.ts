/**
 * A file that is still written: at its end the reader waits for more.
 *
 * In: a file's name. Out: a source that ends only when the file was cut back or another file has taken its name
 * (logrotate, tcpdump -W 1), which it tells.
 */
import { closeSync, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { unreadable } from './open.js'
import type { ByteSource } from './source.js'

/** Milliseconds between two looks: events of the file system are not to be had everywhere (NFS, containers). */
const LOOK = 100

export interface Growing extends ByteSource {
  /** Why it ended; null while it goes on, or when the reader left. */
  readonly ended: 'truncated' | 'rotated' | null
}

/** Throws `CaptureError` when it can't be opened. Waiting ends when `signal` is aborted. */
export function growing(file: string, signal: AbortSignal): Growing {
  const { descriptor, own } = opened(file)
  let open = true
  let position = 0
  let ended: Growing['ended'] = null
  const more = (into: Uint8Array, at: number, length: number): number => {
    const count = readSync(descriptor, into, at, length, position)
    position += count
    return count
  }
  const grown = async (into: Uint8Array, at: number, length: number): Promise<number> => {
    while (!signal.aborted && open) {
      await setTimeout(LOOK, undefined, { signal }).catch(() => {})
      if (!open || signal.aborted) break
      const named = statSync(file, { throwIfNoEntry: false })
      const count = more(into, at, length)
      if (count > 0) return count
      if (fstatSync(descriptor).size < position) ended = 'truncated'
      // Gone for a moment while it is rotated: the next one will come.
      else if (named !== undefined && !isSame(named, own)) ended = 'rotated'
      if (ended !== null) break
    }
    return 0
  }
  return {
    read: (into, at, length) => more(into, at, length) || grown(into, at, length),
    close: () => {
      if (open) closeSync(descriptor)
      open = false
    },
    get ended() {
      return ended
    },
  }
}

function opened(file: string): { descriptor: number; own: Stats } {
  try {
    const descriptor = openSync(file, 'r')
    return { descriptor, own: fstatSync(descriptor) }
  } catch (error) {
    throw unreadable(file, error)
  }
}

const isSame = (a: Stats, b: Stats): boolean => a.dev === b.dev && a.ino === b.ino
