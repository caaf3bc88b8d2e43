/**
 * Link-layer header types: with which layer a record begins.
 *
 * In: a LINKTYPE_ value, with the frame at the record's first byte. Out: its layer. Values and layouts from
 * tcpdump.org's registry ("Link-Layer Header Types").
 */
import type { Frame } from './frame.js'
import * as layer from './layer.js'

interface LinkType {
  readonly layer: layer.Layer
  /** Bytes that tell nothing about what follows: a direction, a preamble. */
  readonly skip: number
}

const only = (name: layer.Layer): LinkType => ({ layer: name, skip: 0 })
const after = (skip: number, name: layer.Layer): LinkType => ({ layer: name, skip })

const LINK_TYPES: ReadonlyMap<number, LinkType> = new Map([
  [0, only(layer.BSD_NULL)],
  [1, only(layer.ETHERNET)],
  [6, only(layer.TOKEN_RING)],
  // SLIP: direction, and the compressed header that pppd keeps, 16 bytes in all.
  [8, after(16, layer.RAW_IP)],
  [9, only(layer.PPP)],
  [10, only(layer.FDDI)],
  // RAW is 101 in files; 12 and 14 are what some systems' libpcap wrote for it, 11 for ATM's 100.
  [11, only(layer.ATM_LLC)],
  [12, only(layer.RAW_IP)],
  [14, only(layer.RAW_IP)],
  [50, only(layer.PPP)],
  [51, only(layer.PPPOE)],
  [99, only(layer.SYMANTEC)],
  // ATM_RFC1483: LLC in AAL5.
  [100, only(layer.ATM_LLC)],
  [101, only(layer.RAW_IP)],
  [104, only(layer.CISCO_HDLC)],
  [105, only(layer.WLAN)],
  // ATM_CLIP: classical IP over ATM.
  [106, only(layer.RAW_IP)],
  [107, only(layer.FRAME_RELAY)],
  [108, only(layer.BSD_LOOP)],
  [109, only(layer.ENC)],
  [113, only(layer.SLL)],
  [117, only(layer.PFLOG)],
  [119, only(layer.PRISM)],
  // IP over Fibre Channel (RFC 2625): a network header of two 8-byte addresses.
  [122, after(16, layer.LLC)],
  [123, only(layer.SUN_ATM)],
  [127, only(layer.RADIOTAP)],
  // IP over IEEE 1394: two 8-byte addresses and an ethertype.
  [138, after(16, layer.ETHERTYPE)],
  [143, only(layer.DOCSIS)],
  // macOS wrote its PKTAP under the number of a user-defined type.
  [149, only(layer.PKTAP)],
  [163, only(layer.AVS)],
  [166, only(layer.PPP)],
  // Juniper's routers, by the kind of interface.
  [178, only(layer.JUNIPER_ETHERNET)],
  [179, only(layer.JUNIPER_PPP)],
  [180, only(layer.JUNIPER_FRAME_RELAY)],
  [181, only(layer.JUNIPER_HDLC)],
  [192, only(layer.PPI)],
  // With a direction byte: PPP, Cisco HDLC, frame relay.
  [204, after(1, layer.PPP)],
  [205, after(1, layer.CISCO_HDLC)],
  [206, after(1, layer.FRAME_RELAY)],
  [219, only(layer.MPLS)],
  [226, only(layer.IPNET)],
  // IPV4 and IPV6: writers mix them up, and tcpdump goes by the packet, too.
  [228, only(layer.RAW_IP)],
  [229, only(layer.RAW_IP)],
  [239, only(layer.NFLOG)],
  // netANALYZER: a header of 4 bytes; the transparent kind has the preamble too.
  [240, after(4, layer.ETHERNET)],
  [241, after(12, layer.ETHERNET)],
  [242, after(40, layer.IPOIB)],
  [258, only(layer.PKTAP)],
  // Ethernet passive optical network: a preamble that is in use.
  [259, after(8, layer.ETHERNET)],
  [276, only(layer.SLL2)],
  // Inside a switch: Broadcom tags behind and before the addresses, Marvell's DSA and Ethertype DSA.
  [281, only(layer.SWITCH_TAG)],
  [282, after(4, layer.ETHERNET)],
  [284, only(layer.SWITCH_TAG)],
  [285, only(layer.SWITCH_TAG)],
])

/** The first layer of a packet of this link type, with the frame moved to it. */
export function enterLink(frame: Frame, linkType: number): layer.Layer {
  if (linkType === 1) return layer.ETHERNET
  const found = LINK_TYPES.get(linkType)
  if (found === undefined) return frame.otherNumbered('unknown-link-type-', linkType)
  frame.at += found.skip
  return found.layer
}
