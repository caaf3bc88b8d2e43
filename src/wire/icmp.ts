/**
 * ICMP and ICMPv6 errors that quote a TCP segment.
 *
 * In: the frame at an ICMP header. Out: type, code and sender in the view, and the frame at the quoted IP header; what
 * the view then holds of IP and TCP is the quoted segment's. RFC 792, RFC 4443.
 * Where a message goes on behind the quotation (RFC 4884), that is after 128 bytes, behind any header in it.
 */
import { u8 } from './bytes.js'
import type { Frame } from './frame.js'
import { IPV4, IPV6, type Layer } from './layer.js'

const HEADER = 8
/** Unreachable, source quench, time exceeded, parameter problem. A redirect is advice, not an error. */
const V4_ERRORS: ReadonlySet<number> = new Set([3, 4, 11, 12])
/** Unreachable, packet too big, time exceeded, parameter problem. */
const V6_LAST_ERROR = 4

export function icmp(frame: Frame): Layer {
  const { bytes, at, out } = frame
  if (frame.lacks(HEADER)) return frame.other('icmp')
  const type = u8(bytes, at)
  if (!V4_ERRORS.has(type)) return frame.other('icmp')
  out.icmpType = type
  return quotation(frame, 'icmp', u8(bytes, at + 1))
}

export function icmpv6(frame: Frame): Layer {
  const { bytes, at, out } = frame
  if (frame.lacks(HEADER)) return frame.other('icmpv6')
  const type = u8(bytes, at)
  if (type < 1 || type > V6_LAST_ERROR) return frame.other('icmpv6')
  out.icmpType = type
  return quotation(frame, 'icmpv6', u8(bytes, at + 1))
}

function quotation(frame: Frame, by: 'icmp' | 'icmpv6', code: number): Layer {
  const { out } = frame
  frame.at += HEADER
  out.icmpCode = code
  out.routerA = out.srcA
  out.routerB = out.srcB
  out.routerC = out.srcC
  out.routerD = out.srcD
  frame.quotedBy = by
  return by === 'icmp' ? IPV4 : IPV6
}
