/**
 * Packets of a pcapng file: Enhanced (section 4.3), Simple (4.4) and the obsolete Packet Block (appendix A).
 *
 * In: one whole block. Out: one call of the sink. A block whose inner lengths can't be costs only itself.
 */
import type { Fault } from '../faults.js'
import type { PcapngInterface } from './pcapng-interface.js'
import { eachOption, OPT_COMMENT, textAt, uint64At } from './pcapng-options.js'
import type { Block } from './pump.js'
import { NO_COMMENTS, type Tally } from './tally.js'

/** `epb_flags`, and `pack_flags` of the obsolete block. */
const EPB_FLAGS = 2
const EPB_DROPCOUNT = 4
/** What the obsolete block's drop count is when nobody counted. */
const DROPS_UNKNOWN = 0xffff

/** Reads blocks of one section. Each method takes a whole block `[at, end)` and returns what is wrong, or null. */
export class PcapngPackets {
  constructor(
    private readonly tally: Tally,
    private readonly littleEndian: boolean,
    private readonly interfaces: readonly PcapngInterface[],
  ) {}

  enhanced(block: Block, at: number, end: number): Fault | null {
    const { view } = block
    const le = this.littleEndian
    if (end - at < 32) return { what: 'packet-short', after: this.tally.record.number }
    const id = view.getUint32(at + 8, le)
    const high = view.getUint32(at + 12, le)
    const low = view.getUint32(at + 16, le)
    this.tally.record.drops = 0
    return this.#deliver(block, at + 20, end - 4, id, high, low)
  }

  obsolete(block: Block, at: number, end: number): Fault | null {
    const { view } = block
    const le = this.littleEndian
    if (end - at < 32) return { what: 'packet-short', after: this.tally.record.number }
    const id = view.getUint16(at + 8, le)
    const drops = view.getUint16(at + 10, le)
    const high = view.getUint32(at + 12, le)
    const low = view.getUint32(at + 16, le)
    this.tally.record.drops = drops === DROPS_UNKNOWN ? 0 : drops
    return this.#deliver(block, at + 20, end - 4, id, high, low)
  }

  /** Carries no time and no captured length: the time is that of the record before, or 0. */
  simple(block: Block, at: number, end: number): Fault | null {
    if (end - at < 16) return { what: 'packet-short', after: this.tally.record.number }
    const { record, sink } = this.tally
    const from = this.interfaces[0]
    const after = record.number
    if (from === undefined) return { what: 'packet-no-interface', after }
    const original = block.view.getUint32(at + 8, this.littleEndian)
    const snap = from.iface.snapLength
    const captured = snap > 0 && snap < original ? snap : original
    if (captured > end - 4 - (at + 12))
      return { what: 'packet-beyond', after, claimed: captured, has: end - at, of: 'block' }
    record.number++
    record.bytes = block.bytes
    record.start = at + 12
    record.end = at + 12 + captured
    record.wireLength = original
    record.iface = from.iface
    record.flags = 0
    record.drops = 0
    record.comments = NO_COMMENTS
    sink.record(record)
    return null
  }

  /** The part that both blocks with a time share: lengths at `at`, then the packet, then options up to `end`. */
  #deliver(block: Block, at: number, end: number, id: number, high: number, low: number): Fault | null {
    const from = this.interfaces[id]
    const after = this.tally.record.number
    if (from === undefined)
      return { what: 'packet-interface', after, named: id, there: this.interfaces.length }
    const { view } = block
    const captured = view.getUint32(at, this.littleEndian)
    const start = at + 8
    if (captured > end - start)
      return { what: 'packet-beyond', after, claimed: captured, has: end - start, of: 'space' }
    if (captured > from.longest)
      return { what: 'packet-too-long', after, claimed: captured, most: from.longest }
    const { record, sink } = this.tally
    record.number++
    record.bytes = block.bytes
    record.start = start
    record.end = start + captured
    record.wireLength = view.getUint32(at + 4, this.littleEndian)
    record.iface = from.iface
    from.clock(high, low, record)
    record.flags = 0
    record.comments = NO_COMMENTS
    const options = start + ((captured + 3) & ~3)
    if (end - options >= 4) this.#options(block, options, end)
    sink.record(record)
    return null
  }

  #options(block: Block, at: number, end: number): void {
    const { record } = this.tally
    const le = this.littleEndian
    let comments: string[] | null = null
    eachOption(block, le, at, end, (code, start, length) => {
      if (code === OPT_COMMENT) {
        comments ??= []
        comments.push(textAt(block, start, length))
      } else if (code === EPB_FLAGS && length >= 4) {
        record.flags = block.view.getUint32(start, le)
      } else if (code === EPB_DROPCOUNT && length >= 8) {
        record.drops = uint64At(block, le, start)
      }
    })
    if (comments !== null) record.comments = comments
  }
}
