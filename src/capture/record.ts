/**
 * What every reader hands on: one record of a capture at a time, in the order of the file.
 *
 * In: nothing. Out: the types between `capture/` and the rest. No protocol is known here.
 */

import { type Beyond, type Fault, faultCode, faultLine, fileFault, type PlacedFault } from '../faults.js'
import { ENGLISH_FAULTS } from '../faults-english.js'

/** The interface a record was captured on: pcap has one for the whole file, pcapng one per Interface Description Block. */
export interface CaptureInterface {
  /** Index over the whole capture, counted over all sections of a pcapng file, from 0. */
  readonly id: number
  /** LINKTYPE_ value without the high bits that pcap uses for the frame check sequence. */
  readonly linkType: number
  /** Where in the (decompressed) file that stands, in bytes. */
  readonly linkTypeAt: number
  /** Longest captured length the writer promised, in bytes; 0 when it promised none. */
  readonly snapLength: number
  /** Length in bytes of the frame check sequence at the end of each packet; 0 when none is captured. */
  readonly fcsLength: number
}

/**
 * One record. A reader reuses the same object and the same bytes for every record, so both are valid only
 * during the call of {@link RecordSink.record}; copy what must live longer.
 */
export interface CaptureRecord {
  /** Frame number within its capture file, from 1, as Wireshark counts: packets of every kind count. */
  number: number
  /** Where it begins in the (decompressed) file, in bytes; -1: that is not enough to read it again, as in pcapng. */
  offset: number
  /** The buffer the packet lies in; the packet is `bytes[start, end)`. */
  bytes: Uint8Array
  start: number
  end: number
  /** Length on the wire in bytes; at least `end - start` in a sane file. */
  wireLength: number
  /** Whole seconds since the epoch, and the rest in nanoseconds, 0 to 999,999,999. */
  seconds: number
  nanoseconds: number
  iface: CaptureInterface
  /** `epb_flags` of pcapng, 0 when unknown: bits 0-1 direction (1 in, 2 out), bit 9 checksum not ready, bit 11 segmentation offloaded. */
  flags: number
  /** Packets lost by the capturing system before this one, on this interface (`epb_dropcount`); 0 when unknown. */
  drops: number
  /** `opt_comment` texts, usually the shared empty array. Hostile text. */
  comments: readonly string[]
}

/** One whole block of a pcapng file, `bytes[start, end)`; valid only during the call of {@link RecordSink.block}. */
export interface RawBlock {
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
  readonly type: number
  /** Byte order of its section. */
  readonly littleEndian: boolean
}

/** Where a reader puts what it finds. Everything but `record` is optional. */
export interface RecordSink {
  record(record: CaptureRecord): void
  /**
   * Packets that the capturing system says it lost, from an Interface Statistics Block: those since the
   * interface's block before, so that the calls add up. Never 0.
   */
  lost?(packets: number, iface: CaptureInterface): void
  /** A name for an address, from a Name Resolution Block. Hostile text. */
  name?(address: string, name: string): void
  /** A comment of a section or an interface. Hostile text. */
  comment?(text: string): void
  /** Every sound block of a pcapng file, after what it says was told: for those who copy the file. */
  block?(block: RawBlock): void
  /** A block of more than 16 MiB that says nothing to us was passed over and is in no call of `block`. */
  passedOver?(type: number, length: number): void
  /**
   * Damage at this place of the capture: records between the one before and the one after may be missing.
   * The first one is also {@link CaptureSummary.damage}.
   */
  damage?(error: CaptureError): void
}

/** What a reader tells at the end. */
export interface CaptureSummary {
  /** The file's name as it was asked for, `-` for standard input. */
  readonly file: string
  readonly format: 'pcap' | 'pcap-ns' | 'pcapng'
  readonly compression: 'none' | 'gzip' | 'zstd' | 'lz4'
  readonly records: number
  /** Bytes that were read, decompressed. */
  readonly length: number
  /** Null when the capture was read to its end; else why it was not, with the byte. Records before it were delivered. */
  readonly damage: CaptureError | null
}

/** Why a capture can't be read (on), always with the file's name and, where there is one, the byte. Its message is English. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError'
  /** What it is, exactly: a code with its numbers, for other languages. */
  readonly fault: PlacedFault
  constructor(
    /** The file's name as it was asked for. */
    readonly file: string,
    fault: Fault,
    /** Offset in the (decompressed) file in bytes, or null. */
    readonly byte: number | null,
    beyond?: Beyond,
  ) {
    const placed = { ...fault, byte, ...(beyond === undefined ? {} : { beyond }) }
    super(fileFault(ENGLISH_FAULTS, file, placed))
    this.fault = placed
  }

  /** Stable code, e.g. `not-a-capture`, `cut-short`, `record-too-long`; coarser than {@link fault}. */
  get code(): string {
    return faultCode(this.fault)
  }

  /** One clear line in English, without the file's name. */
  get detail(): string {
    return faultLine(ENGLISH_FAULTS, this.fault, this.fault.beyond)
  }
}
