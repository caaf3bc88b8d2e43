/**
 * GRE and what is sent over it directly on IP: ERSPAN, PPTP's PPP, WCCP; and the small IP protocols AH and EtherIP.
 *
 * In: the frame at such a header. Out: the layer of the packet inside. RFC 2784 and RFC 2890 (GRE), RFC 2637
 * (version 1, PPTP), RFC 7637 (NVGRE), draft-foschiano-erspan, RFC 4302 (AH), RFC 3378 (EtherIP).
 */
import { s32, u8, u16 } from './bytes.js'
import { byEtherType } from './ethertypes.js'
import type { Frame } from './frame.js'
import { byProtocol } from './ip-protocols.js'
import { ETHERNET, IPV4, type Layer, PPP } from './layer.js'

const CHECKSUM = 0x8000
const ROUTING = 0x4000
const KEY = 0x2000
const SEQUENCE = 0x1000
const ACKNOWLEDGEMENT = 0x0080

const BRIDGING = 0x6558
const ERSPAN = 0x88be
const ERSPAN_III = 0x22eb
const WCCP = 0x883e
const PPTP = 0x880b
/** Virtual subnet ids below 0x1000 are reserved, so a bridging key below this is no NVGRE key. */
const FIRST_NVGRE_KEY = 0x1000 << 8

export function gre(frame: Frame): Layer {
  const { bytes, at } = frame
  if (frame.lacks(4)) return frame.other('gre')
  const flags = u16(bytes, at)
  const type = u16(bytes, at + 2)
  const version = flags & 7
  if (version > 1 || (flags & ROUTING) !== 0) return frame.other('gre')
  let length = 4
  if ((flags & CHECKSUM) !== 0) length += 4
  const keyAt = at + length
  if ((flags & KEY) !== 0) length += 4
  if ((flags & SEQUENCE) !== 0) length += 4
  if (version === 1 && (flags & ACKNOWLEDGEMENT) !== 0) length += 4
  if (frame.lacks(length)) return frame.other('gre')
  frame.at = at + length
  if (version === 1) return pptp(frame, flags, type)
  if (type === ERSPAN || type === ERSPAN_III) return erspan(frame, type, flags)
  name(frame, type, (flags & KEY) !== 0 ? s32(bytes, keyAt) >>> 0 : -1)
  return type === WCCP ? wccp(frame) : byEtherType(frame, type)
}

/**
 * NVGRE's key is a 24-bit network and 8 bits that spread flows over paths and may differ by direction; keys of
 * other bridging tunnels are plain numbers, small in practice.
 */
function name(frame: Frame, type: number, key: number): void {
  if (type === BRIDGING && key >= FIRST_NVGRE_KEY) frame.enter('nvgre', key >>> 8)
  else frame.enter('gre', key)
}

/** Without a sequence number the packet only acknowledges. Call ids differ by direction and name no path. */
function pptp(frame: Frame, flags: number, type: number): Layer {
  if (type !== PPTP || (flags & SEQUENCE) === 0) return frame.other('gre')
  frame.enter('pptp', -1)
  return PPP
}

/** A mirrored frame: type I has no header (and no sequence number), II one of 8 bytes, III one of 12 or 20. */
function erspan(frame: Frame, type: number, flags: number): Layer {
  frame.enter('erspan', -1)
  if (type === ERSPAN) {
    if ((flags & SEQUENCE) !== 0) frame.at += 8
    return ETHERNET
  }
  if (frame.lacks(12)) return frame.other('gre')
  const withSubheader = (u8(frame.bytes, frame.at + 11) & 1) === 1
  frame.at += withSubheader ? 20 : 12
  return ETHERNET
}

/** Version 2 puts 4 bytes before the redirected packet, version 1 none; no IPv4 header begins as those 4 do. */
function wccp(frame: Frame): Layer {
  if (frame.lacks(1)) return frame.other('gre')
  if (u8(frame.bytes, frame.at) >> 4 !== 4) frame.at += 4
  return IPV4
}

/** Authentication header under IPv4: next protocol, and its length in words of 4 bytes less 2. */
export function authentication(frame: Frame): Layer {
  const { bytes, at } = frame
  if (frame.lacks(12)) return frame.other('ah')
  const length = (u8(bytes, at + 1) + 2) * 4
  if (frame.lacks(length)) return frame.other('ah')
  frame.at = at + length
  return byProtocol(frame, u8(bytes, at))
}

/** EtherIP: a version of 3 in the first of two bytes, then Ethernet. */
export function etherIp(frame: Frame): Layer {
  if (frame.lacks(2) || u8(frame.bytes, frame.at) >> 4 !== 3) return frame.other('etherip')
  frame.enter('etherip', -1)
  frame.at += 2
  return ETHERNET
}
