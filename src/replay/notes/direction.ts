/**
 * What one end has sent so far, and what was said to it about that: the running state behind the notes.
 *
 * In: its segments and its peer's, in capture order. Out: positions in its sequence space as plain numbers that never
 * wrap (0 is its first captured number), so that they can be compared and looked up (RFC 9293 section 3.4).
 */
import { firstThat } from '../../bisection.js'
import type { Segment } from '../../flow/segment.js'
import { diff } from '../../rfc9293/sequence.js'

export class Direction {
  /** End of what was captured of it. */
  highest = 0
  /** Row that last moved `highest`, or -1. */
  highestRow = -1
  #seq = 0
  #starts: number[] = []
  #rows: number[] = []
  /**
   * Row of the first and of the latest copy that starts at a position, where that is not the one in `#rows`: what goes on
   * where the last segment ended needs no entry.
   */
  #first: Map<number, number> | null = null
  #latest: Map<number, number> | null = null
  /** Those of `#starts` at which no bytes start: a segment from below goes on beyond them, or an empty one lies there. */
  #joined: Set<number> | null = null

  /** How far its peer has acknowledged it, and the row that said so. */
  acked = Number.NEGATIVE_INFINITY
  ackedRow = -1
  /** How far its peer has said to hold pieces of it beyond `acked` (RFC 2018). */
  sacked = Number.NEGATIVE_INFINITY
  /** Duplicate ACKs in a row that its peer sent, and when the latest word of trouble came. */
  duplicateAcks = 0
  troubleAt = Number.NEGATIVE_INFINITY

  /** Row of its latest segment, or -1. */
  lastRow = -1
  /** Row and number of its first SYN, the row of its latest, and how many have that number. */
  synRow = -1
  synSeq = 0
  lastSynRow = -1
  synCopies = 0
  /** The same for its SYN+ACKs; in a simultaneous open an end sends both. */
  synAckRow = -1
  synAckCopies = 0
  finRow = -1
  rstRow = -1
  /** Its rows that carry an ACK; by its number the latest of them, of those that were looked up so far. */
  readonly #ackRows: number[] = []
  #rowOfAck: Map<number, number> | null = null
  #lookedUp = 0
  /** It has sent something other than a SYN. */
  movedOn = false

  /** What it last advertised: window in bytes, and the number it acknowledged; null before its first ACK. */
  window: number | null = null
  ack: number | null = null
  /** Row that first acknowledged `ack`, and how many duplicates followed. */
  ackRow = -1
  duplicatesSent = 0

  /** Probes in a row without any other segment of it: keep-alives, and probes of a shut window. */
  keepAlives = 0
  keepAliveRow = -1
  probes = 0
  probeRow = -1

  /** Its IP identifications count up one by one: how often they did, and did not. */
  idsInOrder = 0
  idsNot = 0

  get known(): boolean {
    return this.highestRow >= 0
  }

  carriesAck(row: number): void {
    this.#ackRows.push(row)
  }

  /** Row of its latest segment with the ack number `ack`, or -1. Few ask: until then nothing is sorted in. */
  rowOfAck(ack: number, segments: readonly Pick<Segment, 'ack'>[]): number {
    this.#rowOfAck ??= new Map()
    for (; this.#lookedUp < this.#ackRows.length; this.#lookedUp++) {
      const row = this.#ackRows[this.#lookedUp] as number
      this.#rowOfAck.set((segments[row] as Pick<Segment, 'ack'>).ack, row)
    }
    return this.#rowOfAck.get(ack) ?? -1
  }

  /** The number that comes after what was captured of it. */
  get nextSeq(): number {
    return this.#seq
  }

  /** The position of a sequence number. */
  at(seq: number): number {
    return this.highest + diff(seq, this.#seq)
  }

  /** Its first segment, at `row`, will be a keep-alive: all before `next` is sent and acknowledged. */
  beginsBelow(next: number, row: number): void {
    this.#seq = next
    this.highest = this.acked = 1
    this.highestRow = row
  }

  /** Takes up the numbers `seq` to `end` of the segment at `row`. */
  extend(seq: number, end: number, row: number): void {
    if (!this.known) {
      this.#seq = seq
      this.highest = 0
      this.highestRow = row
    }
    const start = this.at(seq)
    const to = this.at(end)
    if (to > start && start < this.highest) this.#again(start, row)
    if (to <= this.highest) return
    const from = Math.max(start, this.highest)
    if (start < from || to === start) this.#joined = (this.#joined ?? new Set()).add(from)
    else this.#joined?.delete(from)
    this.#starts.push(from)
    this.#rows.push(row)
    this.highest = to
    this.#seq = end
    this.highestRow = row
  }

  /** The segment at `row` starts below `highest`. */
  #again(start: number, row: number): void {
    this.#first ??= new Map()
    this.#latest ??= new Map()
    if (!this.#first.has(start)) {
      const at = this.#entryBefore(start)
      const began = this.#starts[at] === start && this.#joined?.has(start) !== true
      this.#first.set(start, began ? (this.#rows[at] as number) : row)
    }
    this.#latest.set(start, row)
  }

  /** Row of the first copy of the byte at `position`, or -1. */
  firstCopy(position: number): number {
    return this.#first?.get(position) ?? this.#covering(position)
  }

  /** Row of the latest copy of the byte at `position`, or -1. */
  latestCopy(position: number): number {
    return this.#latest?.get(position) ?? this.#covering(position)
  }

  /** The row that first moved `highest` across `position`; it may start behind it, over a gap. */
  #covering(position: number): number {
    return this.#rows[this.#entryBefore(position)] ?? -1
  }

  /** Index of the last of `#starts` that does not lie beyond `position`, or -1. */
  #entryBefore(position: number): number {
    const starts = this.#starts
    return firstThat(0, starts.length, (entry) => (starts[entry] as number) > position) - 1
  }
}
