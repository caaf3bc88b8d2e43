/**
 * The replay of a connection that went plainly, by numbers alone: how both ends took each packet.
 *
 * In: its packets in the log, what is known of it as a whole. Out: the kind of each row, or false when something has to
 * be weighed: a crossing that matters to a state, bytes that nobody acknowledged, an ACK that says nothing new. The
 * rules are those of `replay/`; a property test holds the two to each other.
 */
import { FIRST_RTO } from '../replay/replay.js'
import { UNKNOWN_WINDOW } from '../rfc9293/machine.js'
import { FIN } from '../wire/packet.js'
import { Columns } from './columns.js'
import { crossings, firstAfterSyns, isCounted, proofs, TAKEN, UNTOLD, type Whole } from './plain-fates.js'
import {
  ASSUMED,
  CLIENT_WAITS,
  CROSSING,
  cellOf,
  FROM_SERVER,
  IMPLIED,
  kindOf,
  MOVE,
  ONE_BYTE,
  PROVED,
  RECEIVED,
  SEEN,
  SERVER_WAITS,
  SOME_BYTES,
} from './row-kinds.js'

/** RFC 7323 section 2.3. */
const WIDEST_SCALE = 14
/** No window was advertised yet. */
const NONE = -1

export class PlainReplay {
  readonly columns = new Columns()
  /** Of each row its kind, and the row that proves that it was taken; negative: none. */
  kind = new Int32Array(64)
  by = new Int32Array(64)
  /** Rows of the close; -1: there is none. */
  firstFin = -1
  ackOfFin = -1
  secondFin = -1
  lastAck = -1
  #after = new Int32Array(64)
  /** Of each end: how sure it is, how far it was acknowledged, the window it was given. */
  readonly #certainty: [number, number] = [SEEN, SEEN]
  readonly #acked: [number, number] = [0, 0]
  readonly #window: [number, number] = [0, 0]
  /** Of each receiver: the rows that it takes only after a later one of its own. */
  readonly #late: readonly [number[], number[]] = [[], []]
  /** Cells of the client and the server in each row. */
  #cells: readonly [Int32Array, Int32Array] = [new Int32Array(64), new Int32Array(64)]

  /** The packets that lie in `columns`; false: only the full replay can tell. */
  replay(whole: Whole): boolean {
    const { columns } = this
    const { count } = columns
    if (count < whole.handshake || !isCounted(columns) || !this.#closesPlainly(whole)) return false
    this.#makeRoom(count)
    if (!proofs(columns, whole, this.by)) return false
    crossings(columns, whole, this.by, this.#after)
    if (!this.#crossesPlainly(whole) || this.#says(whole)) return false
    this.#fold(whole)
    return true
  }

  #makeRoom(count: number): void {
    if (count <= this.kind.length) return
    this.kind = new Int32Array(2 * count)
    this.by = new Int32Array(2 * count)
    this.#after = new Int32Array(2 * count)
    this.#cells = [new Int32Array(2 * count), new Int32Array(2 * count)]
  }

  /** No FIN, or at the end: FIN, perhaps its ACK, the other FIN, its ACK; and no text behind the first. */
  #closesPlainly(whole: Whole): boolean {
    const { columns } = this
    const { count, from, flags, ack, end, len } = columns
    this.firstFin = this.ackOfFin = this.secondFin = this.lastAck = -1
    let row = firstAfterSyns(whole)
    while (row < count && ((flags[row] as number) & FIN) === 0) row++
    if (row === count) return true
    const fin = row++
    const closer = from[fin] as number
    const covers = (of: number): boolean => row < count && ack[row] === end[of] && len[row] === 0
    if (covers(fin) && from[row] !== closer && !columns.carries(row)) this.ackOfFin = row++
    const second = row
    if (!covers(fin) || from[row] === closer || ((flags[row] as number) & FIN) === 0) return false
    row++
    if (!covers(second) || from[row] !== closer || columns.carries(row) || row + 1 !== count) return false
    this.firstFin = fin
    this.secondFin = second
    this.lastAck = row
    return true
  }

  /** Only between the handshake and the close, where no state changes, and in order; bare ACKs may cross the first FIN. */
  #crossesPlainly({ handshake }: Whole): boolean {
    const { count, from } = this.columns
    const quiet = this.firstFin < 0 ? count : this.firstFin
    const latest = [-1, -1]
    for (let row = 0; row < count; row++) {
      const after = this.#after[row] as number
      const takes = Math.max(row, after)
      const own = from[row] as number
      if (takes < (latest[own] as number)) return false
      latest[own] = takes
      if (after <= row || (row >= handshake && after < quiet)) continue
      if (row < handshake || after !== this.firstFin || this.columns.carries(row)) return false
    }
    return true
  }

  /** Something that `replay/notes/` would speak of: an ACK that says the same again, a window that is used up. */
  #says(whole: Whole): boolean {
    const { columns } = this
    const { scale } = whole
    const { count, from, ack, len, end, window } = columns
    const { acked, windows, highest } = this.#saidBefore(whole)
    const isScaleKnown = whole.handshake > 0
    for (let row = firstAfterSyns(whole); row < count; row++) {
      const own = from[row] as number
      const peer = 1 - own
      const bytes = (window[row] as number) << (scale[own] as number)
      if (!columns.carries(row) && windows[own] !== NONE && acked[own] === ack[row]) {
        if (bytes > (windows[own] as number)) return true
        if (highest[peer] !== ack[row] && bytes === windows[own]) return true
      }
      const room = ((acked[peer] as number) + (windows[peer] as number)) | 0
      if (isScaleKnown && (len[row] as number) > 0 && windows[peer] !== NONE && end[row] === room) return true
      acked[own] = ack[row] as number
      windows[own] = bytes
      highest[own] = end[row] as number
    }
    return false
  }

  /** What each end has said before the first row that is no SYN: how far it has sent and acknowledged, its window. */
  #saidBefore({ handshake }: Whole): Readonly<Record<'highest' | 'acked' | 'windows', [number, number]>> {
    const { columns } = this
    const { ack, end, window } = columns
    return handshake > 0
      ? {
          highest: [end[0] as number, end[1] as number],
          acked: [0, ack[1] as number],
          windows: [NONE, window[1] as number],
        }
      : { highest: columns.firstNumbers(), acked: [0, 0], windows: [NONE, NONE] }
  }

  /** Folds the rows through both ends, each in its own order. */
  #fold(whole: Whole): void {
    const { columns } = this
    const { count, from } = columns
    if (whole.handshake > 0) {
      this.#open()
      this.#arrive(whole.handshake - 1, whole)
    } else this.#adopt()
    for (const list of this.#late) list.length = 0
    for (let row = whole.handshake; row < count; row++) {
      const own = from[row] as number
      const waiting = this.#late[own] as number[]
      this.#send(row, whole)
      if ((this.#after[row] as number) > row) this.#late[1 - own]?.push(row)
      else this.#arrive(row, whole)
      let taken = 0
      for (; taken < waiting.length; taken++) {
        const late = waiting[taken] as number
        if ((this.#after[late] as number) > row) break
        this.#arrive(late, whole)
      }
      if (taken > 0) waiting.splice(0, taken)
    }
    for (const list of this.#late) for (const row of list) this.#arrive(row, whole)
    for (let row = 0; row < count; row++) this.kind[row] = this.#kindOf(row)
  }

  /** SYN, SYN+ACK, and the ACK as it leaves. */
  #open(): void {
    const { ack, window, len } = this.columns
    const [client, server] = this.#cells
    client[0] = cellOf(MOVE.synSent, SEEN)
    server[0] = cellOf(MOVE.synTaken, IMPLIED)
    client[1] = cellOf(MOVE.synAckTaken, IMPLIED)
    server[1] = cellOf(MOVE.synAckSent, IMPLIED)
    client[2] = cellOf(len[2] === 0 ? MOVE.open : MOVE.sends, IMPLIED)
    this.#certainty[0] = this.#certainty[1] = IMPLIED
    this.#acked[0] = ack[1] as number
    this.#acked[1] = ack[2] as number
    // A SYN's window is never scaled (RFC 7323 section 2.2).
    this.#window[0] = window[1] as number
  }

  /** Both ends had the connection before, as far as anybody knows, and nothing under way. */
  #adopt(): void {
    const [client, server] = this.columns.firstNumbers()
    this.#certainty[0] = this.#certainty[1] = ASSUMED
    this.#acked[0] = client
    this.#acked[1] = server
    this.#window[0] = this.#window[1] = UNKNOWN_WINDOW >>> WIDEST_SCALE
  }

  #send(row: number, { handshake }: Whole): void {
    const { from, len } = this.columns
    const own = from[row] as 0 | 1
    const text = (len[row] as number) > 0
    let move: number
    if (row === this.firstFin) {
      move = text ? MOVE.sendsAndCloses : MOVE.closes
      this.#certainty[own] = SEEN
    } else if (row === this.secondFin) {
      move = MOVE.closesToo
      this.#certainty[own] = SEEN
    } else if (row === this.ackOfFin) move = MOVE.acksFin
    else if (row === this.lastAck) move = MOVE.waits
    else if (row === 0) move = text ? MOVE.adoptedAndSends : MOVE.adopted
    else {
      // Whoever sends this has its connection, whatever brought it there.
      if (handshake > 0 && this.#certainty[own] === ASSUMED) this.#certainty[own] = IMPLIED
      move = text ? MOVE.sends : MOVE.open
    }
    this.#cells[own][row] = cellOf(move, this.#certainty[own])
  }

  #arrive(row: number, whole: Whole): void {
    const { columns } = this
    const to = (1 - (columns.from[row] as number)) as 0 | 1
    const text = (columns.len[row] as number) > 0
    const ack = columns.ack[row] as number
    const window = (columns.window[row] as number) << whole.scale[to === 0 ? 1 : 0]
    const forward = (ack - this.#acked[to]) | 0
    const isNew = row >= whole.handshake && forward > 0
    const moves = row >= whole.handshake && forward === 0 && window !== this.#window[to]
    // Less than was known to be acknowledged when the capture began: of no account (RFC 9293 section 3.10.7.4 step 5).
    if (forward >= 0) {
      this.#acked[to] = ack
      this.#window[to] = window
    }
    const move = this.#moveOf(row, whole, text, isNew, moves)
    if (CHANGES.has(move)) this.#certainty[to] = this.#certaintyOf(row, whole.captureEnd)
    // Text that was taken met a connection.
    else if (text && whole.handshake > 0 && this.#certainty[to] === ASSUMED) this.#certainty[to] = IMPLIED
    this.#cells[to][row] = cellOf(move, this.#certainty[to])
  }

  #moveOf(row: number, { handshake }: Whole, text: boolean, isNew: boolean, moves: boolean): number {
    if (row === handshake - 1) return text ? MOVE.ackAndTextTaken : MOVE.ackTaken
    if (row === this.ackOfFin) return MOVE.finAcked
    if (row === this.lastAck) return MOVE.takesLastAck
    if (row === this.secondFin) {
      if (this.ackOfFin < 0) return MOVE.takesAckAndLastFin
      return moves ? MOVE.takesWindowAndLastFin : MOVE.takesLastFin
    }
    if (row === this.firstFin) {
      if (isNew) return text ? MOVE.takesNewTextAndFin : MOVE.takesNewAndFin
      if (moves) return text ? MOVE.takesWindowTextAndFin : MOVE.takesWindowAndFin
      return text ? MOVE.takesTextAndFin : MOVE.takesFin
    }
    if (this.#after[row] === this.firstFin && this.firstFin >= 0)
      return isNew ? MOVE.finWaitsTakesNew : moves ? MOVE.finWaitsTakesWindow : MOVE.finWaits
    if (isNew) return text ? MOVE.takesNewAndText : MOVE.takesNew
    if (moves) return text ? MOVE.takesWindowAndText : MOVE.takesWindow
    return text ? MOVE.takesText : MOVE.open
  }

  /** `arrivalCertainty()` of `replay/arriving.ts`. */
  #certaintyOf(row: number, captureEnd: number): number {
    const { columns } = this
    const { count, at, from } = columns
    if ((this.by[row] as number) >= TAKEN) return IMPLIED
    if (row + 1 < count) return from[row + 1] === from[row] ? ASSUMED : IMPLIED
    return captureEnd - (at[row] as number) > FIRST_RTO ? IMPLIED : ASSUMED
  }

  #kindOf(row: number): number {
    const { from, flags, len } = this.columns
    const by = this.by[row] as number
    const bytes = len[row] as number
    const closer = this.secondFin < 0 ? -1 : (from[this.firstFin] as number)
    const bits =
      (flags[row] as number) |
      (from[row] === 0 ? 0 : FROM_SERVER) |
      (bytes === 0 ? 0 : bytes === 1 ? ONE_BYTE : SOME_BYTES) |
      (by === UNTOLD ? 0 : RECEIVED) |
      (by >= 0 ? PROVED : 0) |
      ((this.#after[row] as number) > row ? CROSSING : 0) |
      (row === this.secondFin ? (closer === 0 ? CLIENT_WAITS : SERVER_WAITS) : 0)
    return kindOf(bits, this.#cells[0][row] as number, this.#cells[1][row] as number)
  }
}

/** With these an end changes its state. */
const CHANGES: ReadonlySet<number> = new Set([
  MOVE.ackTaken,
  MOVE.ackAndTextTaken,
  MOVE.finAcked,
  MOVE.takesLastAck,
  MOVE.takesLastFin,
  MOVE.takesWindowAndLastFin,
  MOVE.takesAckAndLastFin,
  MOVE.takesFin,
  MOVE.takesTextAndFin,
  MOVE.takesNewAndFin,
  MOVE.takesNewTextAndFin,
  MOVE.takesWindowAndFin,
  MOVE.takesWindowTextAndFin,
])
