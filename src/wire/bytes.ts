/**
 * Reading numbers in network order out of a buffer, without a DataView or a slice.
 *
 * In: a buffer and an offset that the caller has checked against the captured bytes. Out: plain numbers.
 * Each layer checks its length once; after that no read here can fail. Should a check ever be missing, a
 * read past the buffer counts as zero bits: nothing here throws.
 */

/** 8 bits, 0 to 255. */
export function u8(bytes: Uint8Array, at: number): number {
  return (bytes[at] as number) | 0
}

/** 16 bits in network order, 0 to 65535. */
export function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
}

/** 16 bits, least significant byte first, 0 to 65535 (radio headers and some host-order headers). */
export function u16le(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 1] as number) << 8) | (bytes[at] as number)
}

/** 24 bits in network order, 0 to 16,777,215. */
export function u24(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at + 2] as number)
}

/** 32 bits in network order as a signed integer: use `>>> 0` for the unsigned value. */
export function s32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  )
}

/** 32 bits, least significant byte first, as a signed integer. */
export function s32le(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at + 3] as number) << 24) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 1] as number) << 8) |
    (bytes[at] as number)
  )
}
