/**
 * Of a connection of very many packets the rows that rules ask for: what is ordinary in between is only counted.
 *
 * In: rows, in their order. Out: those at the beginning and at the end, around SYN, FIN and RST and around a silence, those of
 * which something is said, what that names, and those that shut or open a window. Beyond {@link MOST} rows nothing more is kept but
 * the latest: findings then say how often something happened up to there.
 */
import { inCapture, type NoteCode, type PacketRow, type Place, type Side } from '../report.js'
import { carries, everyNamed, has, tellsWindow } from './evidence.js'
import { leaveOut } from './look.js'

/** Kept at either end, in rows, and so many around a SYN, FIN or RST: as far as rules look back from one. */
const EDGE = 1024
const AROUND = 300
/** A silence, in seconds, after which a rule may ask what came before it. */
const SILENCE = 0.2
/** Rows in which those that a note names are still found. */
const RECENT = 4096
const MOST = 50_000

/** No rule counts these: in a long connection they come in thousands. */
const ORDINARY: ReadonlySet<NoteCode> = new Set(['duplicate-ack', 'window-update', 'crossing'])

/** Kept for good; only if it is among the last rows; named by others it may still be wanted. */
interface Recent {
  readonly row: PacketRow
  wanted: boolean
}

export class Eventful {
  #kept: PacketRow[] = []
  /** The latest rows, in their order, of which it is not decided. */
  #recent: Recent[] = []
  /** What is not among the rows, as in `LeftOut`; and of which rows the latest is not. */
  readonly #segments: Record<Side, number> = { client: 0, server: 0 }
  readonly #before = new Set<PacketRow>()
  readonly #textBefore = new Set<PacketRow>()
  readonly #isLeft = { any: false, client: false, server: false }
  /** The window of each side is shut, as the rows that are kept have it. */
  readonly #isShut: Record<Side, boolean> = { client: false, server: false }
  /** The latest of each side with text or a FIN. */
  readonly #lastText: Record<Side, Recent | null> = { client: null, server: null }
  #seen = 0
  /** So many rows more stand behind a SYN, FIN or RST. */
  #behind = 0
  #lastAt = Number.NaN

  constructor(
    private readonly edge = EDGE,
    private readonly recent = RECENT,
    private readonly most = MOST,
  ) {}

  add(rows: readonly PacketRow[]): void {
    for (const row of rows) this.#add(row)
  }

  /** What is kept, once: when no more will come. Here nothing stays of it. */
  rows(): readonly PacketRow[] {
    for (const recent of this.#recent.slice(-this.edge)) recent.wanted = true
    this.#decide(this.#recent.length)
    const left = { segments: this.#segments, before: this.#before, textBefore: this.#textBefore }
    const kept = this.#kept
    leaveOut(kept, left)
    this.#kept = []
    return kept
  }

  #add(row: PacketRow): void {
    const lastText = carries(row) ? this.#lastText[row.from] : null
    const isMute = lastText !== null && row.at - lastText.row.at >= SILENCE
    if (isMute) lastText.wanted = true
    const silent = row.at - this.#lastAt >= SILENCE
    this.#lastAt = row.at
    if (silent) this.#want(1)
    if (CONTROL.some((flag) => has(row, flag))) {
      this.#want(AROUND)
      this.#behind = AROUND
    }
    const isNoted = row.notes.some(({ code }) => !ORDINARY.has(code))
    if (isNoted) this.#wantNamed(row)
    const wanted = this.#seen++ < this.edge || this.#behind > 0 || silent || isMute || isNoted
    if (this.#behind > 0) this.#behind--
    const recent = { row, wanted }
    this.#recent.push(recent)
    if (carries(row)) this.#lastText[row.from] = recent
    if (this.#recent.length >= 2 * this.recent) this.#decide(this.recent)
  }

  /** The last so many rows. */
  #want(count: number): void {
    for (let n = Math.max(0, this.#recent.length - count); n < this.#recent.length; n++)
      (this.#recent[n] as Recent).wanted = true
  }

  #wantNamed(row: PacketRow): void {
    for (const place of everyNamed(row)) {
      const named = this.#recent[this.#firstFrom(place)]
      if (named !== undefined && inCapture(named.row, place) === 0) named.wanted = true
    }
  }

  /** The first of the latest rows that is that packet or was captured behind it: they are in order. */
  #firstFrom(place: Place): number {
    let from = 0
    let to = this.#recent.length
    while (from < to) {
      const middle = (from + to) >>> 1
      if (inCapture((this.#recent[middle] as Recent).row, place) < 0) from = middle + 1
      else to = middle
    }
    return from
  }

  /** The oldest so many are kept, or counted. */
  #decide(count: number): void {
    for (const { row, wanted } of this.#recent.splice(0, count)) {
      const isLast = this.#recent.length === 0
      const isRoom = this.#kept.length < this.most
      if ((wanted && (isRoom || isLast)) || this.#turnsWindow(row, isRoom)) this.#keep(row)
      else this.#leave(row, isRoom)
    }
  }

  /** It shuts its sender's window, or opens it again; of one that is shut somebody wants to know when it was opened. */
  #turnsWindow(row: PacketRow, isRoom: boolean): boolean {
    if (!tellsWindow(row)) return false
    return this.#isShut[row.from] ? row.window > 0 : row.window === 0 && isRoom
  }

  #keep(row: PacketRow): void {
    this.#kept.push(row)
    if (this.#isLeft.any) this.#before.add(row)
    this.#isLeft.any = false
    if (tellsWindow(row)) this.#isShut[row.from] = row.window === 0
    if (!carries(row)) return
    if (this.#isLeft[row.from]) this.#textBefore.add(row)
    this.#isLeft[row.from] = false
  }

  #leave(row: PacketRow, isCounted: boolean): void {
    this.#isLeft.any = true
    if (!carries(row)) return
    this.#isLeft[row.from] = true
    if (isCounted) this.#segments[row.from]++
  }
}

const CONTROL = ['S', 'F', 'R'] as const
