/**
 * The IPv6 header and its extension headers.
 *
 * In: the frame at an IPv6 header, or at the extension header that `frame.next` names. Out: addresses and
 * hop limit in the view, the frame narrowed to the packet, and the layer behind the last extension header.
 * RFC 8200 sections 3 and 4; jumbograms RFC 2675; authentication header RFC 4302; routing header types RFC 5095
 * (0), RFC 6275 (2) and RFC 8754 (4).
 */
import { s32, u8, u16 } from './bytes.js'
import type { Frame } from './frame.js'
import { byProtocol } from './ip-protocols.js'
import { IPV6_NEXT, type Layer, TCP_SEGMENT } from './layer.js'

const HEADER = 40
const HOP_BY_HOP = 0
const TCP_PROTOCOL = 6
const ROUTING = 43
const FRAGMENT = 44
const AUTHENTICATION = 51
const DESTINATION = 60
const JUMBO_OPTION = 0xc2

export function ipv6(frame: Frame): Layer {
  const { bytes, at, out } = frame
  if (frame.end - at < HEADER) return frame.other('ipv6-truncated')
  const first = u8(bytes, at)
  if (first >> 4 !== 6) return frame.other('ipv6-bad-header')
  const payloadLength = u16(bytes, at + 4)
  // Zero: a jumbogram, whose length comes in an option, or a segment that the network card is still to split.
  if (payloadLength !== 0) frame.narrow(at, HEADER + payloadLength)
  out.ipVersion = 6
  out.ipStart = at
  out.ipId = -1
  out.ttl = u8(bytes, at + 7)
  out.srcA = s32(bytes, at + 8)
  out.srcB = s32(bytes, at + 12)
  out.srcC = s32(bytes, at + 16)
  out.srcD = s32(bytes, at + 20)
  destination(frame, at + 24)
  frame.at = at + HEADER
  frame.next = u8(bytes, at + 6)
  return frame.next === TCP_PROTOCOL ? TCP_SEGMENT : IPV6_NEXT
}

function destination(frame: Frame, at: number): void {
  const { bytes, out } = frame
  out.dstA = s32(bytes, at)
  out.dstB = s32(bytes, at + 4)
  out.dstC = s32(bytes, at + 8)
  out.dstD = s32(bytes, at + 12)
}

/** Passes over extension headers, each at least 8 bytes, so the packet's length bounds the loop. */
export function ipv6Next(frame: Frame): Layer {
  for (;;) {
    const type = frame.next
    if (type === FRAGMENT) {
      if (frame.lacks(8)) return frame.other('ipv6-truncated')
      if (!whole(frame)) return frame.other('fragment')
      continue
    }
    if (type !== HOP_BY_HOP && type !== ROUTING && type !== DESTINATION && type !== AUTHENTICATION) break
    if (frame.lacks(8)) return frame.other('ipv6-truncated')
    const { bytes, at } = frame
    const units = u8(bytes, at + 1)
    const length = type === AUTHENTICATION ? (units + 2) * 4 : (units + 1) * 8
    if (frame.lacks(length)) return frame.other('ipv6-truncated')
    if (type === HOP_BY_HOP) jumbo(frame, at + 2, at + length)
    if (type === ROUTING) routing(frame, at, length)
    frame.next = u8(bytes, at)
    frame.at = at + length
  }
  return frame.next === TCP_PROTOCOL ? TCP_SEGMENT : byProtocol(frame, frame.next)
}

/** Looks for the jumbo payload option, which counts when the header's own length is zero. */
function jumbo(frame: Frame, from: number, end: number): void {
  const { bytes, out } = frame
  if (u16(bytes, out.ipStart + 4) !== 0) return
  for (let at = from; at + 2 <= end; ) {
    const kind = u8(bytes, at)
    if (kind === 0) {
      at++
      continue
    }
    const length = u8(bytes, at + 1)
    if (kind === JUMBO_OPTION && length === 4 && at + 6 <= end) {
      const payload = s32(bytes, at + 2)
      if (payload > 65_535) frame.narrow(out.ipStart, HEADER + payload)
      return
    }
    at += 2 + length
  }
}

/**
 * On its way through a source route a packet carries the next stop as its destination; the connection and its
 * checksum are with the last one (RFC 8200 section 8.1), which types 0 and 2 have last and type 4 first.
 */
function routing(frame: Frame, at: number, length: number): void {
  const { bytes } = frame
  const type = u8(bytes, at + 2)
  if (u8(bytes, at + 3) === 0 || length < 24) return
  if (type === 4) destination(frame, at + 8)
  else if (type === 0 || type === 2) destination(frame, at + 8 + ((((length - 8) >> 4) - 1) << 4))
}

/** Deals with a fragment header: true when the frame stands at what follows it, reassembled if need be. */
function whole(frame: Frame): boolean {
  const { bytes, at, out } = frame
  const field = u16(bytes, at + 2)
  const offset = field & 0xfff8
  const more = (field & 1) !== 0
  frame.next = u8(bytes, at)
  frame.at = at + 8
  if (offset === 0 && !more) return true
  if (frame.quotedBy !== '' || frame.end < frame.wireEnd) return offset === 0
  const source = `${out.srcA} ${out.srcB} ${out.srcC} ${out.srcD}`
  const target = `${out.dstA} ${out.dstB} ${out.dstC} ${out.dstD}`
  const key = `6 ${source} ${target} ${frame.next} ${s32(bytes, at + 4)} ${frame.outer.text}`
  return frame.assemble(frame.fragments.add(key, offset, more, bytes, frame.at, frame.end))
}
