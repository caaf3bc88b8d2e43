/**
 * What an end has sent in vain: the copies of its oldest bytes that nobody acknowledged.
 *
 * In: the segments of a connection, an end, a time. Out: those segments. Asked for each state of each end: what is the
 * same every time is found once.
 */
import { firstThat } from '../bisection.js'
import { CLIENT, type End, type Segment, sequenceLength } from '../flow/segment.js'
import { gt, leq } from '../rfc9293/sequence.js'
import type { Timeline } from './track.js'

/** The copies of the oldest bytes of `end` that nobody acknowledged up to `to`, oldest first. */
export function unacknowledged(track: Timeline, end: End, to: number): Segment[] {
  const { segments } = track
  const until = firstThat(0, segments.length, (row) => (segments[row] as Segment).at >= to)
  const { acked, carriers } = track.outlines[end]
  const ackedUpTo = until === 0 ? Number.NaN : (acked[until - 1] as number)
  // Who was never answered within the capture shows by what it sends again what is out, not by what it sent first.
  const latest = Number.isNaN(ackedUpTo) ? firstFrom(carriers, until) - 1 : -1
  const repeated = latest < 0 ? undefined : segments[carriers[latest] as number]
  const copies: Segment[] = []
  for (let k = firstFrom(carriers, until - BACK); k < carriers.length; k++) {
    const row = carriers[k] as number
    if (row >= until) break
    const s = segments[row] as Segment
    if ((track.duplicateOf[row] as number) >= 0) continue
    const oldest = repeated?.seq ?? ackedUpTo
    if (leq(s.seq, oldest) && gt(s.end, oldest)) copies.push(s)
  }
  return copies
}

/** Copies of the same bytes lie within so many rows. */
const BACK = 1024

/** Index of the first of these rows, which ascend, that is not before `row`. */
const firstFrom = (rows: readonly number[], row: number): number =>
  firstThat(0, rows.length, (k) => (rows[k] as number) >= row)

/** What is asked of one end's segments again and again. */
export interface Outline {
  /** For each row: how far its peer has acknowledged it up to there; NaN: not at all. */
  readonly acked: number[]
  /** Its rows that take sequence space. */
  readonly carriers: number[]
}

export function outlinesOf(segments: readonly Segment[]): readonly [Outline, Outline] {
  const client: Outline = { acked: [], carriers: [] }
  const server: Outline = { acked: [], carriers: [] }
  let ofClient = Number.NaN
  let ofServer = Number.NaN
  for (let row = 0; row < segments.length; row++) {
    const s = segments[row] as Segment
    const isClients = s.from === CLIENT
    if (!s.rst) {
      if (sequenceLength(s) > 0) (isClients ? client : server).carriers.push(row)
      if (s.ackBit && isClients) ofServer = further(ofServer, s.ack)
      else if (s.ackBit) ofClient = further(ofClient, s.ack)
    }
    client.acked.push(ofClient)
    server.acked.push(ofServer)
  }
  return [client, server]
}

const further = (acked: number, ack: number): number => (Number.isNaN(acked) || gt(ack, acked) ? ack : acked)
