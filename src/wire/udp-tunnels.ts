/**
 * UDP, for the tunnels in it: VXLAN, Geneve, GTP-U, Teredo, L2TP, MPLS and GRE in UDP.
 *
 * In: the frame at a UDP header. Out: the layer of the packet inside, when a port is a tunnel's registered one
 * and the tunnel's header looks like one; else `udp`. RFC 7348 (VXLAN), RFC 8926 (Geneve), 3GPP TS 29.281
 * (GTP-U), RFC 4380 (Teredo), RFC 7510 (MPLS), RFC 8086 (GRE).
 */
import { u8, u16, u24 } from './bytes.js'
import { byEtherType } from './ethertypes.js'
import type { Frame } from './frame.js'
import { ETHERNET, GRE, IPV4, IPV6, L2TP, type Layer, MPLS, NSH, RAW_IP } from './layer.js'

const HEADER = 8

type Tunnel = (frame: Frame) => Layer

/** By UDP port, from IANA's registry; 8472 is what Linux used for VXLAN before it had a number. */
const TUNNELS: ReadonlyMap<number, Tunnel> = new Map([
  [1701, () => L2TP],
  [2152, gtpU],
  [3544, teredo],
  [4754, () => GRE],
  [4789, vxlan],
  [4790, vxlanGpe],
  [6081, geneve],
  [6635, () => MPLS],
  [8472, vxlan],
])

export function udp(frame: Frame): Layer {
  const { bytes, at } = frame
  if (frame.lacks(HEADER)) return frame.other('udp')
  const tunnel = TUNNELS.get(u16(bytes, at + 2)) ?? TUNNELS.get(u16(bytes, at))
  if (tunnel === undefined) return frame.other('udp')
  const length = u16(bytes, at + 4)
  if (length >= HEADER && at + length < frame.wireEnd) frame.narrow(at, length)
  frame.at = at + HEADER
  return tunnel(frame)
}

/** Flags with the I bit, and a network id of 24 bits. */
function vxlan(frame: Frame): Layer {
  const { bytes, at } = frame
  if (frame.lacks(8) || (u8(bytes, at) & 0x08) === 0) return frame.other('udp')
  frame.enter('vxlan', u24(bytes, at + 4))
  frame.at = at + 8
  return ETHERNET
}

/** As VXLAN, with the protocol of what follows in the fourth byte (draft-ietf-nvo3-vxlan-gpe). */
function vxlanGpe(frame: Frame): Layer {
  const { bytes, at } = frame
  if (frame.lacks(8) || (u8(bytes, at) & 0x0c) !== 0x0c) return frame.other('udp')
  const layers = [-1, IPV4, IPV6, ETHERNET, NSH, MPLS]
  const next = layers[u8(bytes, at + 3)] ?? -1
  if (next < 0) return frame.other('udp')
  frame.enter('vxlan', u24(bytes, at + 4))
  frame.at = at + 8
  return next
}

/** Version 0, options of up to 252 bytes, an ethertype and a network id. */
function geneve(frame: Frame): Layer {
  const { bytes, at } = frame
  if (frame.lacks(8) || u8(bytes, at) >> 6 !== 0) return frame.other('udp')
  const length = 8 + (u8(bytes, at) & 0x3f) * 4
  if (frame.lacks(length)) return frame.other('udp')
  frame.enter('geneve', u24(bytes, at + 4))
  frame.at = at + length
  return byEtherType(frame, u16(bytes, at + 2))
}

/** Version 1, message type 255 (a user's packet), with optional fields and extension headers. */
function gtpU(frame: Frame): Layer {
  const { bytes, at } = frame
  if (frame.lacks(8)) return frame.other('udp')
  const flags = u8(bytes, at)
  if ((flags & 0xf0) !== 0x30 || u8(bytes, at + 1) !== 255) return frame.other('gtp')
  let next = at + 8
  if ((flags & 7) !== 0) {
    if (frame.lacks(12)) return frame.other('gtp')
    next = at + 12
    let extension = (flags & 4) !== 0 ? u8(bytes, at + 11) : 0
    while (extension !== 0) {
      const length = next < frame.end ? u8(bytes, next) * 4 : 0
      if (length === 0 || next + length > frame.end) return frame.other('gtp')
      extension = u8(bytes, next + length - 1)
      next += length
    }
  }
  frame.enter('gtp', -1)
  frame.at = next
  return RAW_IP
}

/** IPv6, behind an authentication (0x0001) and an origin (0x0000) indication, either of which may be missing. */
function teredo(frame: Frame): Layer {
  const { bytes } = frame
  if (!frame.lacks(4) && u16(bytes, frame.at) === 1) {
    frame.at += 13 + u8(bytes, frame.at + 2) + u8(bytes, frame.at + 3)
  }
  if (!frame.lacks(8) && u16(bytes, frame.at) === 0) frame.at += 8
  if (frame.lacks(1) || u8(bytes, frame.at) >> 4 !== 6) return frame.other('udp')
  frame.enter('teredo', -1)
  return IPV6
}
