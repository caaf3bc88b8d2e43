/**
 * One TCP segment of a connection, kept: what `infer/` works on.
 *
 * In: the decoder's reused view. Out: an object of its own, with unsigned numbers and times as seconds since
 * the first packet of the captures.
 */
import type { CaptureRecord } from '../capture/record.js'
import { formatAddress } from '../wire/address.js'
import { ACK, CWR, ECE, FIN, type PacketView, PSH, RST, SYN, URG } from '../wire/packet.js'

/** The two ends of a connection. In a conversation: who sent its first packet, and the other; in a flow: client, server. */
export const CLIENT = 0
export const SERVER = 1
export type End = typeof CLIENT | typeof SERVER

export const other = (end: End): End => (end === CLIENT ? SERVER : CLIENT)

/** Seconds since the epoch and nanoseconds of the first packet: what {@link Segment.at} counts from. */
export interface Epoch {
  readonly seconds: number
  readonly nanoseconds: number
}

/** From one moment to another. */
export const secondsBetween = (a: Epoch, b: Epoch): number =>
  b.seconds - a.seconds + (b.nanoseconds - a.nanoseconds) / 1e9

export interface Segment {
  /** Frame number in its capture, from 1. */
  readonly packet: number
  /** Index of its capture, and of the interface in it. */
  readonly capture: number
  readonly iface: number
  readonly seconds: number
  readonly nanoseconds: number
  /** Seconds since the epoch of the captures. */
  readonly at: number
  from: End
  readonly flags: number
  readonly syn: boolean
  readonly fin: boolean
  readonly rst: boolean
  readonly ackBit: boolean
  /** Unsigned 32-bit. */
  readonly seq: number
  readonly ack: number
  /** Payload bytes on the wire. */
  readonly len: number
  /** SEG.SEQ + SEG.LEN, SYN and FIN counted (RFC 9293 section 3.4). */
  readonly end: number
  /** As in the header, unscaled. */
  readonly window: number
  readonly ttl: number
  readonly ipId: number
  readonly mss: number
  readonly windowScale: number
  readonly sackPermitted: boolean
  /** SACK blocks as [left, right) pairs; the shared empty array when there are none. */
  readonly sack: readonly (readonly [number, number])[]
  readonly hasTimestamps: boolean
  readonly tsVal: number
  readonly tsEcr: number
  readonly fastOpen: number
  readonly hasOptions: boolean
  /** `epb_flags` of pcapng, 0 when unknown. */
  readonly captureFlags: number
  /** Bytes of the segment's frame on the wire, for spotting segmentation offload. */
  readonly wireLength: number
  /** TCP checksum as captured: good, bad, partial (offloaded) or unknown (not checked). */
  readonly checksum: 'good' | 'bad' | 'partial' | 'unknown'
}

const NO_SACK: readonly (readonly [number, number])[] = []

/** Sequence space a segment takes: payload, SYN and FIN (SEG.LEN of RFC 9293 section 3.3.1). */
export const sequenceLength = (s: Segment): number => (s.end - s.seq) >>> 0

/** Copies the view. `from` is the end that sent it. */
export function toSegment(
  view: PacketView,
  record: CaptureRecord,
  capture: number,
  epoch: Epoch,
  from: End,
  checksum: Segment['checksum'],
): Segment {
  const { flags } = view
  const syn = (flags & SYN) !== 0
  const fin = (flags & FIN) !== 0
  const seq = view.seq >>> 0
  let sack = NO_SACK
  if (view.sackBlocks > 0) {
    const blocks: [number, number][] = []
    for (let i = 0; i < view.sackBlocks; i++) {
      blocks.push([(view.sack[2 * i] ?? 0) >>> 0, (view.sack[2 * i + 1] ?? 0) >>> 0])
    }
    sack = blocks
  }
  return {
    packet: record.number,
    capture,
    iface: record.iface.id,
    seconds: record.seconds,
    nanoseconds: record.nanoseconds,
    at: secondsBetween(epoch, record),
    from,
    flags,
    syn,
    fin,
    rst: (flags & RST) !== 0,
    ackBit: (flags & ACK) !== 0,
    seq,
    ack: view.ack >>> 0,
    len: view.length,
    end: (seq + view.length + (syn ? 1 : 0) + (fin ? 1 : 0)) >>> 0,
    window: view.window,
    ttl: view.ttl,
    ipId: view.ipId,
    mss: view.mss,
    windowScale: view.windowScale,
    sackPermitted: view.sackPermitted,
    sack,
    hasTimestamps: view.hasTimestamps,
    tsVal: view.tsVal >>> 0,
    tsEcr: view.tsEcr >>> 0,
    fastOpen: view.fastOpen,
    hasOptions: view.hasOptions,
    captureFlags: record.flags,
    wireLength: record.wireLength,
    checksum,
  }
}

/** The same once more, to be changed by itself. Field by field, so that all segments have one shape. */
export const copyOf = (s: Segment): Segment => ({
  packet: s.packet,
  capture: s.capture,
  iface: s.iface,
  seconds: s.seconds,
  nanoseconds: s.nanoseconds,
  at: s.at,
  from: s.from,
  flags: s.flags,
  syn: s.syn,
  fin: s.fin,
  rst: s.rst,
  ackBit: s.ackBit,
  seq: s.seq,
  ack: s.ack,
  len: s.len,
  end: s.end,
  window: s.window,
  ttl: s.ttl,
  ipId: s.ipId,
  mss: s.mss,
  windowScale: s.windowScale,
  sackPermitted: s.sackPermitted,
  sack: s.sack,
  hasTimestamps: s.hasTimestamps,
  tsVal: s.tsVal,
  tsEcr: s.tsEcr,
  fastOpen: s.fastOpen,
  hasOptions: s.hasOptions,
  captureFlags: s.captureFlags,
  wireLength: s.wireLength,
  checksum: s.checksum,
})

const LETTERS: readonly (readonly [string, number])[] = [
  ['S', SYN],
  ['F', FIN],
  ['R', RST],
  ['P', PSH],
  ['A', ACK],
  ['U', URG],
  ['E', ECE],
  ['C', CWR],
]

const spelt = (flags: number): string =>
  LETTERS.map(([letter, bit]) => ((flags & bit) === 0 ? '' : letter)).join('')

/** Of each combination once: a text of its own for every packet would be most of them again and again. */
const SPELT: readonly string[] = Array.from({ length: 256 }, (_, flags) => spelt(flags))

/** Flags as letters in the order SFRPAUEC, as in the project's JSON. */
export const flagLetters = (flags: number): string => SPELT[flags & 255] as string

/** An ICMP error that quoted a segment of a connection. */
export interface IcmpError {
  readonly packet: number
  readonly capture: number
  readonly seconds: number
  readonly nanoseconds: number
  readonly at: number
  /** Who sent the quoted segment: the end the error is for. */
  to: End
  readonly ipVersion: 4 | 6
  readonly type: number
  readonly code: number
  readonly router: string
  /** Sequence number of the quoted segment. */
  readonly seq: number
}

/** Copies the view of an ICMP error. `to`: the end that sent the segment it quotes. */
export const toIcmpError = (
  view: PacketView,
  record: CaptureRecord,
  capture: number,
  epoch: Epoch,
  to: End,
): IcmpError => ({
  packet: record.number,
  capture,
  seconds: record.seconds,
  nanoseconds: record.nanoseconds,
  at: secondsBetween(epoch, record),
  to,
  ipVersion: view.ipVersion,
  type: view.icmpType,
  code: view.icmpCode,
  router: formatAddress(view.ipVersion, view.routerA, view.routerB, view.routerC, view.routerD),
  seq: view.seq >>> 0,
})
