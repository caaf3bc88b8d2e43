/**
 * One LZ4 block (LZ4 Block Format).
 *
 * In: the compressed block, and a buffer with what came before it. Out: the block's bytes behind that. Every
 * length and distance is checked; damaged data throw.
 */
import { type CompressedDataError, damagedData } from './exact.js'

const SHORTEST_MATCH = 4

/** Decodes `data` into `output[at, limit)` and returns where it ends. Matches may reach back to `output[0]`. */
export function decodeBlock(data: Uint8Array, output: Uint8Array, at: number, limit: number): number {
  let from = 0
  let to = at
  const more = (): number => {
    let sum = 0
    for (;;) {
      const octet = data[from++]
      if (octet === undefined) throw damaged()
      sum += octet
      if (octet < 255) return sum
    }
  }
  for (;;) {
    const token = data[from++]
    if (token === undefined) throw damaged()
    const literals = token >> 4 === 15 ? 15 + more() : token >> 4
    if (from + literals > data.length || to + literals > limit) throw damaged()
    output.set(data.subarray(from, from + literals), to)
    from += literals
    to += literals
    // The last sequence has literals only.
    if (from === data.length) return to
    const distance = (data[from] ?? 0) | ((data[from + 1] ?? 0) << 8)
    from += 2
    const length = SHORTEST_MATCH + ((token & 15) === 15 ? 15 + more() : token & 15)
    if (from > data.length || distance === 0 || distance > to || to + length > limit) throw damaged()
    copyMatch(output, to, distance, length)
    to += length
  }
}

/** A match may overlap what it makes: then it repeats. */
function copyMatch(output: Uint8Array, to: number, distance: number, length: number): void {
  if (distance >= length) {
    output.copyWithin(to, to - distance, to - distance + length)
    return
  }
  for (let i = 0; i < length; i++) output[to + i] = output[to + i - distance] ?? 0
}

function damaged(): CompressedDataError {
  return damagedData('LZ4')
}
