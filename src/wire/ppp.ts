/**
 * PPP and what it travels in: HDLC-like framing, PPPoE, Cisco HDLC, frame relay.
 *
 * In: the frame at such a header. Out: the next layer. RFC 1661, RFC 1662 (framing), RFC 2516 (PPPoE),
 * RFC 1547 section 4.3 (Cisco HDLC), RFC 2427 (frame relay). Protocol numbers: IANA ("PPP DLL Protocol Numbers").
 */
import { u8, u16, u24 } from './bytes.js'
import { byEtherType } from './ethertypes.js'
import type { Frame } from './frame.js'
import { CISCO_HDLC, ETHERNET, IPV4, IPV6, type Layer, MPLS } from './layer.js'

const UNNUMBERED = 0x03
const CISCO_UNICAST = 0x0f
const CISCO_MULTICAST = 0x8f

const NAMES: ReadonlyMap<number, string> = new Map([
  [0x002d, 'ppp-vj-compressed'],
  [0x003d, 'ppp-multilink'],
  [0x00fd, 'ppp-compressed'],
  [0x8021, 'ipcp'],
  [0x8057, 'ipv6cp'],
  [0xc021, 'lcp'],
  [0xc023, 'pap'],
  [0xc223, 'chap'],
])

/** With or without the framing's address and control bytes; BSD writes the direction in place of the address. */
export function ppp(frame: Frame): Layer {
  if (frame.lacks(2)) return frame.other('ppp-truncated')
  const address = u8(frame.bytes, frame.at)
  if (address === CISCO_UNICAST || address === CISCO_MULTICAST) return CISCO_HDLC
  if (u8(frame.bytes, frame.at + 1) === UNNUMBERED) frame.at += 2
  if (frame.lacks(2)) return frame.other('ppp-truncated')
  const { bytes, at } = frame
  // Protocol field compression (RFC 1661 section 6.5): numbers end in an odd byte, so an odd first byte is all.
  const compressed = (u8(bytes, at) & 1) === 1
  const protocol = compressed ? u8(bytes, at) : u16(bytes, at)
  frame.at = at + (compressed ? 1 : 2)
  if (protocol === 0x0021) return IPV4
  if (protocol === 0x0057) return IPV6
  if (protocol === 0x0281 || protocol === 0x0283) return MPLS
  const name = NAMES.get(protocol)
  return name !== undefined ? frame.other(name) : frame.otherNumbered('ppp-0x', protocol, 16)
}

/** A PPPoE session header of 6 bytes; its length leaves Ethernet's padding out. */
export function pppoe(frame: Frame): Layer {
  const { bytes, at } = frame
  if (frame.lacks(6)) return frame.other('ppp-truncated')
  if (u8(bytes, at) !== 0x11 || u8(bytes, at + 1) !== 0) return frame.other('pppoe-discovery')
  const length = u16(bytes, at + 4)
  frame.at = at + 6
  if (frame.at + length < frame.wireEnd) frame.narrow(frame.at, length)
  return ppp(frame)
}

/** Address, control and an ethertype. */
export function ciscoHdlc(frame: Frame): Layer {
  if (frame.lacks(4)) return frame.other('hdlc-truncated')
  const type = u16(frame.bytes, frame.at + 2)
  frame.at += 4
  if (type === 0x8035) return frame.other('slarp')
  return type === 0x2000 ? frame.other('cdp') : byEtherType(frame, type)
}

/** A Q.922 address of 2 to 4 bytes, then RFC 2427's control and NLPID, or Cisco's ethertype. */
export function frameRelay(frame: Frame): Layer {
  const { bytes } = frame
  let at = frame.at
  // The lowest bit marks the address's last byte.
  while (at < frame.end && at < frame.at + 3 && (u8(bytes, at) & 1) === 0) at++
  frame.at = at + 1
  if (frame.lacks(3)) return frame.other('frame-relay')
  if (u8(bytes, frame.at) !== UNNUMBERED) {
    const type = u16(bytes, frame.at)
    frame.at += 2
    return byEtherType(frame, type)
  }
  // A pad byte of zero may stand before the NLPID.
  const nlpidAt = frame.at + (u8(bytes, frame.at + 1) === 0 ? 2 : 1)
  const nlpid = u8(bytes, nlpidAt)
  frame.at = nlpidAt + 1
  if (nlpid === 0xcc) return IPV4
  if (nlpid === 0x8e) return IPV6
  if (nlpid === 0xcf) return ppp(frame)
  if (nlpid !== 0x80 || frame.lacks(5)) return frame.other('frame-relay')
  // RFC 2427 section 4.1 and 4.2: SNAP, an ethertype, or bridged Ethernet with or without its check sequence.
  const organisation = u24(bytes, frame.at)
  const type = u16(bytes, frame.at + 3)
  frame.at += 5
  if (organisation === 0) return byEtherType(frame, type)
  return organisation === 0x80c2 && (type === 1 || type === 7) ? ETHERNET : frame.other('frame-relay')
}
