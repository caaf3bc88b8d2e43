/**
 * Groups segments by 4-tuple, both directions together.
 *
 * In: decoded packets in capture order. Out: conversations, in order of their first packet. A conversation may
 * hold several connections after one another; `incarnations.ts` parts them.
 */
import type { CaptureRecord } from '../capture/record.js'
import { formatAddress, parseAddress } from '../wire/address.js'
import { type PacketView, SYN } from '../wire/packet.js'
import { CLIENT, type End, type Epoch, type IcmpError, SERVER, type Segment, toSegment } from './segment.js'

export interface Address {
  readonly address: string
  readonly port: number
}

export interface Conversation {
  /** The ends, the sender of the first packet first. */
  readonly ends: readonly [Address, Address]
  readonly ipVersion: 4 | 6
  /** Tunnel around it, '' for none. */
  readonly outer: string
  readonly segments: Segment[]
  readonly icmp: IcmpError[]
}

const half = (a: number, b: number, c: number, d: number, port: number): string =>
  `${a >>> 0}.${b >>> 0}.${c >>> 0}.${d >>> 0}.${port}`

const NO_ADDRESS = [0, 0, 0, 0] as const

export class Conversations {
  readonly all: Conversation[] = []
  readonly #byKey = new Map<string, Conversation>()

  /** A TCP segment. */
  add(
    view: PacketView,
    record: CaptureRecord,
    capture: number,
    epoch: Epoch,
    checksum: (view: PacketView) => Segment['checksum'],
  ): void {
    const src = half(view.srcA, view.srcB, view.srcC, view.srcD, view.srcPort)
    const dst = half(view.dstA, view.dstB, view.dstC, view.dstD, view.dstPort)
    // A SYN is small, and tells as much as any packet whether its host leaves checksums to its card.
    const sum = (view.flags & SYN) !== 0 ? checksum(view) : 'unknown'
    const found = this.#find(src, dst, view.outer)
    if (found !== undefined) {
      found.conversation.segments.push(toSegment(view, record, capture, epoch, found.end, sum))
      return
    }
    const conversation: Conversation = {
      ends: [
        {
          address: formatAddress(view.ipVersion, view.srcA, view.srcB, view.srcC, view.srcD),
          port: view.srcPort,
        },
        {
          address: formatAddress(view.ipVersion, view.dstA, view.dstB, view.dstC, view.dstD),
          port: view.dstPort,
        },
      ],
      ipVersion: view.ipVersion,
      outer: view.outer,
      segments: [toSegment(view, record, capture, epoch, CLIENT, sum)],
      icmp: [],
    }
    this.#byKey.set(`${src} ${dst} ${view.outer}`, conversation)
    this.all.push(conversation)
  }

  /** An ICMP error that quotes a TCP segment; the view's addresses are the quoted segment's. False when no flow is known for it. */
  addError(view: PacketView, record: CaptureRecord, capture: number, epoch: Epoch): boolean {
    const src = half(view.srcA, view.srcB, view.srcC, view.srcD, view.srcPort)
    const dst = half(view.dstA, view.dstB, view.dstC, view.dstD, view.dstPort)
    const found = this.#find(src, dst, view.outer)
    if (found === undefined) return false
    found.conversation.icmp.push({
      packet: record.number,
      capture,
      seconds: record.seconds,
      nanoseconds: record.nanoseconds,
      at: record.seconds - epoch.seconds + (record.nanoseconds - epoch.nanoseconds) / 1e9,
      to: found.end,
      ipVersion: view.ipVersion,
      type: view.icmpType,
      code: view.icmpCode,
      router: formatAddress(view.ipVersion, view.routerA, view.routerB, view.routerC, view.routerD),
      seq: view.seq >>> 0,
    })
    return true
  }

  /** The conversation of a pair, and which of its ends `src` is. */
  #find(src: string, dst: string, outer: string): { conversation: Conversation; end: End } | undefined {
    const forward = this.#byKey.get(`${src} ${dst} ${outer}`)
    if (forward !== undefined) return { conversation: forward, end: CLIENT }
    const backward = this.#byKey.get(`${dst} ${src} ${outer}`)
    if (backward !== undefined) return { conversation: backward, end: SERVER }
    return undefined
  }
}
