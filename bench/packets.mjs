/**
 * Packets of made-up connections, octet by octet, in time order, always the same for the same arguments.
 *
 * In: a sink for records. Out: a classic pcap file, Ethernet and IPv4, written in large pieces; payload is zero.
 */
import { closeSync, openSync, writeSync } from 'node:fs'

const PIECE = 4 << 20
const HEADER = 54
export const FIN = 1
export const SYN = 2
export const RST = 4
export const PSH = 8
export const ACK = 16

/** A small generator of our own (Mulberry32): the same numbers on every machine. */
export function randomFrom(seed) {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export class PcapWriter {
  packets = 0
  bytes = 24
  #buffer = Buffer.alloc(PIECE)
  #at = 24
  #descriptor

  constructor(file) {
    this.#descriptor = openSync(file, 'w')
    const b = this.#buffer
    b.writeUInt32LE(0xa1b2c3d4, 0)
    b.writeUInt16LE(2, 4)
    b.writeUInt16LE(4, 6)
    b.writeUInt32LE(262144, 16)
    b.writeUInt32LE(1, 20)
  }

  /** `at`: microseconds since the capture began. `options`: octets, a multiple of four. */
  packet(at, source, target, sport, dport, flags, seq, ack, length, window, ttl, id, options) {
    const header = HEADER + options.length
    const size = 16 + header + length
    if (this.#at + size > PIECE) this.#flush()
    const b = this.#buffer
    const o = this.#at
    b.fill(0, o, o + size)
    b.writeUInt32LE(1752500000 + Math.floor(at / 1e6), o)
    b.writeUInt32LE(Math.floor(at % 1e6), o + 4)
    b.writeUInt32LE(header + length, o + 8)
    b.writeUInt32LE(header + length, o + 12)
    const ip = o + 16 + 14
    b.writeUInt16BE(0x0800, ip - 2)
    b[ip] = 0x45
    b.writeUInt16BE(header - 14 + length, ip + 2)
    b.writeUInt16BE(id, ip + 4)
    b.writeUInt16BE(0x4000, ip + 6)
    b[ip + 8] = ttl
    b[ip + 9] = 6
    b.writeUInt32BE(source >>> 0, ip + 12)
    b.writeUInt32BE(target >>> 0, ip + 16)
    let sum = 0
    for (let k = 0; k < 20; k += 2) sum += b.readUInt16BE(ip + k)
    sum = (sum & 0xffff) + (sum >>> 16)
    b.writeUInt16BE(~(sum + (sum >>> 16)) & 0xffff, ip + 10)
    const tcp = ip + 20
    b.writeUInt16BE(sport, tcp)
    b.writeUInt16BE(dport, tcp + 2)
    b.writeUInt32BE(seq >>> 0, tcp + 4)
    b.writeUInt32BE((flags & ACK) === 0 ? 0 : ack >>> 0, tcp + 8)
    b[tcp + 12] = ((20 + options.length) >> 2) << 4
    b[tcp + 13] = flags
    b.writeUInt16BE(window, tcp + 14)
    for (let k = 0; k < options.length; k++) b[tcp + 20 + k] = options[k]
    this.#at += size
    this.packets++
    this.bytes += size
  }

  #flush() {
    writeSync(this.#descriptor, this.#buffer, 0, this.#at)
    this.#at = 0
  }

  close() {
    this.#flush()
    closeSync(this.#descriptor)
  }
}
