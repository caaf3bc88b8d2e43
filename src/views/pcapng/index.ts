/**
 * The capture once more as pcapng: the same packets, byte for byte and in order, each with the states of both ends
 * as a comment. The only view that reads a capture too, because a report holds no packets.
 *
 * In: a report of one capture, and that capture's file. Out: octets of a pcapng file, piece by piece.
 * pcapng is copied block by block, so that names, statistics and what nobody here understands stay; of a classic
 * pcap every record becomes an Enhanced Packet Block.
 */
import { readCapture } from '../../capture/read.js'
import type { CaptureRecord, RawBlock, RecordSink } from '../../capture/record.js'
import type { Report } from '../../report.js'
import type { Language } from '../../text/table.js'
import type { WrittenWords } from '../../text/written.js'
import { enhancedPacket, interfaceDescription, sectionHeader } from './blocks.js'
import { type Comments, commentsOf } from './comments.js'
import { SECTION, withComments } from './insert.js'

/** "Should not be copied to a new file" when the capture is manipulated (section 4.8). */
const CUSTOM_NOT_TO_COPY = 0x4000_0bad

export interface Written {
  /** Packets in the new file. */
  readonly packets: number
  /** Those with a line of ours. */
  readonly commented: number
  /** Packets of a flow in blocks without a place for a comment (Simple Packet Blocks): copied as they are. */
  readonly withoutPlace: number
  /** Blocks that are not in the new file: too long to hold, or not to be copied into a file of fewer packets. */
  readonly leftOut: number
}

/** The capture's link type has no number in pcapng, so nothing was written. */
export class UnwritableError extends Error {
  override readonly name = 'UnwritableError'
  constructor(readonly linkType: number) {
    super(`link type ${linkType} has no place in pcapng`)
  }
}

export interface WriteOptions {
  /** A file that can be read again; not standard input. */
  readonly input: string
  /** Flows whose packets to write, or null for every packet of the capture. */
  readonly flows: ReadonlySet<number> | null
  readonly language: Language
  readonly words: WrittenWords
}

/** Calls `write` with the pieces of the new file; each is valid only during the call. */
export const writeAnnotated = async (
  report: Report,
  { input, flows, language, words }: WriteOptions,
  write: (bytes: Uint8Array) => void,
): Promise<Written> => {
  const comments = commentsOf(report, flows, language, words)
  const copy = new Copy(report, comments, flows !== null, write)
  await readCapture(input, copy.sink)
  return copy.end()
}

class Copy {
  #packets = 0
  #commented = 0
  #withoutPlace = 0
  #leftOut = 0
  /** The record that the next block holds, when it holds one. */
  #record = 0
  #begun = false
  /** A report tells the format before the first record does. */
  readonly #nanoseconds: boolean
  readonly #pcapng: boolean
  /** A capture may have grown since it was analysed; what nobody looked at is not written. */
  readonly #last: number

  readonly sink: RecordSink = {
    record: (record) => {
      if (this.#pcapng) this.#record = record.number
      else this.#packet(record)
    },
    block: (block) => this.#block(block),
    passedOver: () => {
      this.#leftOut++
    },
  }

  constructor(
    private readonly report: Report,
    private readonly comments: Comments,
    private readonly filtered: boolean,
    private readonly write: (bytes: Uint8Array) => void,
  ) {
    const capture = report.captures[0]
    this.#pcapng = capture?.format === 'pcapng'
    this.#nanoseconds = capture?.format === 'pcap-ns'
    this.#last = capture?.packets ?? 0
  }

  end(): Written {
    // Without a packet it is still a file that opens.
    if (!this.#begun) this.write(this.#header())
    return {
      packets: this.#packets,
      commented: this.#commented,
      withoutPlace: this.#withoutPlace,
      leftOut: this.#leftOut,
    }
  }

  #header(littleEndian = true): Uint8Array {
    return sectionHeader(`bothends ${this.report.version}`, this.comments.section, littleEndian)
  }

  #wanted(packet: number): boolean {
    return packet <= this.#last && (!this.filtered || this.comments.has(packet))
  }

  /** A record of a classic pcap. */
  #packet(record: CaptureRecord): void {
    if (!this.#begun) {
      const description = interfaceDescription(record.iface, this.#nanoseconds)
      if (description === null) throw new UnwritableError(record.iface.linkType)
      this.write(this.#header())
      this.write(description)
      this.#begun = true
    }
    if (!this.#wanted(record.number)) return
    const comment = this.comments.of(record.number)
    this.#packets++
    if (comment !== '') this.#commented++
    this.write(enhancedPacket(record, this.#nanoseconds, comment === '' ? [] : [comment]))
  }

  /** A block of a pcapng file. */
  #block(block: RawBlock): void {
    const packet = this.#record
    this.#record = 0
    // The first section's own header was damaged, so it was left out.
    if (!this.#begun && block.type !== SECTION) {
      this.write(this.#header(block.littleEndian))
      this.#begun = true
    }
    if (packet > 0) this.#packetBlock(block, packet)
    else if (block.type === SECTION) this.#section(block)
    else if (block.type === CUSTOM_NOT_TO_COPY && this.filtered) this.#leftOut++
    else this.write(block.bytes.subarray(block.start, block.end))
  }

  #packetBlock(block: RawBlock, packet: number): void {
    if (!this.#wanted(packet)) return
    this.#packets++
    const comment = this.comments.of(packet)
    const made = comment === '' ? null : withComments(block, [comment])
    if (made !== null) this.#commented++
    else if (comment !== '') this.#withoutPlace++
    this.write(made ?? block.bytes.subarray(block.start, block.end))
  }

  /** What is said once goes into the first section. */
  #section(block: RawBlock): void {
    const made = withComments(block, this.#begun ? [] : this.comments.section)
    this.#begun = true
    this.write(made ?? block.bytes.subarray(block.start, block.end))
  }
}
