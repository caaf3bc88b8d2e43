/**
 * 802.11 data frames, and the radio headers that captures put before them.
 *
 * In: the frame at such a header. Out: LLC behind a data frame that is not encrypted. IEEE 802.11 clause 9.2.4;
 * radiotap.org; the PPI, Prism and AVS headers as on tcpdump.org's page of link-layer header types.
 */
import { s32, s32le, u8, u16, u16le } from './bytes.js'
import type { Frame } from './frame.js'
import { type Layer, LLC, WLAN } from './layer.js'
import { enterLink } from './link-types.js'

const PROTECTED = 0x4000
const ORDER = 0x8000
const MORE_FRAGMENTS = 0x0400
const PRISM_LENGTH = 144
const AVS_MAGIC = 0x80211

export function wlan(frame: Frame): Layer {
  const { bytes, at } = frame
  if (frame.lacks(24)) return frame.other('wlan')
  const control = u16le(bytes, at)
  // Type 2 is data; of its subtypes, bit 2 (4 to 7, 12 to 15) means no data.
  if (((control >> 2) & 3) !== 2 || (control & 0x40) !== 0) return frame.other('wlan')
  if ((control & PROTECTED) !== 0) return frame.other('wlan-encrypted')
  if ((control & MORE_FRAGMENTS) !== 0 || (u8(bytes, at + 22) & 0x0f) !== 0) return frame.other('fragment')
  const qos = (control & 0x80) !== 0
  // To and from a distribution system: a fourth address.
  let length = 24 + ((control & 0x300) === 0x300 ? 6 : 0)
  if (frame.lacks(length + 2)) return frame.other('wlan')
  const aggregated = qos && (u8(bytes, at + length) & 0x80) !== 0
  if (qos) length += 2 + ((control & ORDER) !== 0 ? 4 : 0)
  if (frame.wlanPadded) length = (length + 3) & ~3
  frame.at = at + length
  return aggregated ? firstOfAggregate(frame) : LLC
}

/** Of an A-MSDU only the first packet: two addresses and a length before its LLC header. */
function firstOfAggregate(frame: Frame): Layer {
  if (frame.lacks(14)) return frame.other('wlan')
  const length = u16(frame.bytes, frame.at + 12)
  frame.at += 14
  if (frame.at + length < frame.wireEnd) frame.narrow(frame.at, length)
  return LLC
}

/** Version, pad, length; of the fields only the flags matter here: is the body padded to four bytes? */
export function radiotap(frame: Frame): Layer {
  const { bytes, at } = frame
  if (frame.lacks(8)) return frame.other('radiotap-truncated')
  const length = u16le(bytes, at + 2)
  if (length < 8 || frame.lacks(length)) return frame.other('radiotap-truncated')
  const present = s32le(bytes, at + 4)
  let field = 8
  // Bit 31: another word of the bit map follows.
  for (let word = present; word < 0 && field + 4 <= length; field += 4) word = s32le(bytes, at + field)
  // Bit 0: a timestamp of 8 bytes on an 8-byte boundary comes before the flags (bit 1).
  if ((present & 1) !== 0) field = ((field + 7) & ~7) + 8
  if ((present & 2) !== 0 && field < length) frame.wlanPadded = (u8(bytes, at + field) & 0x20) !== 0
  frame.at = at + length
  return WLAN
}

/** Prism's 144 bytes, unless it is an AVS header, which some drivers write under this link type. */
export function prism(frame: Frame): Layer {
  if (frame.lacks(8)) return frame.other('prism-truncated')
  if (s32(frame.bytes, frame.at) >>> 12 === AVS_MAGIC) return avs(frame)
  frame.at += PRISM_LENGTH
  return WLAN
}

/** A magic number and the header's length. */
export function avs(frame: Frame): Layer {
  if (frame.lacks(8)) return frame.other('avs-truncated')
  const length = s32(frame.bytes, frame.at + 4)
  if (length < 8 || frame.lacks(length)) return frame.other('avs-truncated')
  frame.at += length
  return WLAN
}

/** Per-Packet Information: version, flags, length, and the link type of what follows. */
export function ppi(frame: Frame): Layer {
  const { bytes, at } = frame
  if (frame.lacks(8)) return frame.other('ppi-truncated')
  const length = u16le(bytes, at + 2)
  if (length < 8) return frame.other('ppi-truncated')
  frame.at = at + length
  return enterLink(frame, s32le(bytes, at + 4))
}
