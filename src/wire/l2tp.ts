/**
 * L2TP, version 2: PPP in UDP, as access lines and VPNs carry it.
 *
 * In: the frame at an L2TP header. Out: the PPP frame in a data message. RFC 2661 section 3.1. Version 3
 * (RFC 3931) is not read: the length of its cookie is not in the packet.
 */
import { u16 } from './bytes.js'
import type { Frame } from './frame.js'
import { type Layer, PPP } from './layer.js'

const CONTROL = 0x8000
const LENGTH = 0x4000
const SEQUENCE = 0x0800
const OFFSET = 0x0200
const VERSION = 0x000f
/** Shortest header: flags, tunnel and session. */
const HEADER = 6

export function l2tp(frame: Frame): Layer {
  const { bytes, at } = frame
  if (frame.lacks(HEADER)) return frame.other('udp')
  const flags = u16(bytes, at)
  const version = flags & VERSION
  if (version !== 2) return frame.other(version === 3 ? 'l2tp' : 'udp')
  if ((flags & CONTROL) !== 0) return frame.other('l2tp')
  let header = HEADER
  if ((flags & LENGTH) !== 0) header += 2
  if ((flags & SEQUENCE) !== 0) header += 4
  if ((flags & OFFSET) !== 0) {
    if (frame.lacks(header + 2)) return frame.other('l2tp')
    header += 2 + u16(bytes, at + header)
  }
  if (frame.lacks(header)) return frame.other('l2tp')
  if ((flags & LENGTH) !== 0) {
    const length = u16(bytes, at + 2)
    if (length >= header && at + length < frame.wireEnd) frame.narrow(at, length)
  }
  // Each side names tunnel and session its own way, so they are no part of the path.
  frame.enter('l2tp', -1)
  frame.at = at + header
  return PPP
}
