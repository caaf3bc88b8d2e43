/**
 * What the capture does not hold of a moment that was asked for by its time: it may lie before the first packet or behind
 * the last, and packets may be on their way, captured but not there.
 *
 * In: a report, a moment. Out: how far outside it lies; the packets.
 */
import { type Flow, type PacketRow, type Report, SIDES, type Side, type StateSpan } from '../../report.js'
import type { Moment } from './moment.js'
import { isUpTo } from './sent.js'
import { hasBegun, isOf } from './sockets.js'

export interface Outside {
  readonly where: 'before' | 'after'
  /** From the first packet or from the last. */
  readonly seconds: number
  /** When that one was captured, seconds as in `PacketRow.at`. */
  readonly from: number
}

/** Seconds: times are typed with microseconds. */
const GRAIN = 1e-6

/** Null: it lies within. What is asked for by packet always does. */
export const outside = ({ flows, endAt, epoch }: Report, { at, packet }: Moment): Outside | null => {
  if (packet !== null || epoch === null) return null
  // A capture that was named later may begin before the first one.
  const startAt = flows.reduce((least, flow) => Math.min(least, flow.startAt), 0)
  if (at < startAt - GRAIN) return { where: 'before', seconds: startAt - at, from: startAt }
  if (at > endAt + GRAIN) return { where: 'after', seconds: at - endAt, from: endAt }
  return null
}

/** A packet that leads its receiver to another state, and has not come by then. */
export interface OnItsWay {
  readonly flow: Flow
  readonly to: Side
  readonly row: PacketRow
  /** What begins when it comes. */
  readonly span: StateSpan
}

/**
 * By the time of the end that it is for; after packet n: what crossed it, as the ladder has it. At the end all has come.
 */
export const onTheirWay = ({ flows }: Report, moment: Moment): OnItsWay[] =>
  moment.end === true
    ? []
    : flows.flatMap((flow) =>
        SIDES.flatMap((to) => {
          const span = nextSpan(flow, to, moment)
          if (span === undefined || span.packet === null) return []
          const row = flow.rows.find((each) => isOf(each, span))
          return row === undefined || row.from === to || !isUpTo(row, moment) ? [] : [{ flow, to, row, span }]
        }),
      )

/** What an end is in next. */
const nextSpan = (flow: Flow, side: Side, moment: Moment): StateSpan | undefined => {
  const spans = flow.spans[side]
  if (moment.packet === null) return spans.find(({ from }) => from !== null && from > moment.at)
  const row = flow.rows.findLast((each) => isUpTo(each, moment))
  if (row === undefined) return undefined
  const now = spans.findLastIndex((span) => span.state === row[side].state && hasBegun(span, flow, moment))
  return now < 0 ? undefined : spans[now + 1]
}
