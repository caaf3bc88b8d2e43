/**
 * Changes inputs: bits, interesting numbers, stretches taken out, repeated, moved between inputs.
 *
 * In: a corpus and a source of random numbers. Out: a new input. The same seed gives the same inputs.
 */

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

const ODD = [
  0, 1, 3, 4, 5, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
]
const LONGEST = 16_384

export function mutated(corpus, random) {
  const below = (n) => Math.floor(random() * n)
  const pick = () => corpus[below(corpus.length)]
  let bytes = Buffer.from(pick())
  const cut = () => {
    const from = below(bytes.length)
    return [from, Math.min(bytes.length, from + 1 + below(random() < 0.8 ? 32 : 600))]
  }
  const changes = [
    () => (bytes[below(bytes.length)] ^= 1 << below(8)),
    () => (bytes[below(bytes.length)] = below(256)),
    () => {
      if (bytes.length < 8) return
      const at = below(bytes.length - 4)
      const value = ODD[below(ODD.length)]
      if (random() < 0.5) bytes.writeUInt32LE(value, at)
      else bytes.writeUInt32BE(value, at)
    },
    () => {
      if (bytes.length < 8) return
      const at = below(bytes.length - 2)
      const value = ODD[below(ODD.length)] & 0xffff
      if (random() < 0.5) bytes.writeUInt16LE(value, at)
      else bytes.writeUInt16BE(value, at)
    },
    () => {
      const [from, to] = cut()
      bytes = Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)])
    },
    () => {
      const [from, to] = cut()
      bytes = Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)])
    },
    () => {
      const other = pick()
      const from = below(other.length)
      const at = below(bytes.length)
      bytes = Buffer.concat([
        bytes.subarray(0, at),
        other.subarray(from, from + below(400)),
        bytes.subarray(at),
      ])
    },
    () => (bytes = bytes.subarray(0, 1 + below(bytes.length))),
  ]
  for (let n = 1 + below(8); n > 0; n--) {
    if (bytes.length === 0) break
    changes[random() < 0.02 ? 7 : below(7)]()
  }
  return bytes.subarray(0, LONGEST)
}
