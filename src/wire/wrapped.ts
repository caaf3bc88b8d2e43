/**
 * Headers that a firewall or an operating system puts before a packet it shows: pflog, enc, nflog, pktap, ipnet.
 *
 * In: the frame at such a header. Out: the next layer. Layouts as on tcpdump.org's page of link-layer header types.
 */
import { s32, s32le, u8, u16, u16le } from './bytes.js'
import { byFamily } from './cooked.js'
import type { Frame } from './frame.js'
import { IPV4, IPV6, type Layer } from './layer.js'
import { enterLink } from './link-types.js'

const NFLOG_PAYLOAD = 9

/** OpenBSD pf's log: its own length (rounded up to 4) and the address family in the first two bytes. */
export function pflog(frame: Frame): Layer {
  if (frame.lacks(4)) return frame.other('pflog-truncated')
  const length = u8(frame.bytes, frame.at)
  const family = u8(frame.bytes, frame.at + 1)
  frame.at += (length + 3) & ~3
  return byFamily(frame, family)
}

/** OpenBSD's and FreeBSD's IPsec interface: 12 bytes, the family first, in the order of the machine. */
export function enc(frame: Frame): Layer {
  if (frame.lacks(12)) return frame.other('enc-truncated')
  const big = s32(frame.bytes, frame.at)
  const family = (big & 0xffff0000) === 0 ? big : s32le(frame.bytes, frame.at)
  frame.at += 12
  return byFamily(frame, family)
}

/** Solaris: a family of its own numbering (2 and 26) in the second of 24 bytes. */
export function ipnet(frame: Frame): Layer {
  if (frame.lacks(24)) return frame.other('ipnet-truncated')
  const family = u8(frame.bytes, frame.at + 1)
  frame.at += 24
  return family === 2 ? IPV4 : family === 26 ? IPV6 : frame.otherNumbered('address-family-', family)
}

/** Linux netfilter's log: family, version, resource; then attributes, of which the payload is the packet. */
export function nflog(frame: Frame): Layer {
  const { bytes } = frame
  if (frame.lacks(8)) return frame.other('nflog-truncated')
  const family = u8(bytes, frame.at)
  let at = frame.at + 4
  // Lengths are in the byte order of the machine that logged; the wrong order makes the first one huge.
  const read = u16le(bytes, at) <= frame.end - at ? u16le : u16
  while (at + 4 <= frame.end) {
    const length = read(bytes, at)
    if (length < 4) break
    if ((read(bytes, at + 2) & 0x7fff) === NFLOG_PAYLOAD) {
      if (at + length < frame.wireEnd) frame.narrow(at, length)
      frame.at = at + 4
      return byFamily(frame, family)
    }
    at += (length + 3) & ~3
  }
  return frame.other('nflog')
}

/** macOS: the header's length, a record type and the link type of what follows, least significant byte first. */
export function pktap(frame: Frame): Layer {
  const { bytes, at } = frame
  if (frame.lacks(12)) return frame.other('pktap-truncated')
  const length = s32le(bytes, at)
  if (length < 12 || length > frame.end - at) return frame.other('pktap-truncated')
  if (s32le(bytes, at + 4) !== 1) return frame.other('pktap')
  frame.at = at + length
  return enterLink(frame, s32le(bytes, at + 8))
}
