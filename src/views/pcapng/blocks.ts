/**
 * Blocks of a pcapng file for packets that came in a classic pcap (draft-ietf-opsawg-pcapng, sections 4.1 to 4.3).
 *
 * In: an interface, records, comments. Out: whole blocks, little-endian; a section header in either byte order.
 */
import type { CaptureInterface, CaptureRecord } from '../../capture/record.js'
import { encodeComments, encodeOption, optionList } from './options.js'

const SECTION = 0x0a0d0d0a
const INTERFACE = 1
const ENHANCED_PACKET = 6
const BYTE_ORDER = 0x1a2b3c4d

const SHB_USERAPPL = 4
const IF_TSRESOL = 9
const IF_FCSLEN = 13
/** LINKTYPE_ values that fit the field. */
const HIGHEST_LINK_TYPE = 0xffff

const LITTLE = true
const UTF8 = new TextEncoder()

/** Length of the frame of a block: type, length, and the length again. */
const FRAME = 12
const padded = (length: number): number => (length + 3) & ~3

/** A block around `fixed` octets that `fill` writes, `data` with its padding, and `options`. */
const block = (
  type: number,
  fixed: number,
  fill: (view: DataView) => void,
  data: Uint8Array,
  options: Uint8Array,
  littleEndian = LITTLE,
): Uint8Array => {
  const length = FRAME + fixed + padded(data.length) + options.length
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, type, littleEndian)
  view.setUint32(4, length, littleEndian)
  fill(view)
  bytes.set(data, 8 + fixed)
  bytes.set(options, 8 + fixed + padded(data.length))
  view.setUint32(length - 4, length, littleEndian)
  return bytes
}

const NOTHING = new Uint8Array(0)

/** The section header. `application` is the program that writes, as `shb_userappl` wants it. */
export const sectionHeader = (
  application: string,
  comments: readonly string[],
  littleEndian = LITTLE,
): Uint8Array =>
  block(
    SECTION,
    16,
    (view) => {
      view.setUint32(8, BYTE_ORDER, littleEndian)
      view.setUint16(12, 1, littleEndian)
      // Nobody knows the length of a section before it is written.
      view.setBigInt64(16, -1n, littleEndian)
    },
    NOTHING,
    optionList([
      ...encodeComments(comments, littleEndian),
      encodeOption(SHB_USERAPPL, UTF8.encode(application), littleEndian),
    ]),
    littleEndian,
  )

/** Null when the link type has no place in an interface description. */
export const interfaceDescription = (iface: CaptureInterface, nanoseconds: boolean): Uint8Array | null => {
  if (iface.linkType > HIGHEST_LINK_TYPE) return null
  const options = [
    // 10^-6 is what the option's absence means.
    ...(nanoseconds ? [encodeOption(IF_TSRESOL, Uint8Array.of(9), LITTLE)] : []),
    ...(iface.fcsLength > 0
      ? [encodeOption(IF_FCSLEN, Uint8Array.of(fcsField(iface.fcsLength)), LITTLE)]
      : []),
  ]
  return block(
    INTERFACE,
    8,
    (view) => {
      view.setUint16(8, iface.linkType, LITTLE)
      view.setUint32(12, iface.snapLength, LITTLE)
    },
    NOTHING,
    optionList(options),
  )
}

/** One packet of interface 0, its octets, lengths and time as in `record`. */
export const enhancedPacket = (
  record: CaptureRecord,
  nanoseconds: boolean,
  comments: readonly string[],
): Uint8Array => {
  const units = nanoseconds ? 1_000_000_000n : 1_000_000n
  const fraction = nanoseconds ? record.nanoseconds : Math.floor(record.nanoseconds / 1000)
  const ticks = BigInt(record.seconds) * units + BigInt(fraction)
  return block(
    ENHANCED_PACKET,
    20,
    (view) => {
      view.setUint32(12, Number(ticks >> 32n), LITTLE)
      view.setUint32(16, Number(ticks & 0xffff_ffffn), LITTLE)
      view.setUint32(20, record.end - record.start, LITTLE)
      view.setUint32(24, record.wireLength, LITTLE)
    },
    record.bytes.subarray(record.start, record.end),
    optionList(encodeComments(comments, LITTLE)),
  )
}

/** Octets, as nearly everybody writes it; in bits, as the specification has it, where that is what it would be taken for. */
const fcsField = (octets: number): number => (octets < 16 ? octets : 8 * octets)
