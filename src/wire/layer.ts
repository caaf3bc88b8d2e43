/**
 * The names of the layers a packet can go through, one small integer each.
 *
 * In: nothing. Out: what a layer's function returns: the layer that comes next. Layers return a name and
 * don't call each other, so a packet of a thousand nested headers is a loop with a limit, not a recursion,
 * and no layer's file needs to import another's.
 */

export type Layer = number

/** The packet is decided: `kind` and `reason` of the view are set. */
export const DONE = 0
export const ETHERNET = 1
export const IPV4 = 2
export const IPV6 = 3
export const TCP_SEGMENT = 4
/** An ethertype in the next two bytes, as after a VLAN tag. */
export const ETHERTYPE = 5
export const VLAN = 6
export const LLC = 7
export const SLL = 8
export const SLL2 = 9
/** IPv4 or IPv6, told by the first four bits. */
export const RAW_IP = 10
export const BSD_NULL = 11
export const BSD_LOOP = 12
/** An extension header of IPv6 of the type that the frame's `next` names. */
export const IPV6_NEXT = 13
export const ICMP = 14
export const ICMPV6 = 15
export const UDP = 16
export const GRE = 17
export const PPP = 18
export const PPPOE = 19
export const MPLS = 20
export const CISCO_HDLC = 21
export const NSH = 22
export const ETHERNET_IN_IP = 23
export const AH = 24
export const FRAME_RELAY = 25
export const TOKEN_RING = 26
export const FDDI = 27
export const SUN_ATM = 28
export const DOCSIS = 29
export const IPOIB = 30
export const SYMANTEC = 31
export const PFLOG = 32
export const ENC = 33
export const NFLOG = 34
export const PKTAP = 35
export const IPNET = 36
export const WLAN = 37
export const RADIOTAP = 38
export const PRISM = 39
export const AVS = 40
export const PPI = 41
/** An ethertype behind a switch's own tag of 4 bytes, which stands after the two addresses. */
export const SWITCH_TAG = 42
export const ATM_LLC = 43
/** A router's own header before the packet, of an interface of this kind. */
export const JUNIPER_ETHERNET = 44
export const JUNIPER_PPP = 45
export const JUNIPER_FRAME_RELAY = 46
export const JUNIPER_HDLC = 47
export const L2TP = 48
