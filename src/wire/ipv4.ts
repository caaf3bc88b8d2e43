/**
 * The IPv4 header.
 *
 * In: the frame at an IPv4 header. Out: addresses, TTL and identification in the view, the frame narrowed to the
 * datagram, and the layer of its protocol. RFC 791 section 3.1.
 */
import { s32, u8, u16 } from './bytes.js'
import type { Frame } from './frame.js'
import { byProtocol } from './ip-protocols.js'
import { type Layer, TCP_SEGMENT } from './layer.js'

const HEADER = 20
const TCP_PROTOCOL = 6
/** More fragments, and the fragment offset: any of them set means a fragment. */
const FRAGMENT_BITS = 0x3fff
const MORE = 0x2000

export function ipv4(frame: Frame): Layer {
  const { bytes, at, out } = frame
  if (frame.end - at < HEADER) return frame.other('ipv4-truncated')
  const first = u8(bytes, at)
  const headerLength = (first & 0x0f) << 2
  if (first >> 4 !== 4 || headerLength < HEADER) return frame.other('ipv4-bad-header')
  if (!lengths(frame, at, headerLength)) return frame.other('ipv4-bad-header')
  if (frame.end - at < headerLength) return frame.other('ipv4-truncated')
  const fragment = u16(bytes, at + 6)
  out.ipVersion = 4
  out.ipStart = at
  out.ipId = u16(bytes, at + 4)
  out.ttl = u8(bytes, at + 8)
  out.srcA = out.srcB = out.srcC = 0
  out.srcD = s32(bytes, at + 12)
  out.dstA = out.dstB = out.dstC = 0
  out.dstD = s32(bytes, at + 16)
  frame.at = at + headerLength
  const protocol = u8(bytes, at + 9)
  if ((fragment & FRAGMENT_BITS) !== 0 && !whole(frame, fragment, protocol)) return frame.other('fragment')
  return protocol === TCP_PROTOCOL ? TCP_SEGMENT : byProtocol(frame, protocol)
}

/** Narrows the frame to the datagram; false when its length is impossible. */
function lengths(frame: Frame, at: number, headerLength: number): boolean {
  const total = u16(frame.bytes, at + 2)
  if (total >= headerLength) {
    frame.narrow(at, total)
    return true
  }
  // Zero is what a host sees of a segment that its network card is still to split, and of segments over
  // 65535 bytes (BIG TCP); then the datagram goes to the end of the frame.
  return total === 0 && (frame.quotedBy !== '' || frame.wireEnd - at >= headerLength)
}

/** Deals with a fragment: true when the frame now stands at something that can be decoded. */
function whole(frame: Frame, fragment: number, protocol: number): boolean {
  const offset = (fragment & 0x1fff) << 3
  // Wireshark's rule: a first fragment that the snap length cut can't be put together, so it is shown as it is.
  if (frame.quotedBy !== '' || frame.end < frame.wireEnd) return offset === 0
  const { out } = frame
  const key = `4 ${out.srcD} ${out.dstD} ${protocol} ${out.ipId} ${frame.outer.text}`
  const more = (fragment & MORE) !== 0
  return frame.assemble(frame.fragments.add(key, offset, more, frame.bytes, frame.at, frame.end))
}
