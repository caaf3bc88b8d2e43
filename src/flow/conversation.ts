/**
 * Groups segments by 4-tuple, both directions together.
 *
 * In: decoded packets in capture order. Out: conversations, in order of their first packet. A conversation may
 * hold several connections after one another; `incarnations.ts` parts them.
 */
import type { CaptureRecord } from '../capture/record.js'
import { formatAddress, parseAddress } from '../wire/address.js'
import type { PacketView } from '../wire/packet.js'
import {
  CLIENT,
  type End,
  type Epoch,
  type IcmpError,
  SERVER,
  type Segment,
  toIcmpError,
  toSegment,
} from './segment.js'

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

const keyOf = ({ ends, outer }: Conversation): string => {
  const [a, b] = ends.map(({ address, port }) => half(...(parseAddress(address)?.words ?? NO_ADDRESS), port))
  return `${a} ${b} ${outer}`
}

export class Conversations {
  readonly all: Conversation[] = []
  readonly #byKey = new Map<string, Conversation>()

  /** Goes on with conversations of before. */
  constructor(known: readonly Conversation[] = []) {
    for (const conversation of known) {
      this.#byKey.set(keyOf(conversation), conversation)
      this.all.push(conversation)
    }
  }

  /** A TCP segment. Says which conversation it belongs to. */
  add(
    view: PacketView,
    record: CaptureRecord,
    capture: number,
    epoch: Epoch,
    checksum: (view: PacketView) => Segment['checksum'],
  ): Conversation {
    const src = half(view.srcA, view.srcB, view.srcC, view.srcD, view.srcPort)
    const dst = half(view.dstA, view.dstB, view.dstC, view.dstD, view.dstPort)
    const sum = checksum(view)
    const found = this.#find(src, dst, view.outer)
    if (found !== undefined) {
      found.conversation.segments.push(toSegment(view, record, capture, epoch, found.end, sum))
      return found.conversation
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
    return conversation
  }

  /** An ICMP error that quotes a TCP segment; the view's addresses are the quoted segment's. Says which conversation it is for, if one is known. */
  addError(view: PacketView, record: CaptureRecord, capture: number, epoch: Epoch): Conversation | undefined {
    const src = half(view.srcA, view.srcB, view.srcC, view.srcD, view.srcPort)
    const dst = half(view.dstA, view.dstB, view.dstC, view.dstD, view.dstPort)
    const found = this.#find(src, dst, view.outer)
    if (found === undefined) return undefined
    found.conversation.icmp.push(toIcmpError(view, record, capture, epoch, found.end))
    return found.conversation
  }

  /** Lets conversations go, as if they had never been; later packets on their 4-tuples begin anew. */
  forget(gone: ReadonlySet<Conversation>): void {
    for (const conversation of gone) this.#byKey.delete(keyOf(conversation))
    const left = this.all.filter((conversation) => !gone.has(conversation))
    this.all.length = 0
    for (const conversation of left) this.all.push(conversation)
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
