/**
 * Looks for the next block of a damaged pcapng file.
 *
 * In: bytes behind the damage. Out: the first place with a known block type and the same length at both of its
 * ends. Every octet is tried: what damaged the file may have moved the rest.
 */
import type { Block } from './pump.js'

export const SECTION = 0x0a0d0d0a
export const BYTE_ORDER = 0x1a2b3c4d
/** Type, length, and the length again, in bytes. */
export const SHORTEST_BLOCK = 12

/** Section, interface, packets, names, statistics, journal, secrets, custom. */
const KNOWN = new Set([SECTION, 1, 2, 3, 4, 5, 6, 9, 0x0a, 0x0bad, 0x4000_0bad])
/** Longest block to believe in a damaged file, in bytes: to find out means to wait for as many. */
const LONGEST_FOUND = 1024 * 1024

export interface Found {
  /** Whether a block begins at `at`; else everything before `at` is known to hold none. */
  readonly block: boolean
  readonly at: number
}

export function findBlock({ view, end, last }: Block, from: number, littleEndian: boolean): Found {
  let at = from
  for (; end - at >= SHORTEST_BLOCK; at++) {
    const type = view.getUint32(at, littleEndian)
    if (!KNOWN.has(type)) continue
    const order = type === SECTION ? byteOrderAt(view, at) : littleEndian
    if (order === null) continue
    const length = view.getUint32(at + 4, order)
    if (length < SHORTEST_BLOCK || length % 4 !== 0 || length > LONGEST_FOUND) continue
    if (at + length > end) {
      if (last) continue
      return { block: false, at }
    }
    if (view.getUint32(at + length - 4, order) === length) return { block: true, at }
  }
  return { block: false, at }
}

/** Whether the section header at `at` says little-endian; null when it is none. Needs 12 bytes. */
export function byteOrderAt(view: DataView, at: number): boolean | null {
  if (view.getUint32(at + 8, true) === BYTE_ORDER) return true
  return view.getUint32(at + 8, false) === BYTE_ORDER ? false : null
}
