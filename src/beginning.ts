/**
 * What a long connection is replayed behind when its middle is gone: its first packets, on which numbers and options rest, and
 * whatever was said of SYN, FIN and RST since; nothing else moves an end from state to state (RFC 9293 section 3.3.2, figure 5).
 *
 * In: the segments that go, in their order. Out: those that stay, moved up to what comes behind them; rows of a replay with the
 * numbers that were captured.
 */
import { type Bytes, movedUp, Positions } from './flow/moved-up.js'
import { CLIENT, type End, other, SERVER, type Segment } from './flow/segment.js'
import type { PacketRow } from './report.js'
import { add } from './rfc9293/sequence.js'

/** Packets of the beginning. */
const FIRST = 16
/** Of a SYN, FIN or RST so many packets before it and behind it. */
const BEFORE = 8
const BEHIND = 64
/** So many of these in all: the first, and the latest. */
const MOST = 2048

/** One that stays, and by how many bytes of each end it was moved. */
interface Kept {
  segment: Segment
  readonly by: Bytes
}

export class Beginning {
  #kept: Kept[] = []
  /** What each end has sent in all that is left out. */
  readonly #leftOut: Bytes = [0, 0]
  readonly #positions = new Positions()
  /** Each end has sent something: from the first that it sends its numbers are counted. */
  readonly #heard: [boolean, boolean] = [false, false]
  /** Packets that still belong to the beginning, or to what was said of a SYN, FIN or RST. */
  #behind = FIRST

  get length(): number {
    return this.#kept.length
  }

  /** It is the beginning of the connection that begins with this segment. */
  begins(first: Segment | undefined): boolean {
    return this.#kept[0]?.segment === first
  }

  segments(): Segment[] {
    return this.#kept.map(({ segment }) => segment)
  }

  /** Gives those of the segments, which come next, that don't stay. */
  letGo(segments: readonly Segment[]): readonly Segment[] {
    const stays = this.#staying(segments)
    const gone: Segment[] = []
    let leftOut: Bytes = [0, 0]
    for (const [row, s] of segments.entries()) {
      const by = this.#positions.advance(s)
      if (stays[row] !== true) {
        leftOut[s.from] += by
        gone.push(s)
        continue
      }
      this.#moveUp(this.#kept, leftOut)
      leftOut = [0, 0]
      this.#kept.push({ segment: s, by: [0, 0] })
    }
    this.#moveUp(this.#kept, leftOut)
    if (this.#kept.length > 2 * MOST) for (const s of this.#shorten()) gone.push(s)
    return gone
  }

  /**
   * Of the rows of a replay of `segments()` and what follows them: as if nothing were left out. `sameEnds`: the client is the
   * end whose segments are from 0.
   */
  restore(rows: readonly PacketRow[], sameEnds: boolean): void {
    for (const [n, row] of rows.entries()) {
      const own = (row.from === 'client') === sameEnds ? CLIENT : SERVER
      const by = this.#kept[n]?.by ?? NOT_MOVED
      restored(row, by, this.#leftOut, own)
    }
  }

  #staying(segments: readonly Segment[]): readonly boolean[] {
    const stays: boolean[] = []
    for (const [row, s] of segments.entries()) {
      const isFirst = !this.#heard[s.from]
      this.#heard[s.from] = true
      if (isFirst || s.syn || s.fin || s.rst) {
        stays.fill(true, Math.max(0, row - BEFORE))
        this.#behind = Math.max(this.#behind, BEHIND)
      }
      stays.push(this.#behind > 0)
      if (this.#behind > 0) this.#behind--
    }
    return stays
  }

  /** Leaves out the middle of what has stayed so far. */
  #shorten(): readonly Segment[] {
    const first = this.#kept.slice(0, MOST)
    const middle = this.#kept.slice(MOST, -MOST)
    const positions = new Positions()
    for (const { segment } of first) positions.advance(segment)
    const leftOut: Bytes = [0, 0]
    for (const { segment } of middle) leftOut[segment.from] += positions.advance(segment)
    this.#moveUp(first, leftOut)
    this.#kept = [...first, ...this.#kept.slice(-MOST)]
    return middle.map(({ segment }) => segment)
  }

  /** Behind these so much is left out. */
  #moveUp(before: readonly Kept[], leftOut: Bytes): void {
    if (leftOut[CLIENT] + leftOut[SERVER] === 0) return
    for (const kept of before) {
      kept.segment = movedUp(kept.segment, leftOut)
      for (const end of ENDS) kept.by[end] += leftOut[end]
    }
    for (const end of ENDS) this.#leftOut[end] += leftOut[end]
  }
}

const ENDS = [CLIENT, SERVER] as const
const NOT_MOVED: Bytes = [0, 0]

/** A row of `own`, which was moved by so many bytes, of a replay whose beginning was moved by `leftOut`. */
function restored(
  row: { -readonly [K in keyof PacketRow]: PacketRow[K] },
  by: Bytes,
  leftOut: Bytes,
  own: End,
): void {
  const peer = other(own)
  row.seq = add(row.seq, -by[own])
  row.relativeSeq += leftOut[own] - by[own]
  if (row.ack !== null) row.ack = add(row.ack, -by[peer])
  if (row.relativeAck !== null) row.relativeAck += leftOut[peer] - by[peer]
}
