/**
 * Packets in capture order, sixteen words each: what a replay has to know of them.
 *
 * In: decoded packets. Out: {@link Segment}s as `toSegment()` makes them. Pages are let go from the front, once their
 * packets are told. What says more than fits (text on a SYN, odd flags) is kept whole, beside.
 */
import type { CaptureRecord } from '../capture/record.js'
import { copyOf, type End, type Epoch, type Segment, toSegment } from '../flow/segment.js'
import { synChecksum, tcpChecksum } from '../wire/checksum.js'
import { ACK, FIN, type PacketView, RST, SYN } from '../wire/packet.js'
import type { Columns } from './columns.js'
import { fitsWord } from './opening.js'

/** Counted over all captures. */
export const NUMBER = 0
export const SECONDS = 1
export const NANOSECONDS = 2
export const SEQ = 3
export const ACKED = 4
/** Of a SYN, which has no payload here: what its options say, see {@link synWord}. */
const LENGTH = 5
/** Flags below, then the bits that follow; the window above. */
const SAYS = 6
export const TS_VAL = 7
export const TS_ECR = 8
export const IP_ID = 9
/** Number of the interface, and the TTL in its lowest octet. */
export const INTERFACE = 10
export const CAPTURE_FLAGS = 11
export const WIRE_LENGTH = 12
export const CONVERSATION = 13
/** The next packet of its conversation: its place here plus one; 0: none so far. */
const NEXT = 14
/** What `RowLog` makes of it; 0 before. */
export const KIND = 15
export const WORDS = 16

const FROM_SERVER = 1 << 8
const TIMESTAMPS = 1 << 9
const OPTIONS = 1 << 10
const SACK_PERMITTED = 1 << 11
/** It is kept whole, beside. */
const WHOLE = 1 << 12
/** Its SACK blocks lie in the place behind it, which is no packet's: how many, then their edges. */
const SACKED = 1 << 13
const COUNT = 0
const EDGES = 1
const WINDOW_SHIFT = 16

/** Packets a page: a page is one MiB. */
const SHIFT = 14
export const MASK = (1 << SHIFT) - 1

const NONE: readonly never[] = []

/** Not all of it fits into the words. */
const saysMore = (view: PacketView, { seconds, wireLength, iface }: CaptureRecord): boolean =>
  view.flags > 0xff ||
  view.fastOpen >= 0 ||
  ((view.flags & SYN) === 0
    ? view.mss >= 0 || view.windowScale >= 0
    : view.length > 0 || view.sackBlocks > 0) ||
  !fitsWord(seconds) ||
  (wireLength | 0) !== wireLength ||
  iface.id > MOST_INTERFACES

const MOST_INTERFACES = 0x7f_ffff

const CHECKSUMS: readonly Segment['checksum'][] = ['unknown', 'good', 'bad', 'partial']
const SCALE_SHIFT = 17
const CHECKSUM_SHIFT = 26

/** The MSS plus one, the window scale plus one, the number of the checksum's verdict. */
const synWord = (view: PacketView): number =>
  (view.mss + 1) |
  ((view.windowScale + 1) << SCALE_SHIFT) |
  (CHECKSUMS.indexOf(tcpChecksum(view)) << CHECKSUM_SHIFT)
const mssIn = (word: number): number => (word & 0x1_ffff) - 1
const scaleIn = (word: number): number => ((word >>> SCALE_SHIFT) & 0x1ff) - 1
const checksumIn = (word: number): Segment['checksum'] => CHECKSUMS[word >>> CHECKSUM_SHIFT] ?? 'unknown'

/** How packets are numbered over all captures: `PlainFlows` knows. */
export interface Frames {
  readonly several: boolean
  numberAt(packet: number, capture: number): number
  captureOf(number: number): number
  frameOf(number: number): { readonly packet: number; readonly capture: number }
}

export class PacketLog {
  /** Places are counted from 0 over the whole capture: those from `begin` to `end` are held. */
  end = 0
  #begin = 0
  /** Below this nothing is kept whole. */
  #told = 0
  readonly #pages: (Int32Array | undefined)[] = []
  /** The page that packets are added to. */
  #last: Int32Array = new Int32Array(0)
  readonly #free: Int32Array[] = []
  /** By place. */
  readonly #whole = new Map<number, Segment>()

  constructor(
    private readonly epoch: Epoch,
    protected readonly frames: Frames,
  ) {}

  /** Takes a packet of `conversation`, and gives its place. */
  push(view: PacketView, record: CaptureRecord, capture: number, conversation: number, from: End): number {
    const place = this.#add()
    const page = this.#last
    const at = (place & MASK) * WORDS
    page[at + NUMBER] = this.frames.numberAt(record.number, capture)
    page[at + SECONDS] = record.seconds | 0
    page[at + NANOSECONDS] = record.nanoseconds
    page[at + SEQ] = view.seq
    page[at + ACKED] = view.ack
    const isWhole = saysMore(view, record)
    const isSyn = (view.flags & SYN) !== 0
    const isSacked = view.sackBlocks > 0 && !isWhole
    page[at + LENGTH] = isSyn && !isWhole ? synWord(view) : view.length
    page[at + SAYS] =
      view.flags |
      (isWhole ? WHOLE : 0) |
      (from === 0 ? 0 : FROM_SERVER) |
      (view.hasTimestamps ? TIMESTAMPS : 0) |
      (view.hasOptions ? OPTIONS : 0) |
      (view.sackPermitted ? SACK_PERMITTED : 0) |
      (isSacked ? SACKED : 0) |
      (view.window << WINDOW_SHIFT)
    page[at + TS_VAL] = view.tsVal
    page[at + TS_ECR] = view.tsEcr
    page[at + IP_ID] = view.ipId
    page[at + INTERFACE] = (record.iface.id << 8) | view.ttl
    page[at + CAPTURE_FLAGS] = record.flags
    page[at + WIRE_LENGTH] = record.wireLength
    page[at + CONVERSATION] = conversation
    page[at + NEXT] = 0
    page[at + KIND] = 0
    if (isSacked) this.#addBlocks(view)
    else if (isWhole) {
      const segment = toSegment(view, record, capture, this.epoch, from, synChecksum(view))
      this.#whole.set(place, segment)
    }
    return place
  }

  /** Its conversation goes on at `next`. */
  link(place: number, next: number): void {
    this.page(place)[(place & MASK) * WORDS + NEXT] = next + 1
  }

  /** The place of the next packet of the same conversation, or -1. */
  next(place: number): number {
    return this.word(place, NEXT) - 1
  }

  conversation(place: number): number {
    return this.word(place, CONVERSATION)
  }

  /** The packet's number over all captures. */
  number(place: number): number {
    return this.word(place, NUMBER)
  }

  /** The place of the packet that was added next. */
  behind(place: number): number {
    return place + ((this.word(place, SAYS) & SACKED) === 0 ? 1 : 2)
  }

  captured(place: number): Pick<Segment, 'packet' | 'capture'> {
    return this.frames.frameOf(this.word(place, NUMBER))
  }

  segment(place: number): Segment {
    const whole = this.#whole.get(place)
    if (whole !== undefined) return copyOf(whole)
    const page = this.page(place)
    const at = (place & MASK) * WORDS
    const word = (which: number): number => page[at + which] as number
    const says = word(SAYS)
    const flags = says & 0xff
    const seq = word(SEQ) >>> 0
    const seconds = word(SECONDS) >>> 0
    const nanoseconds = word(NANOSECONDS)
    const syn = (flags & SYN) !== 0
    const len = syn ? 0 : word(LENGTH)
    const options = syn ? word(LENGTH) : 0
    const fin = (flags & FIN) !== 0
    const { packet, capture } = this.captured(place)
    return {
      packet,
      capture,
      iface: word(INTERFACE) >>> 8,
      seconds,
      nanoseconds,
      at: seconds - this.epoch.seconds + (nanoseconds - this.epoch.nanoseconds) / 1e9,
      from: (says & FROM_SERVER) === 0 ? 0 : 1,
      flags,
      syn,
      fin,
      rst: (flags & RST) !== 0,
      ackBit: (flags & ACK) !== 0,
      seq,
      ack: word(ACKED) >>> 0,
      len,
      end: (seq + len + (syn ? 1 : 0) + (fin ? 1 : 0)) >>> 0,
      window: says >>> WINDOW_SHIFT,
      ttl: word(INTERFACE) & 0xff,
      ipId: word(IP_ID),
      mss: mssIn(options),
      windowScale: scaleIn(options),
      sackPermitted: (says & SACK_PERMITTED) !== 0,
      sack: (says & SACKED) === 0 ? NONE : this.#blocks(place + 1),
      hasTimestamps: (says & TIMESTAMPS) !== 0,
      tsVal: word(TS_VAL) >>> 0,
      tsEcr: word(TS_ECR) >>> 0,
      fastOpen: -1,
      hasOptions: (says & OPTIONS) !== 0,
      captureFlags: word(CAPTURE_FLAGS),
      wireLength: word(WIRE_LENGTH),
      checksum: checksumIn(options),
    }
  }

  /** All packets of a conversation, from `place` on. */
  read(place: number, into: Columns): void {
    into.count = 0
    for (let from = place; from >= 0; from = this.next(from)) {
      const row = into.add()
      const page = this.page(from)
      const at = (from & MASK) * WORDS
      const says = page[at + SAYS] as number
      const flags = says & 0xff
      const seq = page[at + SEQ] as number
      const len = lengthIn(page, at)
      into.place[row] = from
      into.at[row] = this.atIn(page, at)
      into.from[row] = (says & FROM_SERVER) === 0 ? 0 : 1
      into.flags[row] = flags
      into.seq[row] = seq
      into.ack[row] = page[at + ACKED] as number
      into.len[row] = len
      into.end[row] = seq + len + ((flags & SYN) === 0 ? 0 : 1) + ((flags & FIN) === 0 ? 0 : 1)
      into.window[row] = says >>> WINDOW_SHIFT
      into.ipId[row] = page[at + IP_ID] as number
      into.stamped[row] = (says & TIMESTAMPS) === 0 ? 0 : 1
      into.tsVal[row] = page[at + TS_VAL] as number
      into.tsEcr[row] = page[at + TS_ECR] as number
    }
  }

  /** Nobody asks for places below `place` any more. */
  letGo(place: number): void {
    if (this.#whole.size === 0) this.#told = Math.max(this.#told, place)
    for (; this.#told < place; this.#told++)
      if ((this.word(this.#told, SAYS) & WHOLE) !== 0) this.#whole.delete(this.#told)
    for (; this.#begin + MASK < place; this.#begin += MASK + 1) {
      const page = this.#pages[this.#begin >>> SHIFT]
      if (page !== undefined) this.#free.push(page)
      this.#pages[this.#begin >>> SHIFT] = undefined
    }
  }

  #addBlocks({ sack, sackBlocks }: PacketView): void {
    const at = (this.#add() & MASK) * WORDS
    const page = this.#last
    page[at + COUNT] = sackBlocks
    for (let edge = 0; edge < 2 * sackBlocks; edge++) page[at + EDGES + edge] = sack[edge] as number
  }

  #blocks(place: number): Segment['sack'] {
    const edge = (n: number): number => this.word(place, EDGES + n) >>> 0
    return Array.from({ length: this.word(place, COUNT) }, (_, n): [number, number] => [
      edge(2 * n),
      edge(2 * n + 1),
    ])
  }

  /** Room for one more: its place. */
  #add(): number {
    const place = this.end++
    if ((place & MASK) === 0) {
      this.#last = this.#free.pop() ?? new Int32Array(WORDS << SHIFT)
      this.#pages[place >>> SHIFT] = this.#last
    }
    return place
  }
  protected atIn(page: Int32Array, at: number): number {
    const seconds = (page[at + SECONDS] as number) >>> 0
    return seconds - this.epoch.seconds + ((page[at + NANOSECONDS] as number) - this.epoch.nanoseconds) / 1e9
  }
  protected page(place: number): Int32Array {
    return this.#pages[place >>> SHIFT] as Int32Array
  }
  protected word(place: number, which: number): number {
    return this.page(place)[(place & MASK) * WORDS + which] as number
  }
}

/** Payload of the packet whose words begin at `at`, of those that are not kept whole. */
export const lengthIn = (page: Int32Array, at: number): number =>
  ((page[at + SAYS] as number) & SYN) === 0 ? (page[at + LENGTH] as number) : 0
