/**
 * What decoding gives: the fields of one packet, in a view that is used again for the next one.
 *
 * In: nothing. Out: the type between `wire/` and `flow/`. No connection is known here.
 */

/** The bits of {@link PacketView.flags}, as in the TCP header (RFC 9293 section 3.1); above them, 0x100, is AE (RFC 9768). */
export const FIN = 0x01
export const SYN = 0x02
export const RST = 0x04
export const PSH = 0x08
export const ACK = 0x10
export const URG = 0x20
export const ECE = 0x40
export const CWR = 0x80

/** What a record turned out to be. */
export const TCP = 1
/** An ICMP or ICMPv6 error that quotes a TCP segment. */
export const ICMP_ERROR = 2
/** Neither; {@link PacketView.reason} says what. */
export const OTHER = 0
export type PacketKind = typeof TCP | typeof ICMP_ERROR | typeof OTHER

/**
 * The decoded fields of one packet. One instance is filled again and again: nothing in it may be kept.
 * Every 32-bit number is a signed 32-bit integer (`| 0`), which keeps the hot path free of allocation;
 * use `>>> 0` to show it.
 */
export class PacketView {
  kind: PacketKind = OTHER
  /** For OTHER: a code such as `arp`, `udp`, `ipv4-truncated`, `unknown-link-type-147`; else ''. */
  reason = ''

  ipVersion: 4 | 6 = 4
  /** Addresses as four 32-bit words in network order; IPv4 uses only word 3, the rest is 0. */
  srcA = 0
  srcB = 0
  srcC = 0
  srcD = 0
  dstA = 0
  dstB = 0
  dstC = 0
  dstD = 0
  /** Time to live or hop limit, 0 to 255. */
  ttl = 0
  /** IPv4 identification, 0 to 65535; -1 for IPv6. */
  ipId = -1
  /**
   * The tunnels outside this packet, outermost first, e.g. `vxlan 42` or `gre 7, ipip`; '' when there are none.
   * Part of the flow's key, so it holds only what both directions of a connection share: no VLAN ids, MPLS
   * labels or GTP-U tunnel ids (see outer.ts).
   */
  outer = ''

  srcPort = 0
  dstPort = 0
  seq = 0
  /** 0 when the ACK bit is off. */
  ack = 0
  flags = 0
  /** As in the header, without scaling, 0 to 65535; 65535 when the snap length cut it off (`windowCut`). */
  window = 0
  /** The capture ends before the window field: nothing may be concluded from `window`. */
  windowCut = false
  /** What `tcpChecksum()` found when it was first asked of this packet; '': nobody has asked. */
  checksum: 'good' | 'bad' | 'partial' | 'unknown' | '' = ''
  /** Payload length on the wire in bytes, from the IP lengths, not from what was captured. */
  length = 0
  /**
   * What `payloadStart`, `tcpStart` and `ipStart` are offsets into: the record's bytes, or the decoder's own
   * buffer when the datagram was put together from fragments. Valid until the next packet is decoded.
   */
  bytes: Uint8Array = new Uint8Array(0)
  /** Put together from IP fragments; this record is the one that completed it. */
  reassembled = false
  /** The part of the payload that was captured: `bytes[payloadStart, payloadEnd)`. */
  payloadStart = 0
  payloadEnd = 0
  /** Where the TCP header starts in `bytes`, and how long it is by its data offset, 20 to 60. */
  tcpStart = 0
  headerLength = 0
  /** Where the (inner, last) IP header starts in the record's bytes; 0 when the datagram was reassembled. */
  ipStart = 0

  /** -1 when the option is absent. */
  mss = -1
  /** As in the option, 0 to 255; a host uses 14 for anything above (RFC 7323 section 2.3). */
  windowScale = -1
  sackPermitted = false
  /** Number of SACK blocks, 0 to 4; `sack` holds left edge, right edge, ... */
  sackBlocks = 0
  readonly sack = new Int32Array(8)
  hasTimestamps = false
  tsVal = 0
  /** 0 when the snap length cut it off (then `optionsCut` is set). */
  tsEcr = 0
  /** Length of the Fast Open cookie (RFC 7413), 0 for a cookie request, -1 without the option. */
  fastOpen = -1
  /** The option list was cut by the snap length or was malformed; what was read before it stands. */
  optionsCut = false
  /** At least one TCP option was present (a Linux RST from a socket carries timestamps, one without a socket has none). */
  hasOptions = false

  /** For ICMP_ERROR: type and code as in its header. All IP and TCP fields above are the quoted segment's. */
  icmpType = 0
  icmpCode = 0
  /** For ICMP_ERROR: who sent it, words as above, in the version of `ipVersion`. */
  routerA = 0
  routerB = 0
  routerC = 0
  routerD = 0
}
