/**
 * The TCP header.
 *
 * In: the frame at a TCP header, narrowed to its IP packet. Out: all TCP fields of the view.
 * RFC 9293 section 3.1; the AE bit RFC 9768.
 *
 * Of a packet that the snap length cut, 14 bytes of the header must be there: ports, sequence numbers, data
 * offset and flags. Of a segment quoted in an ICMP error the 8 bytes that RFC 792 promises are enough.
 */
import { s32, u8, u16 } from './bytes.js'
import type { Frame } from './frame.js'
import { DONE, type Layer } from './layer.js'
import { ACK, ICMP_ERROR, TCP } from './packet.js'
import { tcpOptions } from './tcp-options.js'

const HEADER = 20
const NEEDED = 14
const QUOTED_NEEDED = 8

export function tcp(frame: Frame): Layer {
  const { bytes, at, out } = frame
  const captured = frame.end - at
  const onWire = frame.wireEnd - at
  if (onWire < HEADER && frame.quotedBy === '') return frame.other('tcp-bad-header')
  if (captured < NEEDED) return cut(frame, captured)
  const headerLength = (u8(bytes, at + 12) & 0xf0) >> 2
  if (headerLength < HEADER || headerLength > onWire) {
    if (frame.quotedBy === '') return frame.other('tcp-bad-header')
    return cut(frame, QUOTED_NEEDED)
  }
  const flags = u8(bytes, at + 13) | ((u8(bytes, at + 12) & 1) << 8)
  out.bytes = bytes
  out.tcpStart = at
  out.headerLength = headerLength
  out.srcPort = u16(bytes, at)
  out.dstPort = u16(bytes, at + 2)
  out.seq = s32(bytes, at + 4)
  out.ack = (flags & ACK) === 0 ? 0 : s32(bytes, at + 8)
  out.flags = flags
  out.length = onWire - headerLength
  if (captured >= HEADER) {
    out.window = u16(bytes, at + 14)
    if (headerLength > HEADER) tcpOptions(bytes, at + HEADER, at + headerLength, frame.end, out)
  } else {
    fieldsThatAreThere(frame, captured)
  }
  const payload = at + headerLength
  out.payloadStart = Math.min(payload, frame.end)
  out.payloadEnd = frame.end
  out.kind = frame.quotedBy === '' ? TCP : ICMP_ERROR
  return DONE
}

/** Between 14 and 19 bytes of the header were captured. */
function fieldsThatAreThere(frame: Frame, captured: number): void {
  const { bytes, at, out } = frame
  out.windowCut = captured < 16
  out.window = out.windowCut ? 65_535 : u16(bytes, at + 14)
  out.optionsCut = out.headerLength > HEADER
  out.hasOptions = out.headerLength > HEADER
}

/** Too little of the header for a segment; in an ICMP error ports and sequence number will do. */
function cut(frame: Frame, captured: number): Layer {
  const { bytes, at, out } = frame
  if (frame.quotedBy === '' || captured < QUOTED_NEEDED) return frame.other('tcp-truncated')
  out.bytes = bytes
  out.tcpStart = at
  out.srcPort = u16(bytes, at)
  out.dstPort = u16(bytes, at + 2)
  out.seq = s32(bytes, at + 4)
  out.window = 65_535
  out.windowCut = true
  out.optionsCut = true
  out.payloadStart = out.payloadEnd = frame.end
  out.kind = ICMP_ERROR
  return DONE
}
