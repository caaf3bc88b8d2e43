/**
 * A block of a pcapng file once more, with comments added behind its own options.
 *
 * In: a whole block in either byte order. Out: the new block, or null when its type has no place for a comment.
 * Every octet of the old one is in the new one, in order, but for the two lengths of the block and, in a section
 * header, the length of the section.
 */
import type { RawBlock } from '../../capture/record.js'
import { END_OF_OPTIONS, encodeComments, endOfOptions, joined } from './options.js'

export const SECTION = 0x0a0d0d0a
const OBSOLETE_PACKET = 2
const ENHANCED_PACKET = 6

/** Where a block's options begin, counted from its first octet. */
const optionsAt = ({ type, start, littleEndian }: RawBlock, view: DataView): number | null => {
  if (type === SECTION) return 24
  if (type !== ENHANCED_PACKET && type !== OBSOLETE_PACKET) return null
  // Both have the captured length in the same place.
  return 28 + ((view.getUint32(start + 20, littleEndian) + 3) & ~3)
}

export const withComments = (block: RawBlock, comments: readonly string[]): Uint8Array | null => {
  const { bytes, start, end, littleEndian } = block
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const from = optionsAt(block, view)
  if (from === null) return null
  const trailer = end - 4
  const place = endOfOptions(view, littleEndian, start + from, trailer)
  const rest = bytes.subarray(place, trailer)
  const whole = joined([
    bytes.subarray(start, place),
    ...encodeComments(comments, littleEndian),
    // A writer must end its list; what stands there already stays as it is.
    rest.length > 0 || comments.length === 0 ? rest : END_OF_OPTIONS,
    bytes.subarray(trailer, end),
  ])
  const made = new DataView(whole.buffer)
  made.setUint32(4, whole.length, littleEndian)
  made.setUint32(whole.length - 4, whole.length, littleEndian)
  // The section grows, and how much is only known at its end: "not specified".
  if (block.type === SECTION) made.setBigInt64(16, -1n, littleEndian)
  return whole
}
