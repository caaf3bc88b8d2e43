/**
 * Packets of which some are replayed: what the row of such a one says then stands in place of what only a replay asks for.
 *
 * In: packets, the kinds of their rows. Out: what each row has of its own, without a look at its connection.
 */

import { Relative } from '../flow/relative.js'
import { ACK, SYN } from '../wire/packet.js'
import type { Columns } from './columns.js'
import { getDouble, setDouble } from './doubles.js'
import {
  ACKED,
  CAPTURE_FLAGS,
  CONVERSATION,
  INTERFACE,
  IP_ID,
  KIND,
  lengthIn,
  MASK,
  NANOSECONDS,
  NUMBER,
  PacketLog,
  SECONDS,
  SEQ,
  TS_ECR,
  TS_VAL,
  WIRE_LENGTH,
  WORDS,
} from './packet-log.js'
import { CLIENT_WAITS, PROVED_ELSEWHERE, type RowNumbers, SERVER_WAITS } from './row-kinds.js'

/** The number of the packet that proves it. */
const PROOF = IP_ID
const FLOW = INTERFACE
const RELATIVE_SEQ = TS_VAL
const RELATIVE_ACK = TS_ECR
/** What is above the 32 bits of each of these two, 16 bits of it: 128 TiB. */
const RELATIVE_HIGH = CAPTURE_FLAGS
const highOf = (relative: number): number => Math.floor(relative / 2 ** 32)
const whole = (high: number, low: number): number => high * 2 ** 32 + (low >>> 0)
/** The window in bytes. */
const WINDOW = WIRE_LENGTH
/** Two words, of a row that begins TIME_WAIT. */
const UNTIL = CONVERSATION
const WAITS = CLIENT_WAITS | SERVER_WAITS

/** What the rows of a replayed connection say of it. */
export interface Settled {
  readonly flow: number
  /** How far each end's window is shifted. */
  readonly scale: readonly [number, number]
  /** Where its relative numbers count from. */
  readonly bases: readonly [number, number]
  /** When TIME_WAIT ends. */
  readonly until: number
}

export class RowLog extends PacketLog {
  /**
   * The packets of a connection that `read()` gave are replayed: `kind` and `by` are of each row its kind, and the row
   * that proves that it was taken, or negative.
   */
  settle(rows: Columns, kind: Int32Array, by: Int32Array, { flow, scale, bases, until }: Settled): void {
    const { count, place, from, flags, seq, ack, window } = rows
    const relative = [new Relative(bases[0]), new Relative(bases[1])]
    for (let row = 0; row < count; row++) {
      const own = place[row] as number
      const page = this.page(own)
      const at = (own & MASK) * WORDS
      const side = from[row] as number
      const proof = by[row] as number
      const proofNumber = proof < 0 ? 0 : this.word(place[proof] as number, NUMBER)
      const isElsewhere = proof >= 0 && this.#isElsewhere(proofNumber, page[at + NUMBER] as number)
      page[at + KIND] = (kind[row] as number) | (isElsewhere ? PROVED_ELSEWHERE : 0)
      page[at + PROOF] = proofNumber
      page[at + FLOW] = flow
      const relativeSeq = (relative[side] as Relative).of(seq[row] as number)
      // As in the header, where nothing is acknowledged.
      const isAck = ((flags[row] as number) & ACK) !== 0
      const relativeAck = isAck ? (relative[1 - side] as Relative).of(ack[row] as number) : 0
      page[at + RELATIVE_SEQ] = relativeSeq
      page[at + RELATIVE_ACK] = relativeAck
      page[at + RELATIVE_HIGH] = (highOf(relativeSeq) & 0xffff) | (highOf(relativeAck) << 16)
      const isSyn = ((flags[row] as number) & SYN) !== 0
      page[at + WINDOW] = (window[row] as number) << (isSyn ? 0 : (scale[side] as number))
      if (((kind[row] as number) & WAITS) !== 0) setDouble(page, at + UNTIL, until)
    }
  }

  #isElsewhere(one: number, other: number): boolean {
    const { frames } = this
    return frames.several && frames.captureOf(one) !== frames.captureOf(other)
  }

  /** The kind of a row; 0: it is not settled. */
  kind(place: number): number {
    return this.word(place, KIND)
  }

  /** The numbers of a settled row. */
  numbers(place: number, into: RowNumbers): void {
    const page = this.page(place)
    const at = (place & MASK) * WORDS
    const number = page[at + NUMBER] as number
    const capture = this.frames.captureOf(number)
    const before = this.frames.numberAt(0, capture)
    into.packet = number - before
    into.capture = capture
    into.seconds = (page[at + SECONDS] as number) >>> 0
    into.nanoseconds = page[at + NANOSECONDS] as number
    into.at = this.atIn(page, at)
    into.flow = page[at + FLOW] as number
    into.seq = (page[at + SEQ] as number) >>> 0
    into.ack = (page[at + ACKED] as number) >>> 0
    const high = page[at + RELATIVE_HIGH] as number
    into.relativeSeq = whole((high << 16) >> 16, page[at + RELATIVE_SEQ] as number)
    into.relativeAck = whole(high >> 16, page[at + RELATIVE_ACK] as number)
    into.len = lengthIn(page, at)
    into.window = page[at + WINDOW] as number
    const proof = page[at + PROOF] as number
    const kind = page[at + KIND] as number
    if ((kind & WAITS) !== 0) into.until = getDouble(page, at + UNTIL)
    const isElsewhere = (kind & PROVED_ELSEWHERE) !== 0
    into.receivedByCapture = isElsewhere ? this.frames.captureOf(proof) : -1
    into.receivedBy =
      proof === 0 ? 0 : proof - (isElsewhere ? this.frames.numberAt(0, into.receivedByCapture) : before)
  }
}
