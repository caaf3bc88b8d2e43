/**
 * Packets built by hand for the tests of `wire/`, header by header, without any code of `src/`.
 *
 * In: fields. Out: bytes. The TCP segment has ports 40001 to 80, seq 0x11223344, ack 0x55667788, PSH and ACK.
 */
import { Decoder } from '../../src/wire/decode.js'
import { PacketView } from '../../src/wire/packet.js'

export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'))
}

export function join(...parts: (Uint8Array | string)[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts.map((part) => (typeof part === 'string' ? hex(part) : part))))
}

export function big16(value: number): Uint8Array {
  return Uint8Array.of((value >> 8) & 0xff, value & 0xff)
}

/** `options` in hex, a multiple of four bytes; `data` in bytes. */
export function tcp(data = 5, options = '', flags = 0x18): Uint8Array {
  const offset = (5 + options.replaceAll(/\s/g, '').length / 8) << 4
  const start = join('9c41 0050 11223344 55667788', Uint8Array.of(offset | (flags >> 8), flags & 0xff))
  return join(start, '01f6 abcd 0000', options, new Uint8Array(data).fill(0x61))
}

export interface Ipv4Fields {
  protocol?: number
  total?: number
  /** Flags and fragment offset; by default don't fragment. */
  fragment?: number
  id?: number
  options?: string
}

/** 192.0.2.10 to 198.51.100.20, TTL 64. */
export function ipv4(payload: Uint8Array, fields: Ipv4Fields = {}): Uint8Array {
  const options = hex(fields.options ?? '')
  const length = 20 + options.length
  return join(
    Uint8Array.of(0x40 | (length / 4), 0),
    big16(fields.total ?? length + payload.length),
    big16(fields.id ?? 0x1234),
    big16(fields.fragment ?? 0x4000),
    Uint8Array.of(64, fields.protocol ?? 6),
    '0000 c000020a c6336414',
    options,
    payload,
  )
}

/** 2001:db8::1 to 2001:db8::2, hop limit 63. */
export function ipv6(payload: Uint8Array, next = 6, length = payload.length): Uint8Array {
  return join('60100000', big16(length), Uint8Array.of(next, 63), A6, B6, payload)
}
export const A6 = '20010db8000000000000000000000001'
export const B6 = '20010db8000000000000000000000002'

export const ADDRESSES = '020000000002 020000000001'

export function ethernet(payload: Uint8Array, type = '0800'): Uint8Array {
  return join(ADDRESSES, type, payload)
}

export function udp(payload: Uint8Array, port: number): Uint8Array {
  return join('c350', big16(port), big16(8 + payload.length), '0000', payload)
}

export interface DecodeFields {
  linkType?: number
  /** Length on the wire; by default what is there. */
  wire?: number
  fcs?: number
  decoder?: Decoder
}

/** Decodes one packet from the middle of a larger buffer, whose other bytes are all ones. */
export function decode(packet: Uint8Array, fields: DecodeFields = {}): PacketView {
  const buffer = new Uint8Array(packet.length + 64).fill(0xff)
  buffer.set(packet, 32)
  const view = new PacketView()
  const decoder = fields.decoder ?? new Decoder()
  const end = 32 + packet.length
  decoder.decode(buffer, 32, end, fields.wire ?? packet.length, fields.linkType ?? 1, fields.fcs ?? 0, view)
  return view
}
