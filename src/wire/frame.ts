/**
 * The packet that is being decoded, and how far the decoding has come: what all layers work on.
 *
 * In: one record's bytes. Out: two ends that each layer narrows. `end` is where the captured bytes stop,
 * `wireEnd` where the layer's bytes stopped on the wire; a cut packet has `end < wireEnd`. No layer may read
 * at or past `end`; lengths that are reported come from `wireEnd`. One instance serves a whole capture.
 */
import { Fragments } from './fragments.js'
import { DONE, type Layer } from './layer.js'
import { type OuterPath, OuterPaths } from './outer.js'
import { OTHER, PacketView } from './packet.js'

/** Reasons with a number in them come from the capture, so only so many different ones are made. */
const MOST_REASONS = 256

const NOTHING = new Uint8Array(0)

export class Frame {
  bytes: Uint8Array = NOTHING
  /** The next byte to look at. */
  at = 0
  end = 0
  wireEnd = 0
  out: PacketView = new PacketView()
  /** The protocol number of the IPv6 header that comes next. */
  next = 0
  /** The radio's header said that 802.11 data begins at a multiple of four bytes. */
  wlanPadded = false
  /** Inside the packet that an ICMP error quotes; `icmp` or `icmpv6` when it does not quote TCP. */
  quotedBy: '' | 'icmp' | 'icmpv6' = ''
  outer: OuterPath
  readonly paths = new OuterPaths()
  readonly fragments = new Fragments()
  private readonly reasons = new Map<string, Map<number, string>>()
  private reasonCount = 0

  constructor() {
    this.outer = this.paths.root
  }

  /** Ends the decoding: not TCP, because of `reason`. */
  other(reason: string): Layer {
    this.out.kind = OTHER
    this.out.reason = this.quotedBy === '' ? reason : this.quotedBy
    return DONE
  }

  /** As {@link other}, with a number in the reason; the text is made once for each number. */
  otherNumbered(prefix: string, number: number, radix: 10 | 16 = 10): Layer {
    let made = this.reasons.get(prefix)
    let reason = made?.get(number)
    if (reason === undefined) {
      if (this.reasonCount >= MOST_REASONS) return this.other(`${prefix}other`)
      reason = prefix + (radix === 16 ? number.toString(16).padStart(4, '0') : number)
      if (made === undefined) {
        made = new Map()
        this.reasons.set(prefix, made)
      }
      made.set(number, reason)
      this.reasonCount++
    }
    return this.other(reason)
  }

  /** Enters a tunnel: what follows belongs to an inner packet. `id` is -1 for a tunnel without one. */
  enter(kind: string, id: number): void {
    this.outer = this.paths.enter(this.outer, kind, id)
  }

  /** True when fewer than `count` bytes from `at` were captured. */
  lacks(count: number): boolean {
    return this.end - this.at < count
  }

  /** The layer's bytes end `length` bytes after `from`: what follows is padding or a trailer. */
  narrow(from: number, length: number): void {
    this.wireEnd = from + length
    if (this.end > this.wireEnd) this.end = this.wireEnd
  }

  /** Goes on with a reassembled payload; false when there is none yet. */
  assemble(payload: Uint8Array | null): boolean {
    if (payload === null) return false
    this.bytes = payload
    this.at = 0
    this.end = payload.length
    this.wireEnd = payload.length
    this.out.reassembled = true
    this.out.ipStart = 0
    return true
  }
}
