/**
 * Whether a file that is read more than once still begins with what it held at first.
 *
 * In: a file's name. Out: what to know it by; whether it was written anew since. A file that grows (a tcpdump that still
 * runs) only gets longer: its beginning, and what was its end, stay. The inode is no proof of either: writing over a file keeps
 * it, and some file systems number their files anew.
 */
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'

/** What `-` stands for; only a file that it was opened from (`< file`) has a mark. */
const STANDARD_INPUT = '/dev/stdin'

/** What a file is known by. */
export interface Mark {
  readonly inode: string
  readonly size: number
  readonly changed: bigint
  /** Octets at its beginning and at its end. */
  readonly head: Buffer
  readonly tail: Buffer
}

/** Octets of each: the head of a capture and times of some tens of packets, which no two captures have in common. */
const PIECE = 4096

/** Null for what is no regular file, or can't be read. */
export function markOf(file: string): Mark | null {
  return looked(file, (descriptor, { inode, size, changed }) => ({
    inode,
    size,
    changed,
    head: piece(descriptor, 0, size),
    tail: piece(descriptor, size - PIECE, size),
  }))
}

/** False when it is shorter, or holds something else where it was marked. One that is gone can't be read: its reader says so. */
export function isStill(file: string, mark: Mark): boolean {
  const still = looked(file, (descriptor, { inode, size, changed }) => {
    if (inode === mark.inode && size === mark.size && changed === mark.changed) return true
    if (size < mark.size) return false
    return (
      piece(descriptor, 0, mark.size).equals(mark.head) &&
      piece(descriptor, mark.size - PIECE, mark.size).equals(mark.tail)
    )
  })
  return still ?? true
}

type Known = Pick<Mark, 'inode' | 'size' | 'changed'>

function looked<T>(file: string, look: (descriptor: number, known: Known) => T): T | null {
  let descriptor: number | null = null
  try {
    // To open a named pipe would wait for its other side.
    const path = file === '-' ? STANDARD_INPUT : file
    if (!statSync(path).isFile()) return null
    descriptor = openSync(path, 'r')
    const { dev, ino, size, mtimeNs } = fstatSync(descriptor, { bigint: true })
    return look(descriptor, { inode: `${dev} ${ino}`, size: Number(size), changed: mtimeNs })
  } catch {
    // Its reader says what is wrong with it.
    return null
  } finally {
    if (descriptor !== null) closeSync(descriptor)
  }
}

/** Octets from `from` on, not beyond `size`. */
function piece(descriptor: number, from: number, size: number): Buffer {
  const start = Math.max(0, from)
  const octets = Buffer.alloc(Math.min(PIECE, size - start))
  return octets.subarray(0, readSync(descriptor, octets, 0, octets.length, start))
}
