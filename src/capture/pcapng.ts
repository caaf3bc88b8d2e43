/**
 * pcapng (draft-ietf-opsawg-pcapng, commit 449ae73): sections and the frame of every block.
 *
 * In: bytes. Out: records, names, comments and losses, in the order of the file. A block that is wrong inside
 * costs only itself; when its two lengths differ the next sound block is looked for.
 */
import type { Beyond, Fault } from '../faults.js'
import { PcapngBlocks, unknownVersion } from './pcapng-blocks.js'
import { byteOrderAt, findBlock, SECTION, SHORTEST_BLOCK } from './pcapng-search.js'
import { type Block, type RecordReader, viewOf } from './pump.js'
import { CaptureError } from './record.js'
import type { Tally } from './tally.js'

/** Longest block that is held whole, in bytes: the longest packet to believe and its options. */
const LONGEST_BLOCK = 16 * 1024 * 1024 + 256 * 1024
/** How far to look for the next sound block behind a damaged one, in bytes. */
const SEARCH_LIMIT = 16 * 1024 * 1024

/** Shortest section header, in bytes. */
const SECTION_LENGTH = 28

/** Damage whose line waits until it is known how reading goes on. `byte`: where the block begins in the file. */
interface Pending {
  readonly fault: Fault
  readonly byte: number
}

export class Pcapng implements RecordReader {
  stopped = false
  /** Index in the present block of bytes of what comes next. */
  #at = 0
  #littleEndian = true
  readonly #blocks: PcapngBlocks
  #pending: Pending | null = null
  /** A long block that nobody reads is passed over without holding it. Offsets in the file. */
  #skip: { readonly from: number; readonly trailer: number; readonly length: number } | null = null

  constructor(private readonly tally: Tally) {
    this.#blocks = new PcapngBlocks(tally)
  }

  read(bytes: Block): number {
    this.#at = bytes.start
    while (!this.stopped && this.#step(bytes));
    return this.#at
  }

  /** One step forward; false when it takes more bytes. */
  #step(bytes: Block): boolean {
    if (this.#pending !== null) return this.#search(bytes, this.#pending)
    const moved = this.#skip === null ? this.#block(bytes) : this.#pass(bytes, this.#skip)
    if (moved || !bytes.last) return moved
    const whole = this.#at === bytes.end && this.#skip === null
    return whole ? false : this.#cut(bytes)
  }

  #block(bytes: Block): boolean {
    const { view, end, origin } = bytes
    const at = this.#at
    if (end - at < SHORTEST_BLOCK) return false
    const section = view.getUint32(at, true) === SECTION
    const order = section ? byteOrderAt(view, at) : this.#littleEndian
    if (order === null) return this.#damaged({ what: 'block-no-order', after: this.#after }, origin + at)
    const type = view.getUint32(at, order)
    const length = view.getUint32(at + 4, order)
    const tooLong = length > LONGEST_BLOCK && this.#blocks.reads(type)
    if (length < SHORTEST_BLOCK || length % 4 !== 0 || tooLong) {
      const what = tooLong ? 'block-too-long' : 'block-length'
      return this.#damaged({ what, type, claimed: length, after: this.#after }, origin + at)
    }
    const next = at + length
    if (next > end) {
      if (length > LONGEST_BLOCK) {
        this.#skip = { from: origin + at, trailer: origin + next - 4, length }
        this.tally.sink.passedOver?.(type, length)
        this.#at = end
      }
      return length > LONGEST_BLOCK
    }
    const trailer = view.getUint32(next - 4, order)
    if (trailer !== length) return this.#differ(length, trailer, origin + at)
    this.#littleEndian = order
    this.#at = next
    const problem = this.#blocks.take(bytes, order, type, at, next)
    if (problem !== null) this.#problem(problem, origin + at)
    else this.tally.sink.block?.({ bytes: bytes.bytes, start: at, end: next, type, littleEndian: order })
    return true
  }

  /** A block that is wrong inside: the frame is sound, so reading goes on behind it. */
  #problem(fault: Fault, byte: number): void {
    this.tally.damaged(fault, byte)
    this.stopped = this.tally.strict || this.#blocks.hopeless
  }

  /** Moves towards the end of a block that is passed over. */
  #pass(bytes: Block, { from, trailer, length }: { from: number; trailer: number; length: number }): boolean {
    const { view, end, origin } = bytes
    const at = trailer - origin
    this.#at = Math.min(at, end)
    if (end - at < 4) return false
    this.#skip = null
    const found = view.getUint32(at, this.#littleEndian)
    if (found !== length) return this.#differ(length, found, from)
    this.#at = at + 4
    return true
  }

  #differ(length: number, trailer: number, byte: number): boolean {
    return this.#damaged({ what: 'block-differs', start: length, end: trailer, after: this.#after }, byte)
  }

  /** The file ends inside a block: cut off, or a length that lies and sound blocks behind it. */
  #cut({ view, end, origin }: Block): boolean {
    const at = this.#at
    const from = this.#skip?.from ?? origin + at
    const held = origin + end - from
    const length =
      this.#skip?.length ?? (held < 8 ? SHORTEST_BLOCK : view.getUint32(at + 4, this.#littleEndian))
    const missing = length - held
    this.#skip = null
    return this.#damaged({ what: 'block-cut', missing, after: this.#after }, from)
  }

  /** The last record before damage; 0 for none. */
  get #after(): number {
    return this.tally.record.number
  }

  #damaged(fault: Fault, byte: number): boolean {
    this.#pending = { fault, byte }
    if (this.tally.strict) this.#giveUp(this.#pending)
    return true
  }

  #giveUp({ fault, byte }: Pending, beyond?: Beyond): void {
    this.tally.damaged(fault, byte, beyond)
    this.stopped = true
  }

  /** Looks for the next sound block; nothing is pending any more when one is found. */
  #search(bytes: Block, pending: Pending): boolean {
    // The damaged block itself is no candidate.
    const from = Math.max(this.#at, pending.byte + 1 - bytes.origin)
    const found = findBlock(bytes, from, this.#littleEndian)
    this.#at = found.at
    const far = bytes.origin + found.at - pending.byte
    const isCut = pending.fault.what === 'block-cut'
    if (found.block) {
      this.#pending = null
      this.tally.damaged(isCut ? { what: 'block-beyond' } : pending.fault, pending.byte, far)
    } else if (bytes.last || far > SEARCH_LIMIT) {
      this.#giveUp(pending, isCut ? undefined : 'no-block')
    }
    return found.block
  }
}

/** Throws when a file that begins with these bytes can't be read at all. */
export function checkFirstSection(file: string, head: Uint8Array): void {
  if (head.length < SECTION_LENGTH) {
    const missing = SECTION_LENGTH - head.length
    throw new CaptureError(file, { what: 'header-cut', missing }, 0)
  }
  const view = viewOf(head)
  const littleEndian = byteOrderAt(view, 0)
  if (littleEndian === null) {
    throw new CaptureError(file, { what: 'no-byte-order' }, 8)
  }
  const unknown = unknownVersion(view, 0, littleEndian)
  if (unknown !== null) throw new CaptureError(file, unknown, 12)
}
