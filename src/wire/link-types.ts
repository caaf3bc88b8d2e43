/**
 * Link-layer header types: with which layer a record begins.
 *
 * In: a LINKTYPE_ value. Out: its layer. Values from tcpdump.org's registry ("Link-Layer Header Types").
 */
import { BSD_LOOP, BSD_NULL, ETHERNET, IPV4, IPV6, type Layer, RAW_IP, SLL, SLL2 } from './layer.js'

export const LINK_LAYERS: ReadonlyMap<number, Layer> = new Map([
  [0, BSD_NULL],
  [1, ETHERNET],
  // RAW is 101 in files; 12 and 14 are what some systems' libpcap wrote for it.
  [12, RAW_IP],
  [14, RAW_IP],
  [101, RAW_IP],
  [108, BSD_LOOP],
  [113, SLL],
  [228, IPV4],
  [229, IPV6],
  [276, SLL2],
])
