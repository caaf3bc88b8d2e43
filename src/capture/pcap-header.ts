/**
 * The file header of classic pcap (draft-ietf-opsawg-pcap, section 4).
 *
 * In: the first 24 bytes. Out: how to read the records behind them, or what is wrong.
 */
import type { Fault } from '../faults.js'
import type { CaptureInterface } from './record.js'

export const PCAP_HEADER_LENGTH = 24

/** libpcap's own bound for the captured bytes of one packet, in bytes. */
export const LONGEST_RECORD = 262_144
/** A promised snap length above this is not believed. */
const SANE_SNAP_LENGTH = 16 * 1024 * 1024

/** A magic number in the file's own byte order: what it says of the records. */
interface Magic {
  readonly nanoseconds: boolean
  /** Length of a record's header in bytes; Kuznetzov's patched libpcap added 8. */
  readonly recordHeader: 16 | 24
}

const MAGICS: ReadonlyMap<number, Magic> = new Map([
  [0xa1b2c3d4, { nanoseconds: false, recordHeader: 16 }],
  [0xa1b23c4d, { nanoseconds: true, recordHeader: 16 }],
  [0xa1b2cd34, { nanoseconds: false, recordHeader: 24 }],
])

export interface PcapHeader extends Magic {
  readonly littleEndian: boolean
  /** Longest record to believe, in bytes. */
  readonly longest: number
  /** Files of before 2.3 give the original length first; 2.3 did both, so there the smaller one is the captured. */
  readonly lengths: 'captured-first' | 'original-first' | 'either'
  readonly iface: CaptureInterface
}

/** What the magic number says, or null when this is not pcap. Needs 4 bytes. */
export function pcapMagic(view: DataView): { littleEndian: boolean; magic: Magic } | null {
  for (const littleEndian of [true, false]) {
    const magic = MAGICS.get(view.getUint32(0, littleEndian))
    if (magic !== undefined) return { littleEndian, magic }
  }
  return null
}

/** Reads the header of a file whose magic number fits; else what is wrong with it. Needs 24 bytes. */
export function readPcapHeader(view: DataView): PcapHeader | Fault {
  const found = pcapMagic(view)
  if (found === null) return { what: 'no-pcap' }
  const { littleEndian, magic } = found
  const major = view.getUint16(4, littleEndian)
  const minor = view.getUint16(6, littleEndian)
  // 543.0 is what NFR's sensors wrote; libpcap takes it too.
  const known = (major === 2 && minor <= 4) || (major === 543 && minor === 0)
  if (!known) return { what: 'version', format: 'pcap', major, minor }
  const snapLength = view.getUint32(16, littleEndian)
  const link = view.getUint32(20, littleEndian)
  return {
    ...magic,
    littleEndian,
    longest: longestRecord(snapLength),
    lengths: major !== 2 || minor > 3 ? 'captured-first' : minor === 3 ? 'either' : 'original-first',
    iface: {
      id: 0,
      // The high bits tell of the frame check sequence: bit 26 whether, bits 28 to 31 how many 16-bit words.
      linkType: link & 0x03ff_ffff,
      linkTypeAt: 20,
      fcsLength: (link & 0x0400_0000) !== 0 ? (link >>> 28) * 2 : 0,
      snapLength,
    },
  }
}

/** Longest captured length to believe for a promised snap length, both in bytes. */
export function longestRecord(snapLength: number): number {
  return snapLength > LONGEST_RECORD && snapLength <= SANE_SNAP_LENGTH ? snapLength : LONGEST_RECORD
}

/** Captured length of the record whose header begins at `at`, in bytes. */
export function capturedLength({ littleEndian, lengths }: PcapHeader, view: DataView, at: number): number {
  const first = view.getUint32(at + 8, littleEndian)
  if (lengths === 'captured-first') return first
  const second = view.getUint32(at + 12, littleEndian)
  return lengths === 'original-first' ? second : Math.min(first, second)
}
