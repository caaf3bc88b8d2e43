/**
 * Ethertypes: which layer follows.
 *
 * In: an ethertype, with the frame behind it. Out: the next layer, or the reason why there is none.
 * Numbers from the IEEE registry as IANA lists them ("IEEE 802 Numbers").
 */
import type { Frame } from './frame.js'
import { ETHERNET, ETHERTYPE, IPV4, IPV6, type Layer, MPLS, NSH, PPP, PPPOE, VLAN } from './layer.js'

/** The layer behind each ethertype that can lead to TCP. Erspan and the like depend on GRE and are read there. */
const LAYERS: ReadonlyMap<number, Layer> = new Map([
  [0x0800, IPV4],
  [0x86dd, IPV6],
  [0x8100, VLAN],
  [0x88a8, VLAN],
  [0x9100, VLAN],
  [0x9200, VLAN],
  [0x8847, MPLS],
  [0x8848, MPLS],
  [0x8864, PPPOE],
  [0x880b, PPP],
  [0x6558, ETHERNET],
  [0x894f, NSH],
])

/** Ethertypes that people know by name. */
const NAMES: ReadonlyMap<number, string> = new Map([
  [0x0806, 'arp'],
  [0x8035, 'rarp'],
  [0x8137, 'ipx'],
  [0x8809, 'slow-protocols'],
  [0x8863, 'pppoe-discovery'],
  [0x888e, 'eapol'],
  [0x88cc, 'lldp'],
  [0x88e5, 'macsec'],
  [0x88f7, 'ptp'],
  [0x8902, 'cfm'],
  [0x9000, 'loopback'],
])

/**
 * Ethertypes whose header has a fixed length and then another ethertype or frame: bytes to pass over.
 * 0x88e7: provider backbone bridging (802.1ah), a whole Ethernet frame after the 4 bytes of its tag.
 * 0x8903: Cisco FabricPath, likewise after 2 bytes.
 * 0x8926: Cisco VN-Tag; 0x892f: HSR; 0x8909: Cisco metadata; each ends in an ethertype.
 */
const PASS: ReadonlyMap<number, readonly [bytes: number, next: 'frame' | 'type']> = new Map([
  [0x88e7, [4, 'frame']],
  [0x8903, [2, 'frame']],
  [0x8926, [4, 'type']],
  [0x892f, [4, 'type']],
  [0x8909, [6, 'type']],
])

export function byEtherType(frame: Frame, type: number): Layer {
  if (type === 0x0800) return IPV4
  const layer = LAYERS.get(type)
  if (layer !== undefined) return layer
  const name = NAMES.get(type)
  if (name !== undefined) return frame.other(name)
  const pass = PASS.get(type)
  if (pass === undefined || frame.lacks(pass[0])) return frame.otherNumbered('ethertype-0x', type, 16)
  frame.at += pass[0]
  return pass[1] === 'frame' ? ETHERNET : ETHERTYPE
}
