/** Bytes that the receiver acknowledged though the capture does not have them: not lost, only not captured. */
import type { Finding, Flow, PacketRow } from '../report.js'
import { behind, firstOf } from './behind.js'
import { everNoted, hasNote, isOneWay, noteOf, realRows } from './evidence.js'
import { about, held, inEachFlow, opposite, type Rule, type Seen } from './rule.js'

function missed(flow: Flow, seen: Seen): Finding<'not-captured'> | null {
  if (!everNoted(flow, MISSING) || isOneWay(flow) !== null) return null
  const rows = realRows(flow)
  const isGenuine = genuineAcks(rows)
  const holes = rows.flatMap((row, index) => holesOf(row, index, isGenuine).map((bytes) => ({ row, bytes })))
  const [first] = holes
  if (first === undefined) return null
  const drops = seen.captures.some((capture) => capture.drops > 0)
  // The side whose bytes are missing: the sender of the segment behind the hole, or the other end of an ACK.
  const side =
    noteOf(first.row, 'previous-segment-missing') === undefined ? opposite(first.row.from) : first.row.from
  return about(
    flow,
    side,
    'implied',
    holes.slice(0, 12).map(({ row }) => row),
    {
      id: 'not-captured',
      severity: 'note',
      args: held(flow, side, {
        bytes: holes.reduce((sum, { bytes }) => sum + bytes, 0),
        holes: holes.length,
      }),
      causes: drops
        ? [{ code: 'capture-drops', likelihood: 'shown' }]
        : [
            { code: 'capture-drops', likelihood: 'likely' },
            { code: 'asymmetric-path', likelihood: 'possible' },
            { code: 'sampling', likelihood: 'possible' },
          ],
    },
  )
}

const MISSING = ['previous-segment-missing', 'ack-of-unseen'] as const

type IsGenuine = (row: PacketRow, index: number) => boolean

function holesOf(row: PacketRow, index: number, isGenuine: IsGenuine): number[] {
  const before = noteOf(row, 'previous-segment-missing')
  const unseen = noteOf(row, 'ack-of-unseen')
  return [
    ...(before?.kind === 'not-captured' ? [before.bytes] : []),
    ...(unseen !== undefined && unseen.bytes > 0 && isGenuine(row, index) ? [unseen.bytes] : []),
  ]
}

/** Its peer was captured before, and does not go on below what this ACK claims to have: else the ACK is wrong, or older. */
function genuineAcks(rows: readonly PacketRow[]): IsGenuine {
  const first = firstOf(rows, () => true)
  const isNew = (row: PacketRow): boolean => row.len > 0 && !hasNote(row, AGAIN)
  const sent = { client: behind(rows, 'client', isNew), server: behind(rows, 'server', isNew) }
  return (row, index) => {
    const peer = opposite(row.from)
    return first[peer] < index && sent[peer].lowest(index + 1) >= (row.relativeAck ?? 0)
  }
}

const AGAIN = ['retransmission', 'fast-retransmission', 'spurious-retransmission'] as const

export const rule: Rule = {
  id: 'not-captured',
  severity: 'note',
  ...inEachFlow('not-captured', missed, () => '', 'capture'),
}
