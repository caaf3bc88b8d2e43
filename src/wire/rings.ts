/**
 * Link layers beside Ethernet that end in LLC or an ethertype: token ring, FDDI, ATM, DOCSIS, InfiniBand.
 *
 * In: the frame at such a header. Out: the next layer. Layouts as on tcpdump.org's page of link-layer header types.
 */
import { s32, u8, u16 } from './bytes.js'
import { byEtherType } from './ethertypes.js'
import type { Frame } from './frame.js'
import { ETHERNET, type Layer, LLC } from './layer.js'

/** AA-AA-03-00: SNAP, and the first byte of an organisation. */
const SNAP_START = 0xaaaa0300 | 0

/** IEEE 802.5: access and frame control, two addresses; the source's first bit announces a route of up to 30 bytes. */
export function tokenRing(frame: Frame): Layer {
  const { bytes, at } = frame
  if (frame.lacks(15)) return frame.other('token-ring')
  // Frame type 01 carries LLC, 00 the ring's own management.
  if (u8(bytes, at + 1) >> 6 !== 1) return frame.other('token-ring')
  const routed = (u8(bytes, at + 8) & 0x80) !== 0
  frame.at = at + 14 + (routed ? u8(bytes, at + 14) & 0x1f : 0)
  return LLC
}

/** Frame control and two addresses; only asynchronous LLC frames (0x50 to 0x57) carry IP. */
export function fddi(frame: Frame): Layer {
  if (frame.lacks(13) || (u8(frame.bytes, frame.at) & 0xf8) !== 0x50) return frame.other('fddi')
  frame.at += 13
  return LLC
}

/**
 * LLC in AAL5. Of RFC 2684's bridged forms (organisation 00-80-C2) Ethernet with and without its check sequence
 * are read (protocols 1 and 7); ATM pads them by two bytes.
 */
export function atmLlc(frame: Frame): Layer {
  const { bytes, at } = frame
  if (frame.lacks(10) || s32(bytes, at) !== SNAP_START || u16(bytes, at + 4) !== 0x80c2) return LLC
  const protocol = u16(bytes, at + 6)
  if (protocol !== 1 && protocol !== 7) return frame.other('llc')
  frame.at = at + 10
  return ETHERNET
}

/** SunATM: direction and traffic type, VPI, VCI. Type 2 is LLC, type 1 an emulated LAN with a 2-byte client id. */
export function sunAtm(frame: Frame): Layer {
  if (frame.lacks(6)) return frame.other('atm')
  const traffic = u8(frame.bytes, frame.at) & 0x0f
  if (traffic === 2) {
    frame.at += 4
    return atmLlc(frame)
  }
  if (traffic !== 1) return frame.other('atm')
  frame.at += 6
  return ETHERNET
}

/** DOCSIS packet frames (frame control type 00): an optional extended header, a check sequence, then Ethernet. */
export function docsis(frame: Frame): Layer {
  if (frame.lacks(6)) return frame.other('docsis')
  const control = u8(frame.bytes, frame.at)
  if (control >> 6 !== 0) return frame.other('docsis')
  frame.at += 6 + ((control & 1) === 1 ? u8(frame.bytes, frame.at + 1) : 0)
  return ETHERNET
}

/** RFC 4391: an ethertype and two reserved bytes, behind the 40 bytes of a global routing header. */
export function ipOverInfiniBand(frame: Frame): Layer {
  if (frame.lacks(4)) return frame.other('infiniband')
  const type = u16(frame.bytes, frame.at)
  frame.at += 4
  return byEtherType(frame, type)
}

/** Symantec Enterprise Firewall: version 2 has its ethertype at byte 6 and 44 bytes in all, version 3 at 10 and 56. */
export function symantec(frame: Frame): Layer {
  if (frame.lacks(12)) return frame.other('symantec-truncated')
  const newer = u16(frame.bytes, frame.at + 10)
  const older = u16(frame.bytes, frame.at + 6)
  frame.at += newer === 0 ? 44 : 56
  return byEtherType(frame, newer === 0 ? older : newer)
}

/** A frame inside a switch: 4 bytes of the switch chip's own between the addresses and the ethertype. */
export function switchTag(frame: Frame): Layer {
  if (frame.lacks(18)) return frame.other('ethernet-truncated')
  // The Ethertype DSA form announces itself with 0xdada and two reserved bytes.
  const announced = u16(frame.bytes, frame.at + 12) === 0xdada
  const at = frame.at + 16 + (announced ? 4 : 0)
  if (at + 2 > frame.end) return frame.other('ethernet-truncated')
  frame.at = at + 2
  return byEtherType(frame, u16(frame.bytes, at))
}
