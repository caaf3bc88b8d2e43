/**
 * Options of pcapng blocks (draft-ietf-opsawg-pcapng, section 3.5).
 *
 * In: a block's octets. Out: its options one by one. The list ends at opt_endofopt, at the end of the block, or at
 * an option that does not fit; writers forget the first.
 */
import type { Block } from './pump.js'
import type { RecordSink } from './record.js'

/** Options that every block may have. */
export const OPT_COMMENT = 1

/** Calls `each` with the code and the place of the value of every option in `[at, end)`. */
export function eachOption(
  { view }: Block,
  littleEndian: boolean,
  at: number,
  end: number,
  each: (code: number, start: number, length: number) => void,
): void {
  let next = at
  while (end - next >= 4) {
    const code = view.getUint16(next, littleEndian)
    const length = view.getUint16(next + 2, littleEndian)
    const start = next + 4
    if (code === 0 || start + length > end) return
    each(code, start, length)
    next = start + ((length + 3) & ~3)
  }
}

const UTF8 = new TextDecoder()

/** A text; readers must take a zero octet for its end. What is not UTF-8 becomes U+FFFD. */
export function textAt({ bytes }: Block, start: number, length: number): string {
  const value = bytes.subarray(start, start + length)
  const zero = value.indexOf(0)
  return UTF8.decode(zero === -1 ? value : value.subarray(0, zero))
}

/** An unsigned 64-bit number; above 2^53 only about right, which is enough for a counter. */
export function uint64At({ view }: Block, littleEndian: boolean, at: number): number {
  const high = view.getUint32(littleEndian ? at + 4 : at, littleEndian)
  const low = view.getUint32(littleEndian ? at : at + 4, littleEndian)
  return high * 2 ** 32 + low
}

/** Hands the comments among the options in `[at, end)` on. */
export function readComments(
  block: Block,
  littleEndian: boolean,
  at: number,
  end: number,
  sink: RecordSink,
): void {
  eachOption(block, littleEndian, at, end, (code, start, length) => {
    if (code === OPT_COMMENT) sink.comment?.(textAt(block, start, length))
  })
}
