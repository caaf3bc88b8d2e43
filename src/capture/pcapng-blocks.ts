/**
 * What the blocks of a pcapng file say, by their type; types not listed here say nothing to us.
 *
 * In: whole blocks, in order. Out: records, names, comments and losses; or what is wrong with a block.
 */
import type { Fault } from '../faults.js'
import { type PcapngInterface, readInterface, readStatistics } from './pcapng-interface.js'
import { readNames } from './pcapng-names.js'
import { readComments } from './pcapng-options.js'
import { PcapngPackets } from './pcapng-packet.js'
import { SECTION } from './pcapng-search.js'
import type { Block } from './pump.js'
import type { Tally } from './tally.js'

const INTERFACE = 1
const OBSOLETE_PACKET = 2
const SIMPLE_PACKET = 3
const NAMES = 4
const STATISTICS = 5
const ENHANCED_PACKET = 6

const READ: ReadonlySet<number> = new Set([
  SECTION,
  INTERFACE,
  OBSOLETE_PACKET,
  SIMPLE_PACKET,
  NAMES,
  STATISTICS,
  ENHANCED_PACKET,
])

/** More interfaces in one section than this are no capture any more. */
const MOST_INTERFACES = 65_536

export class PcapngBlocks {
  /** The rest of the file can't be understood. */
  hopeless = false
  #interfaces: PcapngInterface[] = []
  #packets: PcapngPackets
  /** Over all sections. */
  #interfaceCount = 0

  constructor(private readonly tally: Tally) {
    this.#packets = new PcapngPackets(tally, true, this.#interfaces)
  }

  /** Whether {@link take} makes use of blocks of this type. */
  reads(type: number): boolean {
    return READ.has(type)
  }

  /** Takes the block `[at, end)`, whose frame is sound. */
  take(bytes: Block, littleEndian: boolean, type: number, at: number, end: number): Fault | null {
    switch (type) {
      case ENHANCED_PACKET:
        return this.#packets.enhanced(bytes, at, end)
      case SIMPLE_PACKET:
        return this.#packets.simple(bytes, at, end)
      case OBSOLETE_PACKET:
        return this.#packets.obsolete(bytes, at, end)
      case SECTION:
        return this.#section(bytes, littleEndian, at, end)
      case INTERFACE:
        return this.#interface(bytes, littleEndian, at, end)
      case STATISTICS:
        return this.#statistics(bytes, littleEndian, at, end)
      case NAMES:
        readNames(bytes, littleEndian, at, end, this.tally.sink)
        return null
      default:
        return null
    }
  }

  #section(bytes: Block, littleEndian: boolean, at: number, end: number): Fault | null {
    if (end - at < 28) return { what: 'section-short' }
    const unknown = unknownVersion(bytes.view, at, littleEndian)
    if (unknown !== null) {
      this.hopeless = true
      return unknown
    }
    this.#interfaces = []
    this.#packets = new PcapngPackets(this.tally, littleEndian, this.#interfaces)
    readComments(bytes, littleEndian, at + 24, end - 4, this.tally.sink)
    return null
  }

  #interface(bytes: Block, littleEndian: boolean, at: number, end: number): Fault | null {
    if (end - at < 20) return { what: 'interface-short' }
    if (this.#interfaces.length === MOST_INTERFACES) {
      this.hopeless = true
      return { what: 'interfaces-many', most: MOST_INTERFACES }
    }
    const id = this.#interfaceCount++
    this.#interfaces.push(readInterface(bytes, littleEndian, at, end, id, this.tally.sink))
    return null
  }

  #statistics(bytes: Block, littleEndian: boolean, at: number, end: number): Fault | null {
    if (end - at < 24) return { what: 'statistics-short' }
    const id = bytes.view.getUint32(at + 8, littleEndian)
    const of = this.#interfaces[id]
    if (of === undefined) return { what: 'statistics-interface', named: id, there: this.#interfaces.length }
    readStatistics(bytes, littleEndian, at, end, of, this.tally.sink)
    return null
  }
}

/**
 * What is wrong with the version in the section header at `at`, or null. Some programs wrote 1.2 for 1.0; in any other
 * version blocks may have another layout (section 4.1).
 */
export function unknownVersion(view: DataView, at: number, littleEndian: boolean): Fault | null {
  const major = view.getUint16(at + 12, littleEndian)
  const minor = view.getUint16(at + 14, littleEndian)
  const known = major === 1 && (minor === 0 || minor === 2)
  return known ? null : { what: 'version', format: 'pcapng', major, minor }
}
