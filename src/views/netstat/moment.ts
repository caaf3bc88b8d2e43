/**
 * The moment a user asks for: `#12`, epoch seconds, or ISO 8601.
 *
 * In: text as typed, a report. Out: a {@link Moment}, or why it is none.
 */
import type { Report } from '../../report.js'

export interface Moment {
  /** As it was asked for. */
  readonly asked: string
  /** Seconds as in `PacketRow.at`. */
  readonly at: number
  /** Asked by packet: what later packets did is left out, even where they carry the same time. */
  readonly packet: number | null
}

export type Misread = 'bad-time' | 'no-packet'

/** Longer strings are no time. */
const LONGEST = 64

export const readMoment = (asked: string, report: Report): Moment | Misread => {
  const frame = /^#(\d{1,15})$/.exec(asked)?.[1]
  if (frame !== undefined) return afterPacket(asked, Number(frame), report)
  const epoch = asked.length > LONGEST ? null : /^(\d+)(?:\.(\d*))?$/.exec(asked)
  if (epoch !== null) return placed(asked, Number(epoch[1]), nanoseconds(epoch[2] ?? ''), report)
  // With a date only, or without a zone, ISO 8601 leaves the zone open; Date.parse then takes UTC and local time.
  const iso =
    asked.length > LONGEST
      ? null
      : /^(\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?)(?:[.,](\d+))?(Z|[+-]\d\d:?\d\d)?$/i.exec(asked)
  const milliseconds =
    iso === null ? Number.NaN : Date.parse(`${iso[1]?.replace(' ', 'T')}${iso[3]?.toUpperCase() ?? ''}`)
  if (Number.isNaN(milliseconds)) return 'bad-time'
  return placed(asked, Math.floor(milliseconds / 1000), nanoseconds(iso?.[2] ?? ''), report)
}

/** The end of what the captures hold. */
export const atTheEnd = (asked: string, report: Report): Moment => ({ asked, at: report.endAt, packet: null })

const nanoseconds = (fraction: string): number => Number(fraction.slice(0, 9).padEnd(9, '0'))

const placed = (asked: string, seconds: number, nanos: number, report: Report): Moment => ({
  asked,
  at: seconds - report.epochSeconds + (nanos - report.epochNanoseconds) / 1e9,
  packet: null,
})

/** Frames of the first capture; a frame that is not TCP has no row, so the last row before it tells the time. */
const afterPacket = (asked: string, packet: number, report: Report): Moment | Misread => {
  if (packet === 0 || packet > (report.captures[0]?.packets ?? 0)) return 'no-packet'
  let nearest = 0
  let at = 0
  for (const { rows, icmp } of report.flows)
    for (const row of [...rows, ...icmp])
      if (row.capture === 0 && row.packet <= packet && row.packet > nearest) {
        nearest = row.packet
        at = row.at
      }
  return { asked, at, packet }
}
