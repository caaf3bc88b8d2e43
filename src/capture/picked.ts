/**
 * Single records of a pcap file, read again where they were found: a second look that need not pass all the others.
 *
 * In: the file, the places of records in its order. Out: the same calls of the sink as when all of it is read, for these.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { unreadable } from './open.js'
import { PcapBlocks } from './pcap-blocks.js'
import { capturedLength, PCAP_HEADER_LENGTH, type PcapHeader, readPcapHeader } from './pcap-header.js'
import { type Block, viewOf } from './pump.js'
import { CaptureError, type RecordSink } from './record.js'
import { Tally } from './tally.js'

/** A record's number and where it begins, as {@link CaptureRecord} had them. */
export interface Place {
  readonly number: number
  readonly offset: number
}

/** Octets that are read at a time: a record and some behind it, which may be wanted too. */
const PIECE = 16 * 1024

/** Throws {@link CaptureError}, also when there is no record any more where one was. */
export function readPicked(file: string, places: Iterable<Place>, record: RecordSink['record']): void {
  let descriptor: number | null = null
  try {
    descriptor = openSync(file, 'r')
    readPlaces(file, new Window(descriptor), places, record)
  } catch (error) {
    throw (error as { syscall?: unknown } | null)?.syscall === undefined ? error : unreadable(file, error)
  } finally {
    if (descriptor !== null) closeSync(descriptor)
  }
}

function readPlaces(
  file: string,
  window: Window,
  places: Iterable<Place>,
  record: RecordSink['record'],
): void {
  const changed = (): CaptureError => new CaptureError(file, { what: 'changed' }, null)
  const { block } = window
  if (!window.holds(0, PCAP_HEADER_LENGTH)) throw changed()
  const header = readPcapHeader(new DataView(block.bytes.buffer, 0, PCAP_HEADER_LENGTH))
  if ('what' in header) throw changed()
  const tally = new Tally(file, { record }, true)
  const reader = new PcapBlocks(header, tally)
  for (const { number, offset } of places) {
    if (!window.holds(offset, header.recordHeader)) throw changed()
    const length = header.recordHeader + lengthAt(header, window, offset)
    if (!window.holds(offset, length)) throw changed()
    block.start = offset - block.origin
    const held = block.end
    block.end = block.start + length
    tally.record.number = number - 1
    reader.read(block)
    block.end = held
    if (tally.record.number !== number) throw changed()
  }
}

/** At most as long as is believed, whatever it says. */
const lengthAt = (header: PcapHeader, { block }: Window, offset: number): number =>
  Math.min(header.longest, capturedLength(header, block.view, offset - block.origin))

/** What of the file is in memory. */
class Window {
  readonly block: Block
  constructor(private readonly descriptor: number) {
    const bytes = new Uint8Array(PIECE)
    this.block = { bytes, view: viewOf(bytes), start: 0, end: 0, origin: 0, last: false }
  }

  /** Gets octets of the file in, from `offset` on; false when it ends before. */
  holds(offset: number, length: number): boolean {
    const { block } = this
    if (offset >= block.origin && offset + length <= block.origin + block.end) return true
    if (length > block.bytes.length) {
      block.bytes = new Uint8Array(length)
      block.view = viewOf(block.bytes)
    }
    block.origin = offset
    block.end = 0
    // The system may give less than is asked for.
    for (let count = 1; count > 0 && block.end < block.bytes.length; block.end += count)
      count = readSync(
        this.descriptor,
        block.bytes,
        block.end,
        block.bytes.length - block.end,
        offset + block.end,
      )
    return length <= block.end
  }
}
