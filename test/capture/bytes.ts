/** Builds captures octet by octet, by the formats' texts and not by the readers. */

export type Octets = readonly number[]

export function u16(value: number, little: boolean): number[] {
  const low = value & 0xff
  const high = (value >>> 8) & 0xff
  return little ? [low, high] : [high, low]
}

export function u32(value: number, little: boolean): number[] {
  const octets = [value >>> 24, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]
  return little ? octets.reverse() : octets
}

/** 64 bits as pcapng options carry them. */
export function u64(value: bigint, little: boolean): number[] {
  const high = u32(Number((value >> 32n) & 0xffff_ffffn), little)
  const low = u32(Number(value & 0xffff_ffffn), little)
  return little ? [...low, ...high] : [...high, ...low]
}

export function ascii(text: string): number[] {
  return [...Buffer.from(text, 'utf8')]
}

export interface PcapShape {
  little?: boolean
  magic?: number
  minor?: number
  major?: number
  snap?: number
  link?: number
}

export interface PcapRecord {
  seconds: number
  fraction: number
  data: Octets
  /** Defaults to the data's length. */
  captured?: number
  original?: number
}

export function pcapHeader(shape: PcapShape = {}): number[] {
  const { little = true, magic = 0xa1b2c3d4, major = 2, minor = 4, snap = 262_144, link = 1 } = shape
  return [
    ...u32(magic, little),
    ...u16(major, little),
    ...u16(minor, little),
    ...u32(0, little),
    ...u32(0, little),
    ...u32(snap, little),
    ...u32(link, little),
  ]
}

export function pcapRecord(record: PcapRecord, little = true, extra: Octets = []): number[] {
  const { seconds, fraction, data } = record
  const captured = record.captured ?? data.length
  return [
    ...u32(seconds, little),
    ...u32(fraction, little),
    ...u32(captured, little),
    ...u32(record.original ?? captured, little),
    ...extra,
    ...data,
  ]
}

export function pcap(records: readonly PcapRecord[], shape: PcapShape = {}): Uint8Array {
  const extra = shape.magic === 0xa1b2cd34 ? [2, 0, 0, 0, 8, 0, 4, 0] : []
  const parts = records.map((record) => pcapRecord(record, shape.little, extra))
  return Uint8Array.from([pcapHeader(shape), ...parts].flat())
}

export function block(type: number, body: Octets, little = true): number[] {
  const padded = [...body, ...new Array<number>((4 - (body.length % 4)) % 4).fill(0)]
  const length = u32(12 + padded.length, little)
  return [...u32(type, little), ...length, ...padded, ...length]
}

export function option(code: number, value: Octets, little = true): number[] {
  const padding = new Array<number>((4 - (value.length % 4)) % 4).fill(0)
  return [...u16(code, little), ...u16(value.length, little), ...value, ...padding]
}

export const END_OF_OPTIONS: Octets = [0, 0, 0, 0]

export function section(little = true, options: Octets = [], major = 1, minor = 0): number[] {
  const noLength = new Array<number>(8).fill(0xff)
  const body = [
    ...u32(0x1a2b3c4d, little),
    ...u16(major, little),
    ...u16(minor, little),
    ...noLength,
    ...options,
  ]
  return block(0x0a0d0d0a, body, little)
}

export function description(little = true, link = 1, snap = 0, options: Octets = []): number[] {
  return block(1, [...u16(link, little), 0, 0, ...u32(snap, little), ...options], little)
}

export interface Packet {
  id?: number
  ticks: bigint
  data: Octets
  captured?: number
  original?: number
  options?: Octets
}

export function enhanced(packet: Packet, little = true): number[] {
  const { id = 0, ticks, data, options = [] } = packet
  const padding = new Array<number>((4 - (data.length % 4)) % 4).fill(0)
  return block(
    6,
    [
      ...u32(id, little),
      ...u32(Number((ticks >> 32n) & 0xffff_ffffn), little),
      ...u32(Number(ticks & 0xffff_ffffn), little),
      ...u32(packet.captured ?? data.length, little),
      ...u32(packet.original ?? data.length, little),
      ...data,
      ...padding,
      ...options,
    ],
    little,
  )
}
