/**
 * Random numbers from a seed, and choices by them.
 *
 * In: a seed, or any bytes: what is chosen for an input must be chosen for it again. Out: numbers, choices.
 */
import { crc32 } from 'node:zlib'

/** Numbers from 0 to below 1 (mulberry32). */
export function numbers(seed) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Choices from a source of numbers. */
export function choices(random) {
  const below = (n) => Math.floor(random() * n)
  return {
    below,
    /** True about once in `n`. */
    once: (n) => below(n) === 0,
    pick: (list) => list[below(list.length)],
  }
}

/** The same bytes make the same choices. */
export const choicesFor = (bytes) => choices(numbers(crc32(bytes)))
