/**
 * Ethernet, VLAN tags and LLC/SNAP: from a link header to an ethertype.
 *
 * In: the frame at its destination address, at a tag, or at an LLC header. Out: the next layer.
 * IEEE 802.3 (clause 3.2.6 for the length/type field), 802.1Q, 802.1ad, 802.2; RFC 1042 for SNAP.
 */
import { u8, u16, u24 } from './bytes.js'
import { byEtherType } from './ethertypes.js'
import type { Frame } from './frame.js'
import { IPV4, type Layer, LLC } from './layer.js'

const HEADER = 14
/** A length/type field below this is a length (the field's gap of 1501 to 1535 is no valid type either). */
const FIRST_TYPE = 0x600

/** An Ethernet frame without preamble; the check sequence is already cut off. */
export function ethernet(frame: Frame): Layer {
  const at = frame.at
  if (frame.end - at < HEADER) return frame.other('ethernet-truncated')
  const type = u16(frame.bytes, at + 12)
  frame.at = at + HEADER
  return type === 0x0800 ? IPV4 : typeOrLength(frame, type)
}

/** Two bytes of ethertype (or of a length, before LLC), as they follow a tag. */
export function etherTypeField(frame: Frame): Layer {
  if (frame.lacks(2)) return frame.other('ethernet-truncated')
  const type = u16(frame.bytes, frame.at)
  frame.at += 2
  return typeOrLength(frame, type)
}

/** The four bytes of an 802.1Q or 802.1ad tag after its own ethertype: the id, then another ethertype. */
export function vlan(frame: Frame): Layer {
  if (frame.lacks(4)) return frame.other('vlan-truncated')
  const type = u16(frame.bytes, frame.at + 2)
  frame.at += 4
  return typeOrLength(frame, type)
}

function typeOrLength(frame: Frame, type: number): Layer {
  if (type >= FIRST_TYPE) return byEtherType(frame, type)
  if (frame.at + type < frame.wireEnd) frame.narrow(frame.at, type)
  return LLC
}

/** An 802.2 header: SNAP leads to an ethertype, the IP service access point to IPv4, the rest is not for us. */
export function llc(frame: Frame): Layer {
  if (frame.lacks(3)) return frame.other('llc')
  const { bytes, at } = frame
  const service = u8(bytes, at)
  if (service === 0xaa && u8(bytes, at + 1) === 0xaa) {
    if (frame.lacks(8)) return frame.other('llc')
    const organisation = u24(bytes, at + 3)
    frame.at = at + 8
    // 00-00-00: an ethertype follows (RFC 1042); 00-00-F8: the same over a bridge (802.1H).
    if (organisation === 0 || organisation === 0xf8) return byEtherType(frame, u16(bytes, at + 6))
    return snapOfVendor(frame, organisation, u16(bytes, at + 6))
  }
  if (service === 0x06) {
    frame.at = at + 3
    return IPV4
  }
  return frame.other(service === 0x42 ? 'stp' : service === 0xfe ? 'osi' : service === 0xe0 ? 'ipx' : 'llc')
}

function snapOfVendor(frame: Frame, organisation: number, protocol: number): Layer {
  // Cisco: discovery and its relatives.
  if (organisation === 0x00000c) return frame.other(protocol === 0x2000 ? 'cdp' : 'cisco')
  return frame.other('llc')
}
