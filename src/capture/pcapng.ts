/**
 * pcapng (draft-ietf-opsawg-pcapng, commit 449ae73): sections and the frame of every block.
 *
 * In: bytes. Out: records, names, comments and losses, in the order of the file. A block that is wrong inside
 * costs only itself; when its two lengths differ the next sound block is looked for.
 */
import { PcapngBlocks, unknownVersion } from './pcapng-blocks.js'
import { byteOrderAt, findBlock, SECTION, SHORTEST_BLOCK } from './pcapng-search.js'
import { type Block, type RecordReader, viewOf } from './pump.js'
import { CaptureError } from './record.js'
import { bytesOf, type Tally } from './tally.js'

/** Longest block that is held whole, in bytes: the longest packet to believe and its options. */
const LONGEST_BLOCK = 16 * 1024 * 1024 + 256 * 1024
/** How far to look for the next sound block behind a damaged one, in bytes. */
const SEARCH_LIMIT = 16 * 1024 * 1024

/** Shortest section header, in bytes. */
const SECTION_LENGTH = 28

/** Damage whose line waits until it is known how reading goes on. `byte`: where the block begins in the file. */
interface Pending {
  readonly code: string
  readonly detail: string
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
    if (order === null) return this.#damaged('bad-block', 'a section header without byte order', origin + at)
    const type = view.getUint32(at, order)
    const length = view.getUint32(at + 4, order)
    const tooLong = length > LONGEST_BLOCK && this.#blocks.reads(type)
    if (length < SHORTEST_BLOCK || length % 4 !== 0 || tooLong) {
      const code = tooLong ? 'record-too-long' : 'bad-block'
      return this.#damaged(code, `a block of type ${type} claims ${length} bytes`, origin + at)
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
    if (problem !== null) this.#problem(problem.code, problem.detail, origin + at)
    else this.tally.sink.block?.({ bytes: bytes.bytes, start: at, end: next, type, littleEndian: order })
    return true
  }

  /** A block that is wrong inside: the frame is sound, so reading goes on behind it. */
  #problem(code: string, detail: string, byte: number): void {
    this.tally.damaged(code, detail, byte)
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
    return this.#damaged(
      'bad-block',
      `a block says ${length} bytes at its start and ${trailer} at its end`,
      byte,
    )
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
    return this.#damaged('cut-short', `cut short in a block: ${bytesOf(missing)} missing`, from)
  }

  #damaged(code: string, detail: string, byte: number): boolean {
    const after = this.tally.record.number
    const where = after === 0 ? 'before the first record' : `after record ${after}`
    this.#pending = { code, detail: `${detail}, ${where}`, byte }
    if (this.tally.strict) this.#giveUp(this.#pending, '')
    return true
  }

  #giveUp({ code, detail, byte }: Pending, more: string): void {
    this.tally.damaged(code, detail + more, byte)
    this.stopped = true
  }

  /** Looks for the next sound block; nothing is pending any more when one is found. */
  #search(bytes: Block, pending: Pending): boolean {
    // The damaged block itself is no candidate.
    const from = Math.max(this.#at, pending.byte + 1 - bytes.origin)
    const found = findBlock(bytes, from, this.#littleEndian)
    this.#at = found.at
    const far = bytes.origin + found.at - pending.byte
    const cut = pending.code === 'cut-short'
    if (found.block) {
      this.#pending = null
      const gap = `; reading went on ${bytesOf(far)} later`
      if (cut)
        this.tally.damaged('bad-block', `a block claims more bytes than the file has${gap}`, pending.byte)
      else this.tally.damaged(pending.code, pending.detail + gap, pending.byte)
    } else if (bytes.last || far > SEARCH_LIMIT) {
      this.#giveUp(pending, cut ? '' : '; no sound block was found behind it')
    }
    return found.block
  }
}

/** Throws when a file that begins with these bytes can't be read at all. */
export function checkFirstSection(file: string, head: Uint8Array): void {
  if (head.length < SECTION_LENGTH) {
    const missing = SECTION_LENGTH - head.length
    throw new CaptureError(file, 'cut-short', `cut short in the file header: ${bytesOf(missing)} missing`, 0)
  }
  const view = viewOf(head)
  const littleEndian = byteOrderAt(view, 0)
  if (littleEndian === null) {
    throw new CaptureError(file, 'not-a-capture', 'not a capture: a pcapng section without byte order', 8)
  }
  const unknown = unknownVersion(view, 0, littleEndian)
  if (unknown !== null) throw new CaptureError(file, 'unknown-version', unknown, 12)
}
