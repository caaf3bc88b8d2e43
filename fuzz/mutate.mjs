/**
 * Changes inputs: bits, interesting numbers, stretches taken out, repeated, moved between inputs.
 *
 * In: a corpus and a source of random numbers. Out: a new input. The same seed gives the same inputs.
 */

const ODD = [
  0, 1, 3, 4, 5, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff,
]
const LONGEST = 16_384

/** `words`: what may be put in. `unit`: octets of one thing, which then stays whole more often than not. */
export function mutated(corpus, random, { words = [], unit = 1 } = {}) {
  const below = (n) => Math.floor(random() * n)
  const pick = () => corpus[below(corpus.length)]
  let bytes = Buffer.from(pick())
  const cut = () => {
    const step = random() < 0.8 ? unit : 1
    const from = below(bytes.length / step) * step
    const length = step * (1 + below((random() < 0.8 ? 32 : 600) / step))
    return [from, Math.min(bytes.length, from + length)]
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
      const from = below(other.length / unit) * unit
      const at = below(bytes.length / unit) * unit
      const piece = other.subarray(from, from + unit * below(400 / unit))
      bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)])
    },
    () => {
      const word = Buffer.from(words.length === 0 ? pick().subarray(0, 8) : words[below(words.length)])
      const at = below(bytes.length + 1)
      const apart = Buffer.from(words.length === 0 ? '' : [' ', '\0', '', '\n'][below(4)])
      const rest = bytes.subarray(random() < 0.3 ? Math.min(bytes.length, at + word.length) : at)
      bytes = Buffer.concat([bytes.subarray(0, at), apart, word, apart, rest])
    },
    () => (bytes = bytes.subarray(0, 1 + below(bytes.length))),
  ]
  const last = changes.length - 1
  for (let n = 1 + below(8); n > 0; n--) {
    if (bytes.length === 0) break
    if (words.length > 0 && random() < 0.4) changes[last - 1]()
    else changes[random() < 0.02 ? last : below(last)]()
  }
  return bytes.subarray(0, LONGEST)
}
