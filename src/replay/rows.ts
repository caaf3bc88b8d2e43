/**
 * The rows of a connection as the report has them: each packet with both ends after it.
 *
 * In: a track with its fates, replayed, and the notes of each row. Out: rows, numbers counted from each end's first.
 */
import { Relative } from '../flow/relative.js'
import { CLIENT, type End, flagLetters, other, SERVER, type Segment } from '../flow/segment.js'
import type { Fate } from '../infer/fate.js'
import { type Track, windowOf } from '../infer/track.js'
import { type EndState, type Note, type PacketRow, SIDES } from '../report.js'
import { add } from '../rfc9293/sequence.js'
import type { State } from '../rfc9293/state.js'
import type { Cell } from './end.js'
import { isoTime } from './iso-time.js'
import { endedUnseen, endsOrphan, isOutside, isTooOld } from './notes/index.js'
import type { Replayed } from './replay.js'

export function rowsOf(
  track: Track,
  fates: readonly Fate[],
  replayed: Replayed,
  notes: readonly (readonly Note[])[],
): PacketRow[] {
  const from = (end: End): Relative | null => {
    const base = track.isn[end] ?? firstSequence(track, end)
    return base === null ? null : new Relative(base)
  }
  const relative = [from(CLIENT), from(SERVER)] as const
  const rows: PacketRow[] = []
  for (let row = 0; row < track.segments.length; row++)
    rows.push(toRow(track, fates, replayed, row, notes[row] ?? [], relative))
  return rows
}

function toRow(
  track: Track,
  fates: readonly Fate[],
  replayed: Replayed,
  row: number,
  notes: readonly Note[],
  relative: readonly [Relative | null, Relative | null],
): PacketRow {
  const s = track.segments[row] as Segment
  const fate = fates[row] as Fate
  const isOwn = track.foreign[row] === 0
  const own = relative[s.from]
  const peer = relative[other(s.from)]
  const sender = replayed.cells[s.from][row] as Cell
  const receiver = replayed.cells[other(s.from)][row] as Cell
  const seen = inHindsight(track, replayed, row, fate, receiver)
  const took = received(fate, receiver, notes)
  const told: PacketRow = {
    packet: s.packet,
    capture: s.capture,
    time: isoTime(s.seconds, s.nanoseconds),
    at: s.at,
    from: SIDES[s.from],
    flags: flagLetters(s.flags),
    seq: s.seq,
    ack: s.ackBit ? s.ack : null,
    relativeSeq: own?.of(s.seq, isOwn) ?? 0,
    relativeAck: s.ackBit ? (peer?.of(s.ack, isOwn) ?? 0) : null,
    len: s.len,
    window: windowOf(track, s),
    // What its own packet shows of the sender is no hindsight.
    client: s.from === CLIENT ? sender : seen,
    server: s.from === SERVER ? sender : seen,
    received: took,
    receivedBy: took === null ? null : packetOf(track, fate.by),
    crossing: fate.after > row,
    notes,
  }
  const capture = took === null ? null : captureOf(track, fate.by, s)
  if (capture === null) return told
  const { crossing, notes: last, ...first } = told
  return { ...first, receivedByCapture: capture, crossing, notes: last }
}

/** An orphan in FIN_WAIT is a TCP that takes the text, though nobody reads it: its RST says so (RFC 9293 section 3.6.1, SHLD-3). */
const received = (fate: Fate, receiver: Cell, notes: readonly Note[]): boolean | null => {
  if (endsOrphan(receiver)) return true
  if (endedUnseen(receiver)) return null
  return isTooOld(receiver) || notes.some((note) => saysRefused(note, receiver)) ? false : fate.received
}

/** Its own note says that its receiver's TCP did not take it; of numbers that look wrong the machine has the last word. */
const saysRefused = (note: Note, receiver: Cell): boolean =>
  (note.code === 'outside-window' && isOutside(receiver)) || (note.code === 'reset' && note.taken === false)

/** Frame numbers begin anew in each capture: that of `row`, where it is another one than that of `s`; else null. */
function captureOf(track: Track, row: number, s: Segment): number | null {
  const capture = row < 0 ? s.capture : (track.segments[row] as Segment).capture
  return capture === s.capture ? null : capture
}

const packetOf = (track: Track, row: number): number | null =>
  row < 0 ? null : ((track.segments[row] as Segment).packet ?? null)

/** Where relative numbers count from when the SYN was not captured: its first segment is 1, as Wireshark has it. */
function firstSequence(track: Track, end: End): number | null {
  const own = track.segments.find((s) => s.from === end)
  if (own !== undefined) return add(own.seq, -1)
  const peer = track.segments.find((s) => s.from !== end && s.ackBit)
  return peer === undefined ? null : add(peer.ack, -1)
}

/** The receiver's cell; and what a reader who trusts every packet has instead, where another packet shows better. */
function inHindsight(track: Track, { trusting }: Replayed, row: number, fate: Fate, cell: Cell): EndState {
  if (trusting === null || row < trusting.from) return cell
  const instead = trusting.states[row - trusting.from] as State
  if (instead === cell.state) return cell
  const proof = fate.gone >= 0 ? fate.gone : fate.by
  const packet = packetOf(track, proof)
  if (packet === null) return cell
  const capture = captureOf(track, proof, track.segments[row] as Segment)
  const { state, was, certainty, rules } = cell
  const hindsight = capture === null ? { instead, packet } : { instead, packet, capture }
  return { state, was, certainty, rules, hindsight }
}
