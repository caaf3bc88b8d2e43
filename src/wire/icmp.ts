/**
 * ICMP and ICMPv6 errors that quote a TCP segment.
 *
 * In: the frame at an ICMP header. Out: type, code, sender and MTU in the view, and the frame at the quoted IP
 * header; what the view then holds of IP and TCP is the quoted segment's. RFC 792, RFC 1191 (MTU), RFC 4443,
 * RFC 4884 (a message may go on behind the quotation).
 */
import { s32, u8, u16 } from './bytes.js'
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
  const code = u8(bytes, at + 1)
  out.icmpType = type
  if (type === 3 && code === 4) out.icmpMtu = u16(bytes, at + 6)
  return quotation(frame, 'icmp', code, u8(bytes, at + 5) * 4)
}

export function icmpv6(frame: Frame): Layer {
  const { bytes, at, out } = frame
  if (frame.lacks(HEADER)) return frame.other('icmpv6')
  const type = u8(bytes, at)
  if (type < 1 || type > V6_LAST_ERROR) return frame.other('icmpv6')
  out.icmpType = type
  if (type === 2) out.icmpMtu = s32(bytes, at + 4) >>> 0
  const length = type === 1 || type === 3 ? u8(bytes, at + 4) * 8 : 0
  return quotation(frame, 'icmpv6', u8(bytes, at + 1), length)
}

/** `length` is that of the quotation in bytes as RFC 4884 has it, 0 when the message doesn't say. */
function quotation(frame: Frame, by: 'icmp' | 'icmpv6', code: number, length: number): Layer {
  const { out } = frame
  frame.at += HEADER
  if (length >= 128 && frame.at + length < frame.wireEnd) frame.narrow(frame.at, length)
  out.icmpCode = code
  out.routerA = out.srcA
  out.routerB = out.srcB
  out.routerC = out.srcC
  out.routerD = out.srcD
  frame.quotedBy = by
  return by === 'icmp' ? IPV4 : IPV6
}
