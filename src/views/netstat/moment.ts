/**
 * The moment a user asks for: `#12`, `#12 of b.pcap` where there are several captures, seconds since the first packet as the
 * ladder's column has them (`7.0`, `7s`, `500ms`), epoch seconds, ISO 8601, or `end`.
 *
 * In: text as typed, a report. Out: a {@link Moment}, or why it is none.
 */
import type { Report } from '../../report.js'
import { namesOf } from '../../text/capture-names.js'
import { readDuration } from './duration.js'

export interface Moment {
  /** As it was asked for. */
  readonly asked: string
  /** Seconds as in `PacketRow.at`. */
  readonly at: number
  /** Asked by packet: what later packets did is left out, even where they carry the same time. */
  readonly packet: number | null
  /** Of that packet, where it is not the first: index into `Report.captures`. */
  readonly capture?: number
  /** All that was captured has come, also what is on its way by the clocks: what `flows` and the ladder say in the end. */
  readonly end?: true
}

/** `no-packet`: its capture, an index into `Report.captures`, has fewer. */
export type Misread =
  | { readonly wrong: 'time' }
  | { readonly wrong: 'capture' }
  | { readonly wrong: 'packet'; readonly capture: number }

/** Longer strings are no time. */
const LONGEST = 64

export const readMoment = (asked: string, report: Report): Moment | Misread => {
  // As sentences name packets: English puts the file behind `of`, Chinese into brackets.
  const frame = /^#(\d{1,15})(?: of (.+)| ?\((.+)\))?$/s.exec(asked)
  if (frame !== null) {
    const capture = captureNamed(frame[2] ?? frame[3], report)
    return capture < 0 ? { wrong: 'capture' } : afterPacket(asked, Number(frame[1]), capture, report)
  }
  if (asked === 'end') return atTheEnd(asked, report)
  if (asked.length > LONGEST) return { wrong: 'time' }
  return sinceFirstPacket(asked, report) ?? absolute(asked, report) ?? { wrong: 'time' }
}

/** The end of what the captures hold. */
export const atTheEnd = (asked: string, report: Report): Moment => ({
  asked,
  at: report.endAt,
  packet: null,
  end: true,
})

/** A plain number from here on is epoch seconds (March 1973), below it seconds since the first packet (three years). */
const EPOCH_SECONDS = 1e8

/** Seconds: the ladder rounds to microseconds, other clocks cut them off. */
const ROUNDED = 5e-7
const CUT = 1e-6

/** Below zero where a capture that was named later begins before the first one. */
const sinceFirstPacket = (asked: string, report: Report): Moment | null => {
  const [, minus, length = ''] = /^(-?)(.*)$/s.exec(asked) ?? []
  const seconds = readDuration(length)
  if (seconds === null || (/^\d+(\.\d*)?$/.test(asked) && seconds >= EPOCH_SECONDS)) return null
  const at = minus === '-' ? -seconds : seconds
  return shownAs(asked, at, /\.\d{7}/.test(asked) ? 0 : ROUNDED, report)
}

const absolute = (asked: string, report: Report): Moment | null => {
  const epoch = /^(\d{9,})(?:\.(\d*))?$/.exec(asked)
  if (epoch !== null) return placed(asked, Number(epoch[1]), epoch[2] ?? '', report)
  // With a date only, or without a zone, ISO 8601 leaves the zone open; Date.parse then takes UTC and local time.
  const iso = /^(\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?)(?:[.,](\d+))?(Z|[+-]\d\d:?\d\d)?$/i.exec(asked)
  const milliseconds =
    iso === null ? Number.NaN : Date.parse(`${iso[1]?.replace(' ', 'T')}${iso[3]?.toUpperCase() ?? ''}`)
  if (Number.isNaN(milliseconds)) return null
  return placed(asked, Math.floor(milliseconds / 1000), iso?.[2] ?? '', report)
}

const placed = (asked: string, seconds: number, fraction: string, report: Report): Moment => {
  const nanoseconds = Number(fraction.slice(0, 9).padEnd(9, '0'))
  const at = seconds - report.epochSeconds + (nanoseconds - report.epochNanoseconds) / 1e9
  return shownAs(asked, at, fraction.length > 6 ? 0 : CUT, report)
}

/** A time that was read off a packet is that packet's: it may lie as much later than what was shown of it. */
const shownAs = (asked: string, at: number, later: number, { flows }: Report): Moment => {
  let latest = at
  for (const { rows, icmp } of flows)
    for (const row of [...rows, ...icmp]) if (row.at > latest && row.at - at < later) latest = row.at
  return { asked, at: latest, packet: null }
}

/** By its name as it was typed, or as it is shown; -1 for none of them. A frame without a name is the first capture's. */
const captureNamed = (name: string | undefined, { captures }: Report): number => {
  if (name === undefined) return 0
  const files = captures.map(({ file }) => file)
  const typed = files.indexOf(name)
  return typed < 0 ? namesOf(files).indexOf(name) : typed
}

/** A frame that is not TCP has no row, so the last row before it tells the time. */
const afterPacket = (asked: string, packet: number, capture: number, report: Report): Moment | Misread => {
  if (packet === 0 || packet > (report.captures[capture]?.packets ?? 0)) return { wrong: 'packet', capture }
  let nearest = 0
  let at = 0
  for (const { rows, icmp } of report.flows)
    for (const row of [...rows, ...icmp])
      if (row.capture === capture && row.packet <= packet && row.packet > nearest) {
        nearest = row.packet
        at = row.at
      }
  return { asked, at, packet, capture }
}
