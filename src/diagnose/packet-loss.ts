/**
 * Packets that were lost: how many, in which direction, how long that took, and on which side of the capture point.
 *
 * In: the notes of the rows. A segment sent again was lost, behind the capture point when its original was captured,
 * before it when not; unless it had arrived: then it was the ACK for it that was lost, on the way back. RFC 6298, RFC 8985.
 */
import type { CauseOf } from '../findings.js'
import {
  CUT_HEADER,
  type Finding,
  type Flow,
  type Likelihood,
  type PacketRow,
  type Place,
  type Severity,
  SIDES,
  type Side,
} from '../report.js'
import { carries, everNoted, hasNote, isOneWay, isSynAck, named, noteOf, realRows } from './evidence.js'
import { lookAt } from './look.js'
import { lostElsewhere } from './lost-elsewhere.js'
import { about, eachFlow, held, inSteps, type Rule, type Seen } from './rule.js'

/** Share of segments sent again, and seconds of waiting, from which on it is more than a note. */
const WARNING = { share: 0.01, stall: 1, least: 3 }
const PROBLEM = { share: 0.05, stall: 5, least: 5 }

/** Up to so many are an accident, if nobody waited long. */
const ACCIDENT = 2
/** The same bytes lost so often, one copy after the other, were not lost by chance. */
const IN_A_ROW = 3

interface Again {
  readonly row: PacketRow
  /** The copy before it, when it was captured; and is among the rows. */
  readonly original: Place | null
  readonly first: PacketRow | null
}

function lost(side: Side, flow: Flow, seen: Seen): Finding<'packet-loss'> | null {
  if (isOneWay(flow) !== null) return null
  const rows = realRows(flow)
  const repeats = rows.filter((row) => hasNote(row, AGAIN))
  const byFrame = new Frames(rows, repeats)
  const again: Again[] = []
  const acks: Again[] = []
  for (const row of repeats) {
    if (row.from !== side) {
      const ack = lostAck(row, byFrame)
      if (ack !== null) acks.push(ack)
    } else if (!hasNote(row, SPURIOUS)) again.push(withOriginal(row, byFrame))
  }
  if (again.length + acks.length === 0) return null
  const kept = rows.filter((row) => row.from === side && carries(row)).length
  const sent = kept + lookAt(flow).left.segments[side]
  const after = again.filter(({ original }) => original !== null).length + acks.length
  const all = [...again, ...acks]
  const stall = all.reduce(
    (most, { row, first }) => Math.max(most, first === null ? 0 : row.at - first.at),
    0,
  )
  return about(
    flow,
    side,
    'implied',
    all.slice(0, 8).flatMap(({ row, first }) => [first, row]),
    {
      id: 'packet-loss',
      severity: severityOf(all.length, Math.max(sent, all.length), stall),
      args: held(flow, side, {
        again: again.length,
        sent,
        acks: acks.length,
        captured: captured(seen.captures, flow.capturedNear.where === 'both'),
        stall,
        where:
          flow.capturedNear.where === 'both'
            ? 'between'
            : after === all.length
              ? 'after'
              : after === 0
                ? 'before'
                : 'both',
      }),
      causes: neverTaken(side, rows, again)
        ? besideQueue(ranked(all, again, stall, largeCame(side, rows, again)), lostElsewhere(flow, seen))
        : ranked(all, again, stall, largeCame(side, rows, again)),
    },
  )
}

/** Captures of both hosts have the same packets: the one that has most counts for all. */
function captured(captures: Seen['captures'], both: boolean): number {
  const each = captures.map(followed)
  return both ? Math.max(...each) : each.reduce((sum, packets) => sum + packets, 0)
}

/** Packets that could have been found sent again. A state that was saved before may not count those cut short. */
const followed = ({ tcpPackets, other }: Seen['captures'][number]): number =>
  Math.max(0, tcpPackets - (other[CUT_HEADER] ?? 0))

const AGAIN = [
  'retransmission',
  'fast-retransmission',
  'fin-retransmission',
  'spurious-retransmission',
] as const
const SPURIOUS = ['spurious-retransmission'] as const

/** The rows that others name, by their frames, whose numbers begin anew in each capture. */
class Frames {
  readonly #captures: Map<number, PacketRow | null>[] = []

  /** Of `rows` those that `repeats` name: few of many. */
  constructor(rows: readonly PacketRow[], repeats: readonly PacketRow[]) {
    for (const row of repeats) {
      for (const code of AGAIN) this.#want(named(row, code, 'of'))
      this.#want(named(row, 'spurious-retransmission', 'shownBy'))
    }
    for (const row of rows) {
      const wanted = this.#captures[row.capture]
      if (wanted?.has(row.packet)) wanted.set(row.packet, row)
    }
  }

  #want(frame: Place | null): void {
    if (frame === null) return
    const wanted = this.#captures[frame.capture] ?? new Map<number, null>()
    this.#captures[frame.capture] = wanted.set(frame.packet, null)
  }

  of(frame: Place | null): PacketRow | null {
    return frame === null ? null : (this.#captures[frame.capture]?.get(frame.packet) ?? null)
  }
}

function withOriginal(row: PacketRow, byFrame: Frames): Again {
  const original =
    named(row, 'fin-retransmission', 'of') ??
    named(row, 'retransmission', 'of') ??
    named(row, 'fast-retransmission', 'of') ??
    named(row, 'spurious-retransmission', 'of')
  return { row, original, first: byFrame.of(original) }
}

/** What had arrived was sent again, because the ACK that says so was captured and got no further. */
function lostAck(row: PacketRow, byFrame: Frames): Again | null {
  const ack = byFrame.of(named(row, 'spurious-retransmission', 'shownBy'))
  if (ack === null || ack.from === row.from || ack.at > row.at) return null
  if (noteOf(ack, 'not-received')?.lost !== true) return null
  return withOriginal(row, byFrame)
}

/** The client's first data was sent three times and more before the server said anything beyond its SYN+ACK. */
function neverTaken(side: Side, rows: readonly PacketRow[], again: readonly Again[]): boolean {
  const early = again.filter(({ row }) => row.relativeSeq === 1).map(({ row }) => row.packet)
  const last = early.at(-1)
  if (side !== 'client' || last === undefined || early.length < 2) return false
  if (!rows.some((row) => row.from === 'server' && isSynAck(row))) return false
  return rows.every((row) => row.packet > last || row.from === 'client' || isSynAck(row))
}

function severityOf(again: number, sent: number, stall: number): Severity {
  const share = again / Math.max(1, sent)
  const over = (limit: typeof WARNING): boolean =>
    (again >= limit.least && share >= limit.share) || stall >= limit.stall
  return over(PROBLEM) ? 'problem' : over(WARNING) ? 'warning' : 'note'
}

/** Payload of a segment that a smaller MTU on the way does not let through. */
export const LARGE = 1300

/** Large segments did come through, since the first of those that were sent again. */
function largeCame(side: Side, rows: readonly PacketRow[], again: readonly Again[]): boolean {
  const since = again[0]?.first?.at ?? again[0]?.row.at ?? Number.POSITIVE_INFINITY
  return rows.some((row) => row.from === side && row.len >= LARGE && row.at >= since && row.received === true)
}

type Cause = { readonly code: CauseOf<'packet-loss'>; readonly likelihood: Likelihood }

const USUAL: readonly Cause[] = [
  { code: 'congestion', likelihood: 'possible' },
  { code: 'bad-link', likelihood: 'possible' },
]
const SINGLE: readonly Cause[] = [{ code: 'single-loss', likelihood: 'likely' }]
const QUEUE: Cause = { code: 'full-accept-queue', likelihood: 'possible' }
const POLICER: Cause = { code: 'policer', likelihood: 'possible' }

function ranked(
  all: readonly Again[],
  again: readonly Again[],
  stall: number,
  largeCame: boolean,
): readonly Cause[] {
  if (all.length <= ACCIDENT && stall < WARNING.stall) return SINGLE
  const copies = new Map<number, number>()
  for (const { row } of all) copies.set(row.relativeSeq, (copies.get(row.relativeSeq) ?? 0) + 1)
  let inARow = 0
  for (const count of copies.values()) inARow = Math.max(inARow, count)
  // Only full segments are lost, small ones get through: a smaller MTU on the way.
  if (
    again.length >= 3 &&
    again.length === all.length &&
    again.every(({ row }) => row.len >= LARGE) &&
    !largeCame
  )
    return [{ code: 'mtu-black-hole', likelihood: 'possible' }, ...USUAL]
  if (inARow >= IN_A_ROW && inARow * 2 > all.length)
    return [
      { code: 'path-was-cut', likelihood: 'likely' },
      { code: 'dropping-firewall', likelihood: 'possible' },
      { code: 'bad-link', likelihood: 'possible' },
    ]
  return [...USUAL, POLICER]
}

/** Of these bytes the accept queue explains it as well as chance; unless others were lost that no queue can have thrown away. */
const besideQueue = (others: readonly Cause[], lost: number): readonly Cause[] =>
  lost > 0
    ? [...others, QUEUE]
    : [QUEUE, ...others.map(({ code }): Cause => ({ code, likelihood: 'possible' }))]

const each = (side: Side) =>
  eachFlow(
    'packet-loss',
    (flow: Flow, seen: Seen) => lost(side, flow, seen),
    ({ where, again }, { severity }) => `${severity} ${where} ${again === 0}`,
  )

/** One lost packet in each of many connections is no accident when it is a share of all packets. */
function byRate(finding: Finding): Finding {
  if (finding.id !== 'packet-loss' || finding.flows.length === 1 || finding.severity !== 'note')
    return finding
  const { again, acks, captured } = finding.args
  const lost = again + acks
  if (lost < WARNING.least || lost < WARNING.share * captured) return finding
  return { ...finding, severity: 'warning', causes: [...USUAL, POLICER] }
}

const EACH = SIDES.map((side) => ({ side, ...each(side) }))

const NOTHING: readonly never[] = []

export const rule: Rule = {
  id: 'packet-loss',
  severity: 'problem',
  ...inSteps({
    look: (flow, seen) => {
      // Most flows lose nothing.
      if (!everNoted(flow, AGAIN)) return NOTHING
      return EACH.flatMap(({ look }) => look(flow, seen))
    },
    gather: (all) =>
      EACH.flatMap(({ side, gather }) => gather(all.filter(({ finding }) => finding.side === side))).map(
        byRate,
      ),
  }),
}
