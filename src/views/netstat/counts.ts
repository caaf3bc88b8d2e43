/**
 * `--every`: how many sockets each host has in each state, over time.
 *
 * In: a report, an interval. Out: lines of a table; only the states that occur get a column.
 */
import type { Report, State } from '../../report.js'
import type { Language } from '../../text/table.js'
import { padEnd, padStart, widthOf } from '../terminal/width.js'
import type { Shape } from './columns.js'
import { readDuration } from './duration.js'
import { atTheEnd } from './moment.js'
import { type Socket, socketsAt } from './sockets.js'
import { SocketsThroughTime, STATE_ORDER } from './through-time.js'

/** Seconds: times are told in milliseconds. */
const SHOWN = 0.001

/** More lines than these nobody reads, and a hostile time stamp must not make millions. What is left out is said. */
const MOST_STEPS = 100_000
const MOST_LINES = 1_000_000

/** Seconds of `1s`, `500ms`, `2m`, `0.5`; null for anything else. */
export const readInterval = (text: string): number | null => {
  const seconds = readDuration(text)
  return seconds !== null && seconds > 0 ? seconds : null
}

/** Moments from the first packet to the end of the capture, both included. */
const momentsEvery = (interval: number, report: Report): number[] => {
  const steps = Math.min(Math.floor(report.endAt / interval + 1e-9), MOST_STEPS)
  const moments = Array.from({ length: steps + 1 }, (_, step) => step * interval)
  const isLeft = steps < MOST_STEPS && report.endAt - steps * interval > SHOWN
  return isLeft ? [...moments, report.endAt] : moments
}

export const countLines = (
  report: Report,
  interval: number,
  wanted: (socket: Pick<Socket, 'host'>) => boolean,
  language: Language,
  shape: Shape,
): string[] => {
  let left = ''
  const rows = [
    ...countsEvery(report, interval, wanted, (at) => {
      left = language.sockets.leftOut(at, report.endAt)
    }),
  ].map(({ at, ...rest }) => ({ at: at.toFixed(3), ...rest }))
  const states = STATE_ORDER.filter((state) => rows.some(({ counts }) => counts.has(state)))
  const heading = language.sockets.countHeading
  const cells = [
    [heading.time, heading.host, ...states.map(shape.spell)],
    ...rows.map(({ at, host, counts }) => [
      at,
      host,
      ...states.map((state) => String(counts.get(state) ?? 0)),
    ]),
  ]
  const lines = aligned(cells, shape)
  return left === '' ? lines : [...lines, '', shape.faint(left)]
}

/** One host at one step; without counts where its last socket has gone since the step before. */
export interface HostCounts {
  /** Seconds as in `PacketRow.at`. */
  readonly at: number
  readonly host: string
  readonly counts: ReadonlyMap<State, number>
}

/** `leaveOut` is told up to which moment the counts go, seconds as in `PacketRow.at`, where that is not the end. */
export function* countsEvery(
  report: Report,
  interval: number,
  wanted: (socket: Pick<Socket, 'host'>) => boolean,
  leaveOut: (at: number) => void,
  most = MOST_LINES,
): Generator<HostCounts> {
  const moments = momentsEvery(interval, report)
  const through = new SocketsThroughTime(report, moments, wanted)
  let lines = 0
  for (const [step, at] of moments.entries()) {
    const isEnd = report.endAt - at <= SHOWN
    const hosts = through.at(step, isEnd ? socketsAt(report, atTheEnd('', report)).filter(wanted) : null)
    lines += hosts.size
    if (lines > most) return leaveOut(moments[step - 1] ?? 0)
    for (const [host, counts] of hosts) yield { at, host, counts: inOrder(counts) }
  }
  if (report.endAt - (moments.at(-1) ?? 0) > SHOWN) leaveOut(moments.at(-1) ?? 0)
}

const inOrder = (counts: ReadonlyMap<State, number>): ReadonlyMap<State, number> =>
  new Map(
    STATE_ORDER.flatMap((state) => {
      const count = counts.get(state)
      return count === undefined ? [] : [[state, count]]
    }),
  )

const aligned = (cells: readonly (readonly string[])[], shape: Shape): string[] => {
  const widths = (cells[0] ?? []).map((_, column) =>
    cells.reduce((most, row) => Math.max(most, widthOf(row[column] ?? '')), 0),
  )
  return cells.map((row, index) => {
    const line = row
      .map((cell, column) =>
        column === 1 ? padEnd(cell, widths[column] ?? 0) : padStart(cell, widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd()
    return index === 0 ? shape.strong(line) : line
  })
}
