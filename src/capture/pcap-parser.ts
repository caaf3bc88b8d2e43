/**
 * Classic pcap by way of the package pcap-parser: what comes through a pipe, where packets come one by one.
 *
 * In: blocks of a pcap stream. Out: its records, the same as `pcap-blocks.ts` finds.
 *
 * The package trusts its input, so it is held at arm's length: it is fed synchronously; the file header is
 * checked before and written anew in the one form it knows; every length is checked before it waits for as many
 * bytes; bytes are counted here; and at damage, or a cut, the block reader takes over from that record on.
 */
import { EventEmitter } from 'node:events'
import pcapParser, { type Packet, type PacketHeader } from 'pcap-parser'
import { PcapBlocks } from './pcap-blocks.js'
import { PCAP_HEADER_LENGTH, type PcapHeader } from './pcap-header.js'
import type { Block, RecordReader } from './pump.js'
import type { Tally } from './tally.js'

/** What the package takes its chunks from. Nothing ever waits: chunks are pushed into it. */
class Feed extends EventEmitter {
  pause(): void {}
  resume(): void {}
}

/** Thrown through the package to stop it at a record that can't be. */
const IMPOSSIBLE = Symbol('impossible record')

/** Length in bytes of the record header that the package knows. */
const KNOWN_RECORD_HEADER = 16

export class PcapParserReader implements RecordReader {
  readonly #feed = new Feed()
  /** Offset in the file of the record that is being read or comes next. */
  #at = PCAP_HEADER_LENGTH
  /** Offset in the file up to which the package has been fed. */
  #fed = 0
  /** Offset in the file of the byte that the package waits for. */
  #until = 0
  #takeover: PcapBlocks | null = null

  constructor(
    private readonly header: PcapHeader,
    private readonly tally: Tally,
  ) {
    tally.record.iface = header.iface
    const parser = pcapParser.parse(this.#feed)
    parser.on('packetHeader', (packetHeader) => this.#header(packetHeader))
    parser.on('packet', (packet) => this.#packet(packet))
    // Can't happen with a checked header; without a listener the package would throw it bare.
    parser.on('error', (error) => {
      throw error
    })
  }

  get stopped(): boolean {
    return this.#takeover?.stopped ?? false
  }

  /** Leaves the bytes of an unfinished record where they are, for the block reader if it has to take over. */
  read(block: Block): number {
    const arrived = block.origin + block.end
    // The package copies all that it holds with every chunk, so the rest of a long record goes in at once.
    if (this.#takeover === null && arrived > this.#fed && arrived >= this.#until) this.#push(block)
    if (block.last && this.#at < arrived) this.#takeover ??= this.#blocks()
    if (this.#takeover !== null) return this.#takeover.read(block)
    return Math.min(this.#at, arrived) - block.origin
  }

  #push(block: Block): void {
    // A copy: the package keeps parts of what it is given.
    const chunk = Buffer.from(block.bytes.subarray(this.#fed - block.origin, block.end))
    if (this.#fed === 0) rewriteHeader(chunk, this.header)
    this.#fed = block.origin + block.end
    try {
      this.#feed.emit('data', chunk)
    } catch (error) {
      if (error !== IMPOSSIBLE) throw error
      this.#takeover = this.#blocks()
    }
  }

  #blocks(): PcapBlocks {
    return new PcapBlocks(this.header, this.tally, this.#at)
  }

  #header(header: PacketHeader): void {
    const { lengths, longest, recordHeader } = this.header
    const { capturedLength, originalLength } = header
    if (lengths === 'original-first' || (lengths === 'either' && capturedLength > originalLength)) {
      header.capturedLength = originalLength
      header.originalLength = capturedLength
    }
    if (header.capturedLength > longest) throw IMPOSSIBLE
    // The patched libpcap's longer record header: to the package its rest is part of the data.
    header.capturedLength += recordHeader - KNOWN_RECORD_HEADER
    this.#until = this.#at + KNOWN_RECORD_HEADER + header.capturedLength
  }

  #packet({ header, data }: Packet): void {
    const { record, sink } = this.tally
    const nanoseconds = header.timestampMicroseconds * (this.header.nanoseconds ? 1 : 1000)
    const carry = Math.floor(nanoseconds / 1e9)
    record.number++
    record.offset = this.#at
    record.bytes = data
    record.start = this.header.recordHeader - KNOWN_RECORD_HEADER
    record.end = data.length
    record.wireLength = header.originalLength
    record.seconds = header.timestampSeconds + carry
    record.nanoseconds = nanoseconds - carry * 1e9
    this.#at = this.#until
    sink.record(record)
  }
}

/** The only magic number and version that the package knows; the byte order stays. */
function rewriteHeader(chunk: Buffer, { littleEndian }: PcapHeader): void {
  if (littleEndian) {
    chunk.writeUInt32LE(0xa1b2c3d4, 0)
    chunk.writeUInt32LE(0x0004_0002, 4)
  } else {
    chunk.writeUInt32BE(0xa1b2c3d4, 0)
    chunk.writeUInt32BE(0x0002_0004, 4)
  }
}
