/**
 * IP protocol numbers, for IPv4's protocol field and the end of IPv6's chain of next headers.
 *
 * In: a protocol number, with the frame behind the header that named it. Out: the next layer, or the reason
 * why there is none. Numbers from IANA ("Assigned Internet Protocol Numbers").
 */
import type { Frame } from './frame.js'
import {
  AH,
  ETHERNET_IN_IP,
  GRE,
  ICMP,
  ICMPV6,
  IPV4,
  IPV6,
  type Layer,
  MPLS,
  TCP_SEGMENT,
  UDP,
} from './layer.js'

const NAMES: ReadonlyMap<number, string> = new Map([
  [0, 'hop-by-hop'],
  [2, 'igmp'],
  [50, 'esp'],
  [59, 'no-next-header'],
  [88, 'eigrp'],
  [89, 'ospf'],
  [103, 'pim'],
  [112, 'vrrp'],
  [115, 'l2tp'],
  [132, 'sctp'],
])

export function byProtocol(frame: Frame, protocol: number): Layer {
  // What an ICMP error quotes is followed only as far as a TCP segment of its own.
  if (frame.quotedBy !== '' && protocol !== 6 && protocol !== 51) return frame.other('')
  switch (protocol) {
    case 6:
      return TCP_SEGMENT
    case 17:
      return UDP
    case 1:
      return frame.out.ipVersion === 4 ? ICMP : frame.other('icmp')
    case 58:
      return frame.out.ipVersion === 6 ? ICMPV6 : frame.other('icmpv6')
    case 4:
      frame.enter('ipip', -1)
      return IPV4
    case 41:
      frame.enter('ip6', -1)
      return IPV6
    case 47:
      return GRE
    case 51:
      return AH
    case 97:
      return ETHERNET_IN_IP
    case 137:
      return MPLS
  }
  const name = NAMES.get(protocol)
  return name !== undefined ? frame.other(name) : frame.otherNumbered('ip-protocol-', protocol)
}
