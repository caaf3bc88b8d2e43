/**
 * Looks for the next record of a damaged pcap file.
 *
 * In: bytes behind the damage. Out: the first place that looks like a record and is followed by another or by the
 * end of the file. pcap has no marks between records, so this is the likeliest place, not a certain one.
 */
import { capturedLength, type PcapHeader } from './pcap-header.js'
import type { Block } from './pump.js'

export interface Finding {
  /** Whether a record begins at `at`; else everything before `at` is known to hold none. */
  readonly record: boolean
  readonly at: number
}

/** The last record before the damage: times near it are plausible. */
export interface Before {
  readonly number: number
  readonly seconds: number
}

/** Two neighbouring records are hardly further apart, in seconds. */
const NEAR = 7 * 86_400
/** Longest original length to believe: a jumbogram would be more, but nobody has seen one in a capture. */
const LONGEST_ON_WIRE = 16 * 1024 * 1024

export function findRecord(header: PcapHeader, block: Block, from: number, before: Before): Finding {
  const { view, end, last } = block
  const { littleEndian, recordHeader } = header
  const near = before.number > 0 ? before.seconds : null
  let at = from
  for (; end - at >= recordHeader; at++) {
    if (!plausible(header, view, at, near)) continue
    const next = at + recordHeader + capturedLength(header, view, at)
    if (last && next === end) return { record: true, at }
    // Not decided before the next header is there.
    if (next + recordHeader > end) {
      if (last) continue
      return { record: false, at }
    }
    if (plausible(header, view, next, view.getUint32(at, littleEndian))) return { record: true, at }
  }
  return { record: false, at }
}

/** Whether a record's header may be at `at`: a time near `near`, lengths that fit each other. */
function plausible(header: PcapHeader, view: DataView, at: number, near: number | null): boolean {
  const { littleEndian, nanoseconds, longest } = header
  const length = capturedLength(header, view, at)
  // Nothing captured fits a run of zeros too well.
  if (length === 0 || length > longest) return false
  const sum = view.getUint32(at + 8, littleEndian) + view.getUint32(at + 12, littleEndian)
  const original = sum - length
  if (original < length || original > LONGEST_ON_WIRE) return false
  if (view.getUint32(at + 4, littleEndian) >= (nanoseconds ? 1e9 : 1e6)) return false
  return near === null || Math.abs(view.getUint32(at, littleEndian) - near) <= NEAR
}
