/**
 * Link headers that operating systems make up: Linux "cooked", BSD loopback, and bare IP.
 *
 * In: the frame at its start. Out: the next layer. Layouts as on tcpdump.org's page of link-layer header types.
 */
import { s32, s32le, u8, u16 } from './bytes.js'
import { byEtherType } from './ethertypes.js'
import type { Frame } from './frame.js'
import { IPV4, IPV6, type Layer, LLC } from './layer.js'

/** LINUX_SLL: 16 bytes, the protocol in the last two. */
export function sll(frame: Frame): Layer {
  if (frame.lacks(16)) return frame.other('sll-truncated')
  const protocol = u16(frame.bytes, frame.at + 14)
  frame.at += 16
  return cookedProtocol(frame, protocol)
}

/** LINUX_SLL2: 20 bytes, the protocol in the first two. */
export function sll2(frame: Frame): Layer {
  if (frame.lacks(20)) return frame.other('sll-truncated')
  const protocol = u16(frame.bytes, frame.at)
  frame.at += 20
  return cookedProtocol(frame, protocol)
}

/** Linux puts numbers of its own below the first ethertype: 1 Novell 802.3, 4 LLC, 0x0c CAN ... */
function cookedProtocol(frame: Frame, protocol: number): Layer {
  if (protocol === 4) return LLC
  return byEtherType(frame, protocol)
}

/** IPv4 or IPv6, as the version field says. */
export function rawIp(frame: Frame): Layer {
  if (frame.lacks(1)) return frame.other('ip-truncated')
  const version = u8(frame.bytes, frame.at) >> 4
  return version === 4 ? IPV4 : version === 6 ? IPV6 : frame.other('ip-bad-version')
}

/** NULL: an address family in the byte order of the machine that captured. */
export function bsdNull(frame: Frame): Layer {
  if (frame.lacks(4)) return frame.other('null-truncated')
  const big = s32(frame.bytes, frame.at)
  // The family fits in 16 bits, so only one of the two orders has its upper half clear.
  return family(frame, (big & 0xffff0000) === 0 ? big : s32le(frame.bytes, frame.at))
}

/** LOOP: the same, always in network order. */
export function bsdLoop(frame: Frame): Layer {
  if (frame.lacks(4)) return frame.other('null-truncated')
  return family(frame, s32(frame.bytes, frame.at))
}

function family(frame: Frame, value: number): Layer {
  frame.at += 4
  return byFamily(frame, value)
}

/** AF_INET is 2 everywhere; AF_INET6 is 10 on Linux, 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on macOS. */
export function byFamily(frame: Frame, value: number): Layer {
  switch (value) {
    case 2:
      return IPV4
    case 10:
    case 24:
    case 28:
    case 30:
      return IPV6
  }
  return frame.otherNumbered('address-family-', value >>> 0)
}
