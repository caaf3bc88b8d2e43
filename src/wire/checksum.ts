/**
 * Whether a TCP segment's checksum is right.
 *
 * In: a view just decoded, with its bytes. Out: a verdict. Sums the whole segment (0.9 ns a byte), so it is for
 * the packets that are shown or doubted, not for every packet. RFC 9293 section 3.1, RFC 1071, RFC 8200 section 8.1.
 */
import { u8, u16 } from './bytes.js'
import { type PacketView, SYN, TCP } from './packet.js'

/**
 * `partial`: the field holds the sum of the pseudo-header alone, which is what a host sees of a segment whose
 * checksum its network card is still to fill in. `unknown`: not wholly captured, or no TCP segment.
 */
export type ChecksumVerdict = 'good' | 'bad' | 'partial' | 'unknown'

const TCP_PROTOCOL = 6

export function tcpChecksum(view: PacketView): ChecksumVerdict {
  if (view.checksum === '') view.checksum = verdictOn(view)
  return view.checksum
}

/** The same of a SYN, which is small, and tells as much as any packet whether its host leaves checksums to its card. */
export const synChecksum = (view: PacketView): ChecksumVerdict =>
  (view.flags & SYN) !== 0 ? tcpChecksum(view) : 'unknown'

function verdictOn(view: PacketView): ChecksumVerdict {
  const length = view.headerLength + view.length
  const end = view.tcpStart + length
  if (view.kind !== TCP || view.payloadEnd !== end || end > view.bytes.length) return 'unknown'
  const pseudo = pseudoHeader(view, length)
  const { bytes } = view
  if (sum(bytes, view.tcpStart, end, pseudo) === 0xffff) return 'good'
  return fold(pseudo) === u16(bytes, view.tcpStart + 16) ? 'partial' : 'bad'
}

/** The sum of the pseudo-header's 16-bit words. IPv4's words A to C are zero and add nothing. */
function pseudoHeader(view: PacketView, length: number): number {
  const source = halves(view.srcA) + halves(view.srcB) + halves(view.srcC) + halves(view.srcD)
  const destination = halves(view.dstA) + halves(view.dstB) + halves(view.dstC) + halves(view.dstD)
  return source + destination + TCP_PROTOCOL + halves(length)
}

function halves(word: number): number {
  return (word >>> 16) + (word & 0xffff)
}

/** The ones' complement sum of `bytes[start, end)` on top of `first`; 0xffff when a checksum in it is right. */
function sum(bytes: Uint8Array, start: number, end: number, first: number): number {
  let total = first
  let at = start
  for (; at + 1 < end; at += 2) {
    total += u16(bytes, at)
    // Kept in the range of small integers, whatever the length.
    if (total > 0x1fffffff) total = fold(total)
  }
  if (at < end) total += u8(bytes, at) << 8
  return fold(total)
}

function fold(total: number): number {
  let folded = total
  while (folded > 0xffff) folded = (folded & 0xffff) + (folded >>> 16)
  return folded
}
