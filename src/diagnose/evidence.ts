/**
 * What several rules look for in a flow.
 *
 * In: a flow of the report. Out: rows, times and answers to small questions. RFC 9293 section 3.8.4 (keep-alives).
 */
import { type NoteArguments, type NoteCode, PACKET_ARGUMENTS, type PacketArgument } from '../notes.js'
import type { Flow, PacketRow, Place, Side, State, StateSpan } from '../report.js'
import { lookAt } from './look.js'
import { opposite } from './rule.js'

export const has = (row: PacketRow, flag: string): boolean => row.flags.includes(flag)
export const isSyn = (row: PacketRow): boolean => has(row, 'S') && !has(row, 'A') && !has(row, 'R')
export const isSynAck = (row: PacketRow): boolean => has(row, 'S') && has(row, 'A') && !has(row, 'R')
export const isReset = (row: PacketRow): boolean => has(row, 'R')

export const noteOf = <K extends NoteCode>(
  row: PacketRow,
  code: K,
): (NoteArguments[K] & { code: K }) | undefined =>
  row.notes.find((note) => note.code === code) as (NoteArguments[K] & { code: K }) | undefined

/** The packet that an argument of a note names. */
export function named(row: PacketRow, code: NoteCode, argument: PacketArgument): Place | null {
  const note: Readonly<Record<string, unknown>> | undefined = noteOf(row, code)
  const packet = note?.[argument]
  if (typeof packet !== 'number') return null
  const capture = note?.[`${argument}Capture`]
  return { packet, capture: typeof capture === 'number' ? capture : row.capture }
}

/** Every packet that its notes name. */
export const everyNamed = (row: PacketRow): readonly Place[] =>
  row.notes.flatMap(({ code }) => PACKET_ARGUMENTS.flatMap((argument) => named(row, code, argument) ?? []))

/** One of its notes has one of `codes`. */
export function hasNote({ notes }: PacketRow, codes: readonly NoteCode[]): boolean {
  for (const { code } of notes) if (codes.includes(code)) return true
  return false
}

/** The same of any row of a flow. */
export function everNoted(flow: Flow, codes: readonly NoteCode[]): boolean {
  const known = lookAt(flow).codes
  for (const code of codes) if (known.has(code)) return true
  return false
}

/** Without second captures of the same packet. */
export const realRows = (flow: Flow): readonly PacketRow[] => lookAt(flow).rows

export const rowsFrom = (flow: Flow, side: Side): readonly PacketRow[] =>
  realRows(flow).filter(({ from }) => from === side)

export const spanIn = (flow: Flow, side: Side, state: State): StateSpan | undefined =>
  flow.spans[side].find((span) => span.state === state)

/** It carries text or a FIN: what a connection is for. */
export const carries = (row: PacketRow): boolean => row.len > 0 || has(row, 'F')

/** It says how wide its sender's window is; that of a SYN is not scaled, and none is shut. */
export const tellsWindow = (row: PacketRow): boolean => row.ack !== null && !isReset(row) && !has(row, 'S')

/** Sequence space that a row takes. */
export const lengthOf = (row: PacketRow): number =>
  row.len + (has(row, 'S') ? 1 : 0) + (has(row, 'F') ? 1 : 0)

/** End of the row's bytes, counted as `relativeSeq`. */
export const endOf = (row: PacketRow): number => row.relativeSeq + lengthOf(row)

/** A probe asks whether the peer is still there: nothing or one byte, just below what was sent last. */
interface Probe {
  readonly row: PacketRow
  /** Towards a shut window: it asks whether it is still shut. */
  readonly shut: boolean
}

/** Those of `side` that ask whether the peer is still there. */
export const keepAliveProbes = (flow: Flow, side: Side): PacketRow[] =>
  probesIn(flow)[side].flatMap(({ row, shut }) => (shut ? [] : [row]))

/** The probes of both sides, in order. */
export function probesIn(flow: Flow): Readonly<Record<Side, readonly Probe[]>> {
  const found: Record<Side, Probe[]> = { client: [], server: [] }
  const highest = { client: Number.NEGATIVE_INFINITY, server: Number.NEGATIVE_INFINITY }
  /** The last that each side says of its own window. */
  const isShut = { client: false, server: false }
  const { rows, codes } = lookAt(flow)
  const noted = codes.has('keep-alive')
  for (const row of rows) {
    if (isReset(row)) continue
    const { from } = row
    if (!has(row, 'S')) isShut[from] = row.window === 0
    const below = row.len <= 1 && row.relativeSeq === highest[from] - 1 && row.flags === 'A'
    if (below || (noted && hasNote(row, KEEP_ALIVE))) found[from].push({ row, shut: isShut[opposite(from)] })
    highest[from] = Math.max(highest[from], endOf(row))
  }
  return found
}
const KEEP_ALIVE = ['keep-alive'] as const

/** Only this side's packets were captured, though it acknowledges what the other one must have sent. */
export function isOneWay(flow: Flow): Side | null {
  const [first] = flow.rows
  if (first === undefined || flow.rows.some(({ from }) => from !== first.from)) return null
  const answers = flow.rows.filter((row) => row.ack !== null && !isReset(row) && !isSynAck(row))
  const acks = new Set(answers.map(({ relativeAck }) => relativeAck))
  // In the middle of a connection one number says nothing: the peer may just be silent.
  return acks.size > 1 || (answers.length > 0 && flow.rows.some((row) => has(row, 'S'))) ? first.from : null
}

/** The connection was open on `side`, seen or concluded. */
export const wasOpen = (flow: Flow, side: Side): boolean =>
  flow.spans[side].some(({ state }) => state === 'ESTABLISHED')

/** The first FIN that `side` sent. */
export const finOf = (flow: Flow, side: Side): PacketRow | undefined =>
  realRows(flow).find((row) => row.from === side && has(row, 'F') && !isReset(row))

const PROBE = ['keep-alive', 'zero-window-probe'] as const

/** What a RST answers lies at most so many rows before it, and so many seconds. */
const LOOK_BACK = { rows: 256, seconds: 3 }

/**
 * The segment that a bare RST answers: data, a FIN or a probe of the other end whose ack number is the RST's sequence
 * number (RFC 9293 section 3.5.2), and that its sender had not taken before.
 */
export function answeredBy(
  rows: readonly PacketRow[],
  reset: PacketRow,
  index: number,
): PacketRow | undefined {
  if (has(reset, 'A')) return undefined
  // Below this the RST's sender has taken everything, and taking is no reason for a RST.
  let taken = Number.NEGATIVE_INFINITY
  let heard = false
  const from = Math.max(0, index - LOOK_BACK.rows)
  for (let k = index - 1; k >= from; k--) {
    const row = rows[k] as PacketRow
    if (reset.at - row.at > LOOK_BACK.seconds) return undefined
    if (isReset(row)) continue
    if (row.from === reset.from) {
      taken = Math.max(taken, row.relativeAck ?? taken)
      heard = true
    } else if (row.ack === reset.seq) {
      const probe = hasNote(row, PROBE)
      if (probe ? !heard : lengthOf(row) > 0 && endOf(row) > taken) return row
    }
  }
  return undefined
}

export const isAnswer = (rows: readonly PacketRow[], reset: PacketRow, index: number): boolean =>
  answeredBy(rows, reset, index) !== undefined

/** The first that came from the peer of `side` after `at`, whatever it was. */
export const heardAfter = (flow: Flow, side: Side, at: number): PacketRow | undefined =>
  realRows(flow).find((row) => row.from === opposite(side) && row.at > at)
