/**
 * Follows every conversation of a capture as far as it goes plainly, in a few hundred bytes each and without an object.
 *
 * In: decoded packets in capture order. Out: rows of words that say how each plain connection stands; the others are
 * marked as escalated: something happened that only the full replay (`replay/`) can tell, with all their packets.
 * The rule for what is plain: when in doubt, escalate. `test/properties/plain*` holds plain to the full replay.
 */
import type { CaptureRecord } from '../capture/record.js'
import { CLIENT, type End, type Epoch, SERVER } from '../flow/segment.js'
import { ACK, type PacketView, RST, SYN } from '../wire/packet.js'
import type { Row } from './address.js'
import { Ring } from './flight.js'
import {
  CLOSED,
  ESCALATED,
  FIRST,
  LAST_N,
  LAST_S,
  LONG,
  LONG_WORDS,
  MORE_SYNS,
  ONE_HEARD,
  OPEN,
  PACKETS,
  PHASE,
  REFUSED,
  START_N,
  START_S,
  STATE,
  SYN_SEEN,
  SYN_SEQ,
  SYNACK_SEQ,
} from './layout.js'
import { beginInMiddle, hearMiddle, senderOfFirst } from './middle.js'
import { fitsWord, isInTime, isPlainSyn, takeAck, takeRefusal, takeSyn, takeSynAck } from './opening.js'
import { Pages } from './pages.js'
import { beginsAnother } from './reuse.js'
import { packetsIn } from './summary.js'
import { synchronized } from './synchronized.js'
import { FlowTable } from './table.js'

export class PlainFlows {
  readonly v4 = new FlowTable(4)
  readonly v6 = new FlowTable(6)
  readonly long = new Pages(LONG_WORDS)
  /** Segments in flight that outgrew their row: by twice the number of the long row, plus one for the server's. */
  readonly rings = new Map<number, Ring>()
  readonly idleRings: Ring[] = []
  /** What was taken out of flight last: end, seconds, nanoseconds, TSval. */
  readonly answered = new Int32Array(4)
  /** Conversations in the order of their first packets: twice the row's number, plus one for IPv6. */
  order = new Int32Array(1024)
  count = 0
  escalated = 0
  /** Most packets of one that is escalated. */
  longest = 0
  readonly outers: string[] = ['']
  /** After `plainConversation`. */
  sender: End = CLIENT
  /** After `segment` and `error`: which row it was, as in `order`; negative: none. */
  touched = -1
  private readonly looked: { page: Int32Array; base: number; version: 4 | 6 } = {
    page: new Int32Array(0),
    base: 0,
    version: 4,
  }
  private numbers: { readonly v4: Int32Array; readonly v6: Int32Array } | null = null
  private readonly outerNumbers = new Map<string, number>()

  /**
   * Of each capture how many packets were in those before it: rows number packets over all captures. With several the
   * same packet may have been captured twice.
   */
  readonly before: number[] = []
  private base = 0

  /** Length of TIME_WAIT, seconds. */
  timeWait = 60
  /** The first record of the captures: seconds are counted from it. */
  epochSeconds = 0
  epochNanoseconds = 0

  /** Seconds since the epoch: the same double as the full replay's `Segment.at`, so that differences are the same. */
  at(seconds: number, nanoseconds: number): number {
    return (seconds >>> 0) - this.epochSeconds + (nanoseconds - this.epochNanoseconds) / 1e9
  }

  /** Another capture begins, `packets` packets behind the first one's beginning. */
  beginCapture(packets: number): void {
    this.before.push(packets)
    this.base = packets
  }

  get several(): boolean {
    return this.before.length > 1
  }

  /** The packet's number in a row, while its capture is read. */
  numberOf(record: CaptureRecord): number {
    return this.base + record.number
  }

  /** The same of any frame. */
  numberAt(packet: number, capture: number): number {
    return (this.before[capture] ?? 0) + packet
  }

  /** What a row's number stands for: the frame and its capture. */
  frameOf(number: number): { readonly packet: number; readonly capture: number } {
    const capture = this.captureOf(number)
    return { packet: number - this.numberAt(0, capture), capture }
  }

  captureOf(number: number): number {
    const { before } = this
    let capture = 0
    for (let last = before.length - 1; capture < last; ) {
      const middle = (capture + last + 1) >>> 1
      if ((before[middle] as number) < number) capture = middle
      else last = middle - 1
    }
    return capture
  }

  /** A TCP segment. */
  segment(view: PacketView, record: CaptureRecord, epoch: Epoch): void {
    if (this.count === 0) {
      this.epochSeconds = epoch.seconds
      this.epochNanoseconds = epoch.nanoseconds
    }
    const table = this.tableFor(view)
    const row = this.find(table, view)
    if (row < 0) {
      const sender = senderOfFirst(view)
      this.begin(table, table.add(view, this.outerNumber(view.outer), sender), view, record)
      return
    }
    this.touched = codeOf(table, row)
    const { page, base } = table
    const phase = (page[base + STATE] as number) & PHASE
    if (phase === ESCALATED) {
      this.countEscalated(page, base, view)
      return
    }
    // A 4-tuple may have several plain connections, each with a conversation of its own.
    if (phase === CLOSED && !table.backwards && beginsAnother(this, page, base, view, record)) {
      this.begin(table, table.addInPlace(row, view, this.outerNumber(view.outer)), view, record)
      return
    }
    const from = table.backwards ? SERVER : CLIENT
    const plain =
      phase >= OPEN
        ? phase !== REFUSED && synchronized(this, page, base, phase, from, view, record)
        : this.opens(page, base, phase, from, view, record)
    if (plain) return
    this.escalateFrom(table, row)
    this.countEscalated(page, base, view)
  }

  /** An ICMP error that quotes a segment. False when no conversation is known for it. */
  error(view: PacketView): boolean {
    const table = this.tableFor(view)
    const row = this.find(table, view)
    this.touched = row < 0 ? -1 : codeOf(table, row)
    if (row < 0) return false
    if (!isEscalated(table)) this.escalateFrom(table, row)
    return true
  }

  /**
   * The conversation of a packet, the latest on its 4-tuple; or -1: it needs the full replay. `sender` then tells which end
   * sent the packet.
   */
  plainConversation(view: PacketView): number {
    const table = this.tableFor(view)
    const row = this.find(table, view)
    if (row < 0 || isEscalated(table)) return -1
    this.sender = table.backwards ? SERVER : CLIENT
    return this.conversationOf(table, row)
  }

  /** When no more will come: that of a row. */
  conversationOf(table: FlowTable, row: number): number {
    const numbers = table === this.v4 ? this.numbered().v4 : this.numbered().v6
    return numbers[row] as number
  }

  /** The row of a packet whose conversation needs the full replay, valid until the next look; else null. `sender` as above. */
  oddRow(view: PacketView): Row | null {
    const table = this.tableFor(view)
    if (this.find(table, view) < 0 || !isEscalated(table)) return null
    this.sender = table.backwards ? SERVER : CLIENT
    return table
  }

  /**
   * It needs the full replay and has more than so many packets, which all belong to one connection for sure: no other one was on
   * its 4-tuple before, and no SYN begins another.
   */
  isLong(view: PacketView, above: number): boolean {
    const table = this.tableFor(view)
    const row = this.find(table, view)
    if (row < 0 || table.before(row) >= 0) return false
    const { page, base } = table
    const state = page[base + STATE] as number
    const isOne = (state & PHASE) === ESCALATED && (state & MORE_SYNS) === 0
    return isOne && (page[base + PACKETS] as number) > above
  }

  /** The row of a conversation: the same object each time. */
  look(conversation: number): Row {
    const table = this.tableOf(conversation)
    const row = this.rowOf(conversation)
    this.looked.page = table.rows.page(row)
    this.looked.base = table.rows.base(row) + table.keyWords
    this.looked.version = table.version
    return this.looked
  }

  /** Which rows `wants` wants, by `touched`. */
  marked(wants: (conversation: number) => boolean): Uint8Array {
    const marks = new Uint8Array(2 * Math.max(this.v4.count, this.v6.count))
    for (let conversation = 0; conversation < this.count; conversation++)
      if (wants(conversation)) marks[this.order[conversation] as number] = 1
    return marks
  }

  versionOf(conversation: number): 4 | 6 {
    return ((this.order[conversation] as number) & 1) === 0 ? 4 : 6
  }

  /** Gives all connections of a 4-tuple over to the full replay, of which `row` is the latest. */
  escalateFrom(table: FlowTable, row: number): void {
    for (let one = row; one >= 0; one = table.before(one)) {
      const { page, base } = table.at(one)
      if (!isEscalated({ page, base })) this.escalate(page, base)
    }
  }

  /** How many connections there were before it on its 4-tuple, all of them plain. */
  incarnationOf(conversation: number): number {
    return this.tableOf(conversation).countBefore(this.rowOf(conversation))
  }

  /** The conversation before it on its 4-tuple, or -1. */
  conversationBefore(conversation: number): number {
    const table = this.tableOf(conversation)
    const row = table.before(this.rowOf(conversation))
    return row < 0 ? -1 : this.conversationOf(table, row)
  }

  /** Gives the conversation over to the full replay. */
  escalate(page: Int32Array, base: number): void {
    const phase = (page[base + STATE] as number) & PHASE
    const long = (page[base + LONG] as number) - 1
    const packets = packetsIn(this, page, base)
    page[base + PACKETS] = packets
    if (packets > this.longest) this.longest = packets
    page[base + STATE] = ESCALATED
    this.escalated++
    if (phase !== CLOSED && long >= 0) this.releaseLong(long)
    page[base + LONG] = 0
  }

  releaseLong(number: number): void {
    if (this.rings.size > 0) {
      this.freeRing(2 * number)
      this.freeRing(2 * number + 1)
    }
    this.long.release(number)
  }

  ring(key: number): Ring {
    let ring = this.rings.get(key)
    if (ring === undefined) {
      ring = this.idleRings.pop() ?? new Ring()
      this.rings.set(key, ring)
    }
    return ring
  }

  freeRing(key: number): void {
    const ring = this.rings.get(key)
    if (ring === undefined) return
    ring.clear()
    this.rings.delete(key)
    this.idleRings.push(ring)
  }

  tableOf(conversation: number): FlowTable {
    return ((this.order[conversation] as number) & 1) === 0 ? this.v4 : this.v6
  }

  rowOf(conversation: number): number {
    return (this.order[conversation] as number) >>> 1
  }

  /** A packet before the connection is open. */
  private opens(
    page: Int32Array,
    base: number,
    phase: number,
    from: End,
    view: PacketView,
    record: CaptureRecord,
  ): boolean {
    if (phase === ONE_HEARD) return hearMiddle(this, page, base, from, view, record)
    const { seconds, nanoseconds } = record
    if (!isInTime(page, base + LAST_S, seconds, nanoseconds)) return false
    page[base + PACKETS] = (page[base + PACKETS] as number) + 1
    page[base + LAST_S] = seconds | 0
    page[base + LAST_N] = nanoseconds
    if (phase === SYN_SEEN) {
      const take = (view.flags & RST) === 0 ? takeSynAck : takeRefusal
      return from === SERVER && take(this, page, base, view, record)
    }
    return from === CLIENT && takeAck(this, page, base, view, record)
  }

  private begin(table: FlowTable, row: number, view: PacketView, record: CaptureRecord): void {
    if (this.count === this.order.length) {
      const order = new Int32Array(2 * this.count)
      order.set(this.order)
      this.order = order
    }
    this.touched = codeOf(table, row)
    this.order[this.count++] = this.touched
    const { page, base } = table
    page[base + PACKETS] = 1
    page[base + FIRST] = this.numberOf(record)
    page[base + START_S] = page[base + LAST_S] = record.seconds | 0
    page[base + START_N] = page[base + LAST_N] = record.nanoseconds
    const from = table.backwards ? SERVER : CLIENT
    if (fitsWord(record.seconds) && isPlainSyn(view)) takeSyn(page, base, view)
    else if (!beginInMiddle(this, page, base, from, view, record)) {
      page[base + SYN_SEQ] = view.seq
      this.escalate(page, base)
    }
  }

  /** One packet more of an escalated connection. */
  private countEscalated(page: Int32Array, base: number, { flags, seq, ack }: PacketView): void {
    const packets = (page[base + PACKETS] as number) + 1
    page[base + PACKETS] = packets
    if (packets > this.longest) this.longest = packets
    if ((flags & SYN) === 0) return
    const isn = page[base + SYN_SEQ] as number
    const answers = (flags & ACK) !== 0
    // The first answer to a SYN that came twice: nobody kept its number.
    if (answers && page[base + SYNACK_SEQ] === 0) page[base + SYNACK_SEQ] = seq
    const isKnown = answers ? ack === ((isn + 1) | 0) && seq === page[base + SYNACK_SEQ] : seq === isn
    // Behind the first FIN other things stand there: then it is not known, which is to be on the safe side.
    if (!isKnown || (flags & RST) !== 0) page[base + STATE] = (page[base + STATE] as number) | MORE_SYNS
  }

  /** The conversations of all rows; for when no more will come. */
  private numbered(): { readonly v4: Int32Array; readonly v6: Int32Array } {
    const known = this.numbers
    if (known !== null) return known
    const numbers = { v4: new Int32Array(this.v4.count), v6: new Int32Array(this.v6.count) }
    for (let conversation = 0; conversation < this.count; conversation++) {
      const of = this.tableOf(conversation) === this.v4 ? numbers.v4 : numbers.v6
      of[this.rowOf(conversation)] = conversation
    }
    this.numbers = numbers
    return numbers
  }

  private tableFor(view: PacketView): FlowTable {
    return view.ipVersion === 4 ? this.v4 : this.v6
  }

  /** The number of its row, or -1. */
  private find(table: FlowTable, view: PacketView): number {
    return table.find(view, this.outerNumber(view.outer))
  }

  private outerNumber(outer: string): number {
    if (outer === '') return 0
    let known = this.outerNumbers.get(outer)
    if (known === undefined) {
      known = this.outers.length
      this.outerNumbers.set(outer, known)
      this.outers.push(outer)
    }
    return known
  }
}

/** A row of either table. */
const codeOf = (table: FlowTable, row: number): number => 2 * row + (table.version === 4 ? 0 : 1)

export const isEscalated = ({ page, base }: Pick<Row, 'page' | 'base'>): boolean =>
  ((page[base + STATE] as number) & PHASE) === ESCALATED

/** Number of a conversation's first packet, over all captures. */
export const firstPacket = ({ page, base }: Row): number => page[base + FIRST] as number
