/**
 * Classic pcap, read in place: no copy and no object a record.
 *
 * In: blocks of a pcap file. Out: its records. A record whose length can't be is passed over: the reader looks
 * for the next place that looks like a record (`pcap-search.ts`).
 */

import type { Beyond, Fault } from '../faults.js'
import { capturedLength, PCAP_HEADER_LENGTH, type PcapHeader } from './pcap-header.js'
import { type Finding, findRecord } from './pcap-search.js'
import type { Block, RecordReader } from './pump.js'
import type { Tally } from './tally.js'

/** How far to look for the next sound record behind a damaged one, in bytes. */
const SEARCH_LIMIT = 16 * 1024 * 1024

/** Damage whose line waits until it is known how reading goes on. */
interface Pending {
  readonly fault: Fault
  readonly byte: number
}

export class PcapBlocks implements RecordReader {
  stopped = false
  #pending: Pending | null = null

  constructor(
    private readonly header: PcapHeader,
    private readonly tally: Tally,
    /** Offset in the file of the first record. */
    private from = PCAP_HEADER_LENGTH,
  ) {
    tally.record.iface = header.iface
  }

  read(block: Block): number {
    let at = Math.max(block.start, this.from - block.origin)
    if (at > block.end) return block.end
    for (;;) {
      if (this.#pending !== null) {
        at = this.#search(block, at)
        if (this.#pending !== null) return at
      }
      at = this.#records(block, at)
      if (this.#pending === null) return at
    }
  }

  /** Delivers whole records from `at` on; returns where the first one begins that can't be delivered (yet). */
  #records(block: Block, at: number): number {
    // All that stands behind the loop is read before it: what is compiled within a loop knows nothing of its end yet.
    const { bytes, view, origin, end, last } = block
    const { littleEndian, longest, recordHeader, lengths } = this.header
    const unit = this.header.nanoseconds ? 1 : 1000
    const { record, sink } = this.tally
    record.bytes = bytes
    while (end - at >= recordHeader) {
      let captured = view.getUint32(at + 8, littleEndian)
      let original = view.getUint32(at + 12, littleEndian)
      if (lengths !== 'captured-first' && (lengths === 'original-first' || captured > original)) {
        const first = captured
        captured = original
        original = first
      }
      if (captured > longest) {
        this.tooLong(captured, origin + at)
        return at
      }
      const start = at + recordHeader
      const next = start + captured
      if (next > end) break
      const seconds = view.getUint32(at, littleEndian)
      const nanoseconds = view.getUint32(at + 4, littleEndian) * unit
      record.number++
      record.offset = origin + at
      record.start = start
      record.end = next
      record.wireLength = original
      // A fraction of a second or more is wrong, but its sum is clear.
      const carry = nanoseconds < 1e9 ? 0 : Math.floor(nanoseconds / 1e9)
      record.seconds = seconds + carry
      record.nanoseconds = nanoseconds - carry * 1e9
      sink.record(record)
      at = next
    }
    if (last && at < end) this.#cut(block, at)
    return at
  }

  /** The file ends inside a record: cut off, or a length that lies and sound records behind it. */
  #cut(block: Block, at: number): void {
    const { record } = this.tally
    const { recordHeader } = this.header
    const held = block.end - at
    const whole =
      held < recordHeader ? recordHeader : recordHeader + capturedLength(this.header, block.view, at)
    const part = held < recordHeader ? 'header' : 'data'
    const fault: Fault = { what: 'record-cut', part, record: record.number + 1, missing: whole - held }
    this.#damaged({ fault, byte: block.origin + at })
  }

  /** Takes note of a record at file offset `byte` that claims more than is possible; the next read searches on. */
  tooLong(captured: number, byte: number): void {
    const record = this.tally.record.number + 1
    const fault: Fault = { what: 'record-too-long', record, claimed: captured, most: this.header.longest }
    this.#damaged({ fault, byte })
  }

  #damaged(pending: Pending): void {
    this.#pending = pending
    if (this.tally.strict) this.#giveUp(pending)
  }

  #giveUp({ fault, byte }: Pending, beyond?: Beyond): void {
    this.tally.damaged(fault, byte, beyond)
    this.stopped = true
  }

  /** Looks for the next record; ends with nothing pending when one is found. */
  #search(block: Block, at: number): number {
    const pending = this.#pending
    if (pending === null || this.stopped) return at
    // The damaged header itself is no candidate.
    const from = Math.max(at, pending.byte + 1 - block.origin)
    const found: Finding = findRecord(this.header, block, from, this.tally.record)
    const far = block.origin + found.at - pending.byte
    const isCut = pending.fault.what === 'record-cut'
    if (found.record) {
      this.#pending = null
      // A record that was only cut off has nothing behind it.
      const fault: Fault = isCut
        ? { what: 'record-damaged', record: this.tally.record.number + 1 }
        : pending.fault
      this.tally.damaged(fault, pending.byte, far)
    } else if (block.last || far > SEARCH_LIMIT) {
      this.#giveUp(pending, isCut ? undefined : 'no-record')
    }
    return found.at
  }
}
