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
import { atTheEnd, type Moment } from './moment.js'
import { type Socket, socketsAt } from './sockets.js'

/** From opening to closing, as a connection goes through them. */
const STATE_ORDER: readonly State[] = [
  'SYN_SENT',
  'SYN_RECEIVED',
  'ESTABLISHED',
  'FIN_WAIT_1',
  'FIN_WAIT_2',
  'CLOSE_WAIT',
  'CLOSING',
  'LAST_ACK',
  'TIME_WAIT',
]

/** Seconds: times are told in milliseconds. */
const SHOWN = 0.001

/** More lines than this nobody reads, and a hostile time stamp must not make millions. */
export const MOST_STEPS = 100_000

/** Seconds of `1s`, `500ms`, `2m`, `0.5`; null for anything else. */
export const readInterval = (text: string): number | null => {
  const seconds = readDuration(text)
  return seconds !== null && seconds > 0 ? seconds : null
}

/** Moments from the first packet to the end of the capture, both included. */
export const momentsEvery = (interval: number, report: Report): number[] => {
  const steps = Math.min(Math.floor(report.endAt / interval + 1e-9), MOST_STEPS)
  const moments = Array.from({ length: steps + 1 }, (_, step) => step * interval)
  const isLeft = steps < MOST_STEPS && report.endAt - steps * interval > SHOWN
  return isLeft ? [...moments, report.endAt] : moments
}

export const countLines = (
  report: Report,
  interval: number,
  wanted: (socket: Socket) => boolean,
  language: Language,
  shape: Shape,
): string[] => {
  const rows = countsEvery(report, interval, wanted).map(({ at, ...rest }) => ({
    at: at.toFixed(3),
    ...rest,
  }))
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
  return aligned(cells, shape)
}

/** One host at one step; without counts where its last socket has gone since the step before. */
export interface HostCounts {
  /** Seconds as in `PacketRow.at`. */
  readonly at: number
  readonly host: string
  readonly counts: ReadonlyMap<State, number>
}

export const countsEvery = (
  report: Report,
  interval: number,
  wanted: (socket: Socket) => boolean,
): HostCounts[] => {
  let before: readonly HostCounts[] = []
  return momentsEvery(interval, report).flatMap((at) => {
    const hosts = new Map<string, Map<State, number>>()
    // Else the step before would look like the last that is known of it.
    for (const { host, counts } of before) if (counts.size > 0) hosts.set(host, new Map())
    const moment: Moment = report.endAt - at > SHOWN ? { asked: '', at, packet: null } : atTheEnd('', report)
    for (const socket of socketsAt(report, moment).filter(wanted)) {
      const counts = hosts.get(socket.host) ?? new Map<State, number>()
      counts.set(socket.state, (counts.get(socket.state) ?? 0) + 1)
      hosts.set(socket.host, counts)
    }
    before = [...hosts].map(([host, counts]) => ({ at, host, counts }))
    return before
  })
}

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
