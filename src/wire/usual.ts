/**
 * Nearly every packet in one step: TCP in IPv4 without options in Ethernet, no tag, no fragment, the header whole.
 *
 * In: a record's bytes. Out: whether it is such a packet, and its fields: what the layers of `decode.ts` would say of
 * it. A test holds the two to each other.
 */
import { s32, u8, u16 } from './bytes.js'
import { ACK, type PacketView, TCP } from './packet.js'
import { reset, resetOptions } from './reset.js'
import { isOnlyTimestamps, tcpOptions, timestamps } from './tcp-options.js'

const ETHERNET = 14
const IPV4 = 20
const TCP_LEAST = 20
const HEADERS = ETHERNET + IPV4 + TCP_LEAST
/** Version 4, five words. */
const VERSION_AND_LENGTH = 0x45
const FRAGMENT_BITS = 0x3fff
const TCP_PROTOCOL = 6

/** Whether a packet is one of these. `end`: of the captured bytes, without a check sequence. */
export function isUsual(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < HEADERS) return false
  const ip = start + ETHERNET
  if (u16(bytes, start + 12) !== 0x0800 || u8(bytes, ip) !== VERSION_AND_LENGTH) return false
  if ((u16(bytes, ip + 6) & FRAGMENT_BITS) !== 0 || u8(bytes, ip + 9) !== TCP_PROTOCOL) return false
  const headerLength = (u8(bytes, ip + IPV4 + 12) & 0xf0) >> 2
  return headerLength >= TCP_LEAST && u16(bytes, ip + 2) >= IPV4 + headerLength
}

export class UsualPackets {
  /** What was filled last: fields that these packets do not have are as `reset()` leaves them. */
  #filled: PacketView | null = null
  /** It had other options than time stamps. */
  #hadOptions = false

  /** Somebody else fills views. */
  forget(): void {
    this.#filled = null
  }

  /** Fills `out` from the packet that begins at `start`; false when it is none of these. */
  take(bytes: Uint8Array, start: number, end: number, out: PacketView): boolean {
    if (!isUsual(bytes, start, end)) return false
    const ip = start + ETHERNET
    const at = ip + IPV4
    const total = u16(bytes, ip + 2)
    const offset = u8(bytes, at + 12)
    const headerLength = (offset & 0xf0) >> 2
    if (this.#filled !== out) {
      reset(out)
      out.kind = TCP
      this.#filled = out
      this.#hadOptions = false
    }
    const capturedEnd = Math.min(end, ip + total)
    const flags = u8(bytes, at + 13) | ((offset & 1) << 8)
    out.bytes = bytes
    out.ipStart = ip
    out.ipId = u16(bytes, ip + 4)
    out.ttl = u8(bytes, ip + 8)
    out.srcD = s32(bytes, ip + 12)
    out.dstD = s32(bytes, ip + 16)
    out.tcpStart = at
    out.headerLength = headerLength
    out.srcPort = u16(bytes, at)
    out.dstPort = u16(bytes, at + 2)
    out.seq = s32(bytes, at + 4)
    out.ack = (flags & ACK) === 0 ? 0 : s32(bytes, at + 8)
    out.flags = flags
    out.window = u16(bytes, at + 14)
    out.length = total - IPV4 - headerLength
    out.payloadStart = Math.min(at + headerLength, capturedEnd)
    out.payloadEnd = capturedEnd
    this.#options(bytes, at + TCP_LEAST, at + headerLength, capturedEnd, out)
    return true
  }

  /** None, or time stamps alone, leave the other fields as they are: they need not be written again and again. */
  #options(bytes: Uint8Array, from: number, to: number, end: number, out: PacketView): void {
    if (this.#hadOptions) resetOptions(out)
    this.#hadOptions = false
    if (from === to) {
      out.hasOptions = false
      out.hasTimestamps = false
      out.tsVal = 0
      out.tsEcr = 0
    } else if (isOnlyTimestamps(bytes, from, to, end)) {
      out.hasOptions = true
      timestamps(bytes, from + 2, out)
    } else {
      resetOptions(out)
      this.#hadOptions = true
      tcpOptions(bytes, from, to, end, out)
    }
  }
}
