/**
 * SHA-1 of a message that fits one block, FIPS 180-4 sections 5 and 6.1: a name for a 4-tuple, not a secret.
 *
 * In: 64 octets of which the first `length`, at most 55, are the message. Out: the digest's 20 octets. A tenth of what
 * the system's own takes for so little, and nothing to load.
 */
const schedule = new Int32Array(80)

/** Writes the padding into `block` behind the message. */
export function sha1(block: Uint8Array, length: number, digest: Uint8Array): void {
  block.fill(0, length)
  block[length] = 0x80
  block[62] = (length << 3) >>> 8
  block[63] = (length << 3) & 0xff
  const w = schedule
  for (let t = 0; t < 16; t++) {
    const at = 4 * t
    w[t] =
      ((block[at] as number) << 24) |
      ((block[at + 1] as number) << 16) |
      ((block[at + 2] as number) << 8) |
      (block[at + 3] as number)
  }
  for (let t = 16; t < 80; t++)
    w[t] = turned(
      (w[t - 3] as number) ^ (w[t - 8] as number) ^ (w[t - 14] as number) ^ (w[t - 16] as number),
      1,
    )

  let a = 0x67452301
  let b = 0xefcdab89 | 0
  let c = 0x98badcfe | 0
  let d = 0x10325476
  let e = 0xc3d2e1f0 | 0
  for (let t = 0; t < 80; t++) {
    const f =
      t < 20 ? (b & c) ^ (~b & d) : t < 40 ? b ^ c ^ d : t < 60 ? (b & c) ^ (b & d) ^ (c & d) : b ^ c ^ d
    const k = t < 20 ? 0x5a827999 : t < 40 ? 0x6ed9eba1 : t < 60 ? 0x8f1bbcdc : 0xca62c1d6
    const next = (turned(a, 5) + f + e + k + (w[t] as number)) | 0
    e = d
    d = c
    c = turned(b, 30)
    b = a
    a = next
  }
  put(digest, 0, a + 0x67452301)
  put(digest, 4, b + 0xefcdab89)
  put(digest, 8, c + 0x98badcfe)
  put(digest, 12, d + 0x10325476)
  put(digest, 16, e + 0xc3d2e1f0)
}

const turned = (word: number, by: number): number => (word << by) | (word >>> (32 - by))

function put(octets: Uint8Array, at: number, word: number): void {
  octets[at] = word >>> 24
  octets[at + 1] = word >>> 16
  octets[at + 2] = word >>> 8
  octets[at + 3] = word
}
