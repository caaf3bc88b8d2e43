/**
 * Tells before decoding that a packet belongs to no connection that needs the full replay: nearly all packets do not.
 *
 * In: rows of which some are escalated; a record. Out: whether it must be decoded to know. One bit for each hash of an
 * escalated 4-tuple: a bit that stands for another one too only costs a decoding. What is no usual packet passes.
 */
import type { CaptureRecord } from '../capture/record.js'
import { s32, u16 } from '../wire/bytes.js'
import { isUsual } from '../wire/usual.js'
import { addressWord, portsOf } from './address.js'
import { isEscalated, type PlainFlows } from './plain-flows.js'

const ETHERNET = 1
/** Bits for each escalated conversation, and at least so many: few enough for the first-level cache. */
const BITS_EACH = 64
const LEAST_BITS = 1 << 16
const MOST_BITS = 1 << 26

/** Where IPv4 addresses and TCP ports lie in a usual Ethernet frame. */
const ADDRESSES = 26
const PORTS = 34

export class Sieve {
  readonly #bits: Uint8Array
  readonly #mask: number

  constructor(flows: PlainFlows) {
    let bits = LEAST_BITS
    while (bits < BITS_EACH * flows.escalated && bits < MOST_BITS) bits *= 2
    this.#bits = new Uint8Array(bits / 8)
    this.#mask = bits - 1
    for (let conversation = 0; conversation < flows.count; conversation++) {
      const row = flows.look(conversation)
      if (row.version !== 4 || !isEscalated(row)) continue
      const ports = portsOf(row)
      const bit = this.#bit(addressWord(row, false), addressWord(row, true), ports >>> 16, ports)
      const at = bit >>> 3
      this.#bits[at] = (this.#bits[at] as number) | (1 << (bit & 7))
    }
  }

  /** False when it surely belongs to none. */
  lets({ bytes, start, end, iface }: CaptureRecord): boolean {
    if (iface.linkType !== ETHERNET || !isUsual(bytes, start, end - iface.fcsLength)) return true
    const source = s32(bytes, start + ADDRESSES)
    const target = s32(bytes, start + ADDRESSES + 4)
    const bit = this.#bit(source, target, u16(bytes, start + PORTS), u16(bytes, start + PORTS + 2))
    return ((this.#bits[bit >>> 3] as number) & (1 << (bit & 7))) !== 0
  }

  /** The same for both directions. */
  #bit(source: number, target: number, from: number, to: number): number {
    const ports = (from + to) & 0xffff
    const mixed = Math.imul(((source + target) | 0) ^ Math.imul(ports, 0x9e3779b1), 0x85ebca6b)
    return (mixed ^ (mixed >>> 15)) & this.#mask
  }
}
