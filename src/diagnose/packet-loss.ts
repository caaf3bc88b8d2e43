/**
 * Data sent again: how much, in which direction, how long it waited, and on which side of the capture point it was lost.
 *
 * In: the notes of the rows. The original is in the capture: it was lost behind it. It is not: lost before it.
 * RFC 6298, RFC 8985.
 */
import type { CauseOf } from '../findings.js'
import type { Finding, Flow, Likelihood, PacketRow, Severity, Side } from '../report.js'
import { hasNote, isOneWay, noteOf, realRows } from './evidence.js'
import { about, held, inEachFlow, type Rule, type Seen } from './rule.js'

/** Share of segments sent again, and seconds of waiting, from which on it is more than a note. */
const WARNING = { share: 0.01, stall: 1, least: 3 }
const PROBLEM = { share: 0.05, stall: 5, least: 5 }

interface Again {
  readonly row: PacketRow
  /** The copy before it, when it was captured. */
  readonly first: PacketRow | null
}

function lost(side: Side, flow: Flow): Finding<'packet-loss'> | null {
  if (isOneWay(flow) !== null) return null
  const rows = realRows(flow)
  const byPacket = new Map(rows.map((row) => [row.packet, row]))
  const again = rows.flatMap((row): Again[] => {
    if (row.from !== side || !hasNote(row, 'retransmission', 'fast-retransmission', 'fin-retransmission'))
      return []
    const of =
      noteOf(row, 'fin-retransmission')?.of ??
      noteOf(row, 'retransmission')?.of ??
      noteOf(row, 'fast-retransmission')?.of ??
      null
    return [{ row, first: of === null ? null : (byPacket.get(of) ?? null) }]
  })
  if (again.length === 0) return null
  const sent = rows.filter((row) => row.from === side && (row.len > 0 || row.flags.includes('F'))).length
  const after = again.filter(({ first }) => first !== null).length
  const stall = again.reduce(
    (most, { row, first }) => Math.max(most, first === null ? 0 : row.at - first.at),
    0,
  )
  const where = after === again.length ? 'after' : after === 0 ? 'before' : 'both'
  return {
    ...about(
      flow,
      side,
      'implied',
      again.slice(0, 8).flatMap(({ row, first }) => [first?.packet ?? null, row.packet]),
    ),
    id: 'packet-loss',
    severity: severityOf(again.length, sent, stall),
    args: { ...held(flow, side), again: again.length, sent, stall, where },
    causes: ranked(again),
  }
}

function severityOf(again: number, sent: number, stall: number): Severity {
  const share = again / Math.max(1, sent)
  const over = (limit: typeof WARNING): boolean =>
    (again >= limit.least && share >= limit.share) || stall >= limit.stall
  return over(PROBLEM) ? 'problem' : over(WARNING) ? 'warning' : 'note'
}

type Cause = { readonly code: CauseOf<'packet-loss'>; readonly likelihood: Likelihood }

/** Only full segments are lost, small ones get through: a smaller MTU on the way. */
function ranked(again: readonly Again[]): readonly Cause[] {
  const large = again.length >= 3 && again.every(({ row }) => row.len >= 1300)
  return large
    ? [
        { code: 'mtu-black-hole', likelihood: 'possible' },
        { code: 'congestion', likelihood: 'possible' },
        { code: 'bad-link', likelihood: 'possible' },
      ]
    : [
        { code: 'congestion', likelihood: 'possible' },
        { code: 'bad-link', likelihood: 'possible' },
        { code: 'policer', likelihood: 'possible' },
      ]
}

const alike = ({ host, peer }: Finding<'packet-loss'>['args']): string => `${host} ${peer}`

const each = (side: Side) => inEachFlow('packet-loss', (flow: Flow) => lost(side, flow), alike)

export const rule: Rule = {
  id: 'packet-loss',
  severity: 'problem',
  find: (seen: Seen) => [...each('client')(seen), ...each('server')(seen)],
}
