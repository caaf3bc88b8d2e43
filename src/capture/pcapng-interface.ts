/**
 * Interfaces of a pcapng file: Interface Description Block (section 4.2) and Statistics Block (4.5).
 *
 * In: a block's octets. Out: the interface with its clock, and packets lost since the last statistics.
 */
import { longestRecord } from './pcap-header.js'
import { eachOption, OPT_COMMENT, textAt, uint64At } from './pcapng-options.js'
import { type Clock, clockOf, DEFAULT_RESOLUTION } from './pcapng-time.js'
import type { Block } from './pump.js'
import type { CaptureInterface, RecordSink } from './record.js'

const IF_TSRESOL = 9
const IF_FCSLEN = 13
const IF_TSOFFSET = 14
const ISB_IFDROP = 5
const ISB_OSDROP = 7

export interface PcapngInterface {
  readonly iface: CaptureInterface
  readonly clock: Clock
  /** Longest captured length to believe, in bytes. */
  readonly longest: number
  /** Packets lost since the capture began, by the last statistics. */
  lost: number
}

/** Reads the description in the block `[at, end)`, the frame of the block included. Needs 20 bytes. */
export function readInterface(
  block: Block,
  littleEndian: boolean,
  at: number,
  end: number,
  id: number,
  sink: RecordSink,
): PcapngInterface {
  const { view } = block
  let fcs = 0
  let resolution = DEFAULT_RESOLUTION
  let offset = 0n
  eachOption(block, littleEndian, at + 16, end - 4, (code, start, length) => {
    if (code === OPT_COMMENT) sink.comment?.(textAt(block, start, length))
    else if (code === IF_TSRESOL && length >= 1) resolution = view.getUint8(start)
    else if (code === IF_FCSLEN && length >= 1) fcs = view.getUint8(start)
    else if (code === IF_TSOFFSET && length >= 8) offset = view.getBigInt64(start, littleEndian)
  })
  const snapLength = view.getUint32(at + 12, littleEndian)
  const linkType = view.getUint16(at + 8, littleEndian)
  return {
    iface: {
      id,
      linkType,
      linkTypeAt: block.origin + at + 8,
      snapLength,
      // The text of the format says bits, its example and the programs bytes: 16 and more can only be bits.
      fcsLength: fcs < 16 ? fcs : fcs >> 3,
    },
    clock: clockOf(resolution, offset),
    longest: longestRecord(snapLength),
    lost: 0,
  }
}

/** Reads statistics in the block `[at, end)` and tells the sink of packets lost since the last ones. */
export function readStatistics(
  block: Block,
  littleEndian: boolean,
  at: number,
  end: number,
  of: PcapngInterface,
  sink: RecordSink,
): void {
  let lost = 0
  eachOption(block, littleEndian, at + 20, end - 4, (code, start, length) => {
    if (code === OPT_COMMENT) sink.comment?.(textAt(block, start, length))
    const counts = code === ISB_IFDROP || code === ISB_OSDROP
    if (counts && length >= 8) lost += uint64At(block, littleEndian, start)
  })
  if (lost > of.lost) sink.lost?.(lost - of.lost, of.iface)
  of.lost = Math.max(lost, of.lost)
}
