/**
 * MPLS label stacks and network service headers.
 *
 * In: the frame at the first label. Out: IP, or Ethernet in a pseudowire. A label stack does not say what
 * follows it; as routers that balance load do (RFC 4928), the first four bits decide. RFC 3032, RFC 4448, RFC 8300.
 */
import { u8 } from './bytes.js'
import type { Frame } from './frame.js'
import { ETHERNET, IPV4, IPV6, type Layer, MPLS } from './layer.js'

const LABEL = 4
const CONTROL_WORD = 4

export function mpls(frame: Frame): Layer {
  for (;;) {
    if (frame.lacks(LABEL + 1)) return frame.other('mpls')
    const bottom = (u8(frame.bytes, frame.at + 2) & 1) === 1
    frame.at += LABEL
    if (bottom) break
  }
  switch (u8(frame.bytes, frame.at) >> 4) {
    case 4:
      return IPV4
    case 6:
      return IPV6
    case 0:
      // A control word, which starts with four zero bits so that it can't be taken for IP.
      frame.at += CONTROL_WORD
      return ETHERNET
  }
  return frame.other('mpls')
}

/** Network service header: its length in words of 4 bytes, and what follows. */
export function nsh(frame: Frame): Layer {
  const { bytes, at } = frame
  if (frame.lacks(8)) return frame.other('nsh')
  frame.at = at + (u8(bytes, at + 1) & 0x3f) * 4
  if (frame.at < at + 8) return frame.other('nsh')
  switch (u8(bytes, at + 3)) {
    case 1:
      return IPV4
    case 2:
      return IPV6
    case 3:
      return ETHERNET
    case 5:
      return MPLS
  }
  return frame.other('nsh')
}
