/**
 * The rows of plain connections: few kinds, told apart by one number, and numbers of their own in each.
 *
 * In: what a segment is, how both ends took it. Out: the number of its kind; a {@link PacketRow} from the kind and the
 * row's own numbers. Rules and states are those that `replay/` finds for such rows; a property test holds the two to
 * each other, line for line.
 */
import { flagLetters } from '../flow/segment.js'
import { isoTime } from '../replay/iso-time.js'
import type { AnyRule, Certainty, EndState, Note, PacketRow, State } from '../report.js'

/** What a row has of its own, whatever its kind. */
export interface RowNumbers {
  packet: number
  capture: number
  seconds: number
  nanoseconds: number
  /** Seconds since the epoch of the captures. */
  at: number
  flow: number
  seq: number
  ack: number
  relativeSeq: number
  relativeAck: number
  len: number
  window: number
  /** 0: none. */
  receivedBy: number
  /** Of the packet that proves it, for the rows that are proved in another capture; else negative. */
  receivedByCapture: number
  /** When TIME_WAIT ends, for the row that begins it. */
  until: number
}

export const NO_NUMBERS: Readonly<RowNumbers> = {
  packet: 0,
  capture: 0,
  seconds: 0,
  nanoseconds: 0,
  at: 0,
  flow: 0,
  seq: 0,
  ack: 0,
  relativeSeq: 0,
  relativeAck: 0,
  len: 0,
  window: 0,
  receivedBy: 0,
  receivedByCapture: -1,
  until: 0,
}

interface Move {
  readonly was: State
  readonly state: State
  readonly rules: readonly AnyRule[]
}

const ACK_NEW: AnyRule = '3.10.7.4/5-ack/new'
const ACK_WINDOW: AnyRule = '3.10.7.4/5-ack/window'
const ACK_HANDSHAKE: AnyRule = '3.10.7.4/5-ack/syn-received'
const ACK_OF_FIN: AnyRule = '3.10.7.4/5-ack/fin-wait-1/our-fin'
const TEXT: AnyRule = '3.10.7.4/7-text'
const ADOPTED: AnyRule = 'infer/adopted'
const SEND: AnyRule = '3.10.2/send'
const LAST_FIN: AnyRule = '3.10.7.4/8-fin/fin-wait-2'

const stay = (state: State, ...rules: AnyRule[]): Move => ({ was: state, state, rules })
const go = (was: State, state: State, ...rules: AnyRule[]): Move => ({ was, state, rules })

/** How an end takes a row, as a sender or as a receiver. */
const MOVES = {
  synSent: go('CLOSED', 'SYN_SENT', '3.10.1/active'),
  synTaken: go('LISTEN', 'SYN_RECEIVED', '3.10.7.2/3-syn'),
  synAckSent: stay('SYN_RECEIVED'),
  synAckTaken: go('SYN_SENT', 'ESTABLISHED', '3.10.7.3/4-syn/ack'),
  ackTaken: go('SYN_RECEIVED', 'ESTABLISHED', ACK_HANDSHAKE),
  ackAndTextTaken: go('SYN_RECEIVED', 'ESTABLISHED', ACK_HANDSHAKE, TEXT),
  // The first row of a connection that began before the capture.
  adopted: stay('ESTABLISHED', ADOPTED),
  adoptedAndSends: stay('ESTABLISHED', ADOPTED, SEND),
  open: stay('ESTABLISHED'),
  sends: stay('ESTABLISHED', SEND),
  takesText: stay('ESTABLISHED', TEXT),
  takesNew: stay('ESTABLISHED', ACK_NEW),
  takesNewAndText: stay('ESTABLISHED', ACK_NEW, TEXT),
  takesWindow: stay('ESTABLISHED', ACK_WINDOW),
  takesWindowAndText: stay('ESTABLISHED', ACK_WINDOW, TEXT),
  closes: go('ESTABLISHED', 'FIN_WAIT_1', '3.10.4/established'),
  sendsAndCloses: go('ESTABLISHED', 'FIN_WAIT_1', SEND, '3.10.4/established'),
  // An ACK that was under way when its receiver closed.
  finWaits: stay('FIN_WAIT_1'),
  finWaitsTakesNew: stay('FIN_WAIT_1', ACK_NEW),
  finWaitsTakesWindow: stay('FIN_WAIT_1', ACK_WINDOW),
  takesFin: go('ESTABLISHED', 'CLOSE_WAIT', '3.10.7.4/8-fin/open'),
  takesTextAndFin: go('ESTABLISHED', 'CLOSE_WAIT', TEXT, '3.10.7.4/8-fin/open'),
  takesNewAndFin: go('ESTABLISHED', 'CLOSE_WAIT', ACK_NEW, '3.10.7.4/8-fin/open'),
  takesNewTextAndFin: go('ESTABLISHED', 'CLOSE_WAIT', ACK_NEW, TEXT, '3.10.7.4/8-fin/open'),
  takesWindowAndFin: go('ESTABLISHED', 'CLOSE_WAIT', ACK_WINDOW, '3.10.7.4/8-fin/open'),
  takesWindowTextAndFin: go('ESTABLISHED', 'CLOSE_WAIT', ACK_WINDOW, TEXT, '3.10.7.4/8-fin/open'),
  acksFin: stay('CLOSE_WAIT'),
  finAcked: go('FIN_WAIT_1', 'FIN_WAIT_2', ACK_OF_FIN),
  closesToo: go('CLOSE_WAIT', 'LAST_ACK', '3.10.4/close-wait'),
  takesLastFin: go('FIN_WAIT_2', 'TIME_WAIT', LAST_FIN),
  takesWindowAndLastFin: go('FIN_WAIT_2', 'TIME_WAIT', ACK_WINDOW, LAST_FIN),
  takesAckAndLastFin: go('FIN_WAIT_1', 'TIME_WAIT', ACK_OF_FIN, LAST_FIN),
  waits: stay('TIME_WAIT'),
  takesLastAck: go('LAST_ACK', 'CLOSED', '3.10.7.4/5-ack/last-ack/our-fin'),
} as const satisfies Readonly<Record<string, Move>>

export type MoveName = keyof typeof MOVES
const NAMES = Object.keys(MOVES) as MoveName[]
/** Numbers of the moves. */
export const MOVE = Object.fromEntries(NAMES.map((name, n) => [name, n])) as Readonly<
  Record<MoveName, number>
>

export const CERTAINTIES: readonly Certainty[] = ['seen', 'implied', 'assumed']
export const SEEN = 0
export const IMPLIED = 1
export const ASSUMED = 2

/** An end's move and how sure it is, as one number. */
export const cellOf = (move: number, certainty: number): number => move * CERTAINTIES.length + certainty

/** With these moves a reader who takes every packet for received at once would think that the end is ESTABLISHED. */
const HINDSIGHT: ReadonlySet<number> = new Set([
  MOVE.finWaits,
  MOVE.finWaitsTakesNew,
  MOVE.finWaitsTakesWindow,
])

/** With these moves nobody knows what the end was before. */
const BEGINS: ReadonlySet<number> = new Set([MOVE.adopted, MOVE.adoptedAndSends])

const moveIn = (cell: number): number => Math.floor(cell / CERTAINTIES.length)

const CELLS: readonly EndState[] = NAMES.flatMap((name) =>
  CERTAINTIES.map((certainty) => {
    const { state, was, rules } = MOVES[name]
    return { state, was, certainty, rules }
  }),
)

/** Bits of a kind: flags, then these, then a cell of seven bits for each end. */
export const FROM_SERVER = 1 << 8
/** Words may say one byte otherwise than several. */
export const ONE_BYTE = 1 << 9
export const SOME_BYTES = 1 << 10
export const RECEIVED = 1 << 11
export const PROVED = 1 << 12
export const CROSSING = 1 << 13
export const CLIENT_WAITS = 1 << 14
export const SERVER_WAITS = 1 << 15
const CLIENT_CELL = 16
const SERVER_CELL = 23
/** The packet that proves it lies in another capture. */
export const PROVED_ELSEWHERE = 1 << 30
/** In place of all that: the row is like another one, whose number stands below. */
export const LIKE_ANOTHER = 1 << 31
const CELL = 0x7f

export const kindOf = (bits: number, client: number, server: number): number =>
  bits | (client << CLIENT_CELL) | (server << SERVER_CELL)

export const CELL_COUNT = CELLS.length
/** How the client (0), the server (1) took a row of this kind. */
export const cellIn = (kind: number, end: number): number =>
  (kind >>> (end === 0 ? CLIENT_CELL : SERVER_CELL)) & CELL
export const stateIn = (cell: number): EndState => CELLS[cell] as EndState
export const certaintyIn = (cell: number): number => cell % CERTAINTIES.length

const NONE: readonly Note[] = []
const UNKNOWN_BEFORE: readonly Note[] = [{ code: 'state-unknown-before' }]
const ACKED = 1 << 4

const shown = (kind: number, end: number, numbers: RowNumbers): EndState => {
  const cell = cellIn(kind, end)
  const state = stateIn(cell)
  return (kind & PROVED) !== 0 && HINDSIGHT.has(moveIn(cell))
    ? {
        ...state,
        hindsight: {
          instead: 'ESTABLISHED',
          packet: numbers.receivedBy,
          ...elsewhere(kind, numbers, 'capture'),
        },
      }
    : state
}

const elsewhere = <K extends string>(
  kind: number,
  { receivedByCapture }: RowNumbers,
  name: K,
): { readonly [_ in K]?: number } =>
  (kind & PROVED_ELSEWHERE) === 0 ? {} : ({ [name]: receivedByCapture } as { [_ in K]: number })

/** The row, as `replay/` has it. */
export function rowOf(kind: number, numbers: RowNumbers): PacketRow {
  const flags = kind & 0xff
  const acked = (flags & ACKED) !== 0
  return {
    packet: numbers.packet,
    capture: numbers.capture,
    time: isoTime(numbers.seconds, numbers.nanoseconds),
    at: numbers.at,
    from: (kind & FROM_SERVER) === 0 ? 'client' : 'server',
    flags: flagLetters(flags),
    seq: numbers.seq,
    ack: acked ? numbers.ack : null,
    relativeSeq: numbers.relativeSeq,
    relativeAck: acked ? numbers.relativeAck : null,
    len: numbers.len,
    window: numbers.window,
    client: shown(kind, 0, numbers),
    server: shown(kind, 1, numbers),
    received: (kind & RECEIVED) !== 0 ? true : null,
    receivedBy: (kind & PROVED) !== 0 ? numbers.receivedBy : null,
    ...elsewhere(kind, numbers, 'receivedByCapture'),
    crossing: (kind & CROSSING) !== 0,
    notes: notesOf(kind, numbers),
  }
}

function notesOf(kind: number, { until }: RowNumbers): readonly Note[] {
  const side = (kind & CLIENT_WAITS) !== 0 ? 'client' : (kind & SERVER_WAITS) !== 0 ? 'server' : null
  if (side !== null) return [{ code: 'time-wait-until', side, until }]
  const sender = (kind & FROM_SERVER) === 0 ? 0 : 1
  return BEGINS.has(moveIn(cellIn(kind, sender))) ? UNKNOWN_BEFORE : NONE
}
