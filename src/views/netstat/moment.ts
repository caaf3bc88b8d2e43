/**
 * The moment a user asks for: `#12`, `#12 of b.pcap` where there are several captures, epoch seconds, or ISO 8601.
 *
 * In: text as typed, a report. Out: a {@link Moment}, or why it is none.
 */
import type { Report } from '../../report.js'
import { namesOf } from '../../text/capture-names.js'

export interface Moment {
  /** As it was asked for. */
  readonly asked: string
  /** Seconds as in `PacketRow.at`. */
  readonly at: number
  /** Asked by packet: what later packets did is left out, even where they carry the same time. */
  readonly packet: number | null
  /** Of that packet, where it is not the first: index into `Report.captures`. */
  readonly capture?: number
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
  const epoch = asked.length > LONGEST ? null : /^(\d+)(?:\.(\d*))?$/.exec(asked)
  if (epoch !== null) return placed(asked, Number(epoch[1]), nanoseconds(epoch[2] ?? ''), report)
  // With a date only, or without a zone, ISO 8601 leaves the zone open; Date.parse then takes UTC and local time.
  const iso =
    asked.length > LONGEST
      ? null
      : /^(\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?)(?:[.,](\d+))?(Z|[+-]\d\d:?\d\d)?$/i.exec(asked)
  const milliseconds =
    iso === null ? Number.NaN : Date.parse(`${iso[1]?.replace(' ', 'T')}${iso[3]?.toUpperCase() ?? ''}`)
  if (Number.isNaN(milliseconds)) return { wrong: 'time' }
  return placed(asked, Math.floor(milliseconds / 1000), nanoseconds(iso?.[2] ?? ''), report)
}

/** The end of what the captures hold. */
export const atTheEnd = (asked: string, report: Report): Moment => ({
  asked,
  at: report.endAt,
  packet: null,
})

const nanoseconds = (fraction: string): number => Number(fraction.slice(0, 9).padEnd(9, '0'))

const placed = (asked: string, seconds: number, nanos: number, report: Report): Moment => ({
  asked,
  at: seconds - report.epochSeconds + (nanos - report.epochNanoseconds) / 1e9,
  packet: null,
})

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
