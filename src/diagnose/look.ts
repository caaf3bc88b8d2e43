/**
 * What many rules ask about the rows of a flow, found in one look: most rules have nothing to say of most flows, and need
 * not go through their rows to know it.
 *
 * In: a flow. Out: its rows without second captures, those with a SYN or a RST, the codes of its notes.
 */
import type { Flow, NoteCode, PacketRow, Side } from '../report.js'

export interface Look {
  /** Second captures too. */
  readonly all: readonly PacketRow[]
  /** Without second captures of the same packet. */
  readonly rows: readonly PacketRow[]
  /** Of those the ones with the SYN flag, and with the RST flag. */
  readonly syns: readonly PacketRow[]
  readonly resets: readonly PacketRow[]
  /** Of all notes of all rows. */
  readonly codes: ReadonlySet<NoteCode>
  /** What is not among the rows. */
  readonly left: LeftOut
}

/** What `eventful.ts` leaves out of the rows. */
export interface LeftOut {
  /** Segments with text or a FIN, of each side. */
  readonly segments: Readonly<Record<Side, number>>
  /** Rows right behind some that were left out: what seems a silence before them is none. */
  readonly before: ReadonlySet<PacketRow>
  /** The same of rows with text or a FIN, among those of their side. */
  readonly textBefore: ReadonlySet<PacketRow>
}

export function lookAt({ rows }: Flow): Look {
  if (latest === null || latest.all !== rows)
    latest = rows.length <= SHORT ? lookAtRows(rows) : remembered(rows)
  return latest
}

/** Mostly one rule after the other asks about the same flow. */
let latest: Look | null = null

/** To look at few rows again is cheaper than to remember what was seen in them. */
const SHORT = 64

function remembered(rows: readonly PacketRow[]): Look {
  const look = looks.get(rows) ?? lookAtRows(rows)
  looks.set(rows, look)
  return look
}
/** Not by flows: some make their rows each time somebody asks, and what was seen in them must go with them. */
const looks = new WeakMap<readonly PacketRow[], Look>()

function lookAtRows(all: readonly PacketRow[]): Look {
  let codes = NO_CODES
  for (const { notes } of all) {
    if (notes.length === 0) continue
    if (codes === NO_CODES) codes = new Set()
    for (const { code } of notes) codes.add(code)
  }
  const rows = codes.has('capture-duplicate') ? all.filter(isNoDuplicate) : all
  return {
    all,
    rows,
    syns: withFlag(rows, 'S'),
    resets: withFlag(rows, 'R'),
    codes,
    left: left.get(all) ?? NONE_LEFT,
  }
}
/** Stays empty. */
const NO_CODES = new Set<NoteCode>()

/** This was left out of `rows`. */
export const leaveOut = (rows: readonly PacketRow[], what: LeftOut): void => {
  left.set(rows, what)
}
const left = new WeakMap<readonly PacketRow[], LeftOut>()
const NONE_LEFT: LeftOut = { segments: { client: 0, server: 0 }, before: new Set(), textBefore: new Set() }

const isNoDuplicate = ({ notes }: PacketRow): boolean =>
  !notes.some(({ code }) => code === 'capture-duplicate')

function withFlag(rows: readonly PacketRow[], flag: string): readonly PacketRow[] {
  let found: PacketRow[] | null = null
  for (const row of rows) {
    if (!row.flags.includes(flag)) continue
    if (found === null) found = [row]
    else found.push(row)
  }
  return found ?? NO_ROWS
}
const NO_ROWS: readonly PacketRow[] = []
