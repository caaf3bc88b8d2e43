/**
 * Options of pcapng blocks, written (draft-ietf-opsawg-pcapng, section 3.5).
 *
 * In: codes and values. Out: octets, each option padded to 32 bits.
 */

const OPT_ENDOFOPT = 0
const OPT_COMMENT = 1
/** An option's length is a 16-bit field. */
const LONGEST_VALUE = 0xffff

const UTF8 = new TextEncoder()

/** `value` may be 65,535 octets long; what is longer is cut off. */
export const encodeOption = (code: number, value: Uint8Array, littleEndian: boolean): Uint8Array => {
  const length = Math.min(value.length, LONGEST_VALUE)
  const bytes = new Uint8Array(4 + ((length + 3) & ~3))
  const view = new DataView(bytes.buffer)
  view.setUint16(0, code, littleEndian)
  view.setUint16(2, length, littleEndian)
  bytes.set(value.subarray(0, length), 4)
  return bytes
}

/** `opt_comment`, one for each text. The option may repeat. */
export const encodeComments = (comments: readonly string[], littleEndian: boolean): Uint8Array[] =>
  comments.map((text) => encodeOption(OPT_COMMENT, cutUtf8(UTF8.encode(text)), littleEndian))

/** At most as long as an option may be, and no character cut in two. */
const cutUtf8 = (bytes: Uint8Array): Uint8Array => {
  if (bytes.length <= LONGEST_VALUE) return bytes
  let end = LONGEST_VALUE
  // Octets 10xxxxxx continue a character (RFC 3629).
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.subarray(0, end)
}

/** `opt_endofopt`: four zero octets in either byte order. */
export const END_OF_OPTIONS = new Uint8Array(4)

/** A whole list with its end; nothing at all for no option. */
export const optionList = (options: readonly Uint8Array[]): Uint8Array =>
  options.length === 0 ? new Uint8Array(0) : joined([...options, END_OF_OPTIONS])

export const joined = (parts: readonly Uint8Array[]): Uint8Array => {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Where the options in `[at, end)` end that a reader finds: at opt_endofopt, at one that does not fit, or at `end`. */
export const endOfOptions = (view: DataView, littleEndian: boolean, at: number, end: number): number => {
  let next = at
  while (end - next >= 4) {
    const code = view.getUint16(next, littleEndian)
    const length = view.getUint16(next + 2, littleEndian)
    if (code === OPT_ENDOFOPT || next + 4 + length > end) break
    next += 4 + ((length + 3) & ~3)
  }
  return next
}
