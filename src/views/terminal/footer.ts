/** What could not be shown, and why: never silently. In: a report. Out: lines. */
import {
  type CaptureInfo,
  CUT_HEADER,
  type Extent,
  type Report,
  SUMMED_UP,
  UNKNOWN_LINK_TYPE,
} from '../../report.js'
import { describeDamage } from '../../text/fault.js'
import { safe } from '../../text/safe.js'
import type { Language } from '../../text/table.js'

/** No timer that silence tells of is shorter, seconds: RFC 6298 section 2. */
const SHORTEST = 1

/**
 * For below the output: packets that are not TCP or were lost by the capturing host, clocks that disagree, where silence ends.
 */
export const footerLines = (report: Extent, language: Language): string[] => {
  const of = (file: string, line: string): string =>
    report.captures.length > 1 ? language.faults.of(safe(file), line) : line
  const lines = report.captures.flatMap(({ file, other, tcpPackets, drops, clockBehind = 0 }) => {
    // ICMP errors that quote a connection are drawn in its ladder.
    const { [SUMMED_UP]: summedUp = 0, [CUT_HEADER]: cut = 0, ...rest } = other
    const reasons = Object.entries(rest).filter(([reason, count]) => count > 0 && reason !== 'icmp-error')
    const total = reasons.reduce((sum, [, count]) => sum + count, 0)
    const list = reasons
      .toSorted(([, a], [, b]) => b - a)
      .map(([reason, count]) => `${safe(reason)} ${count}`)
      .join(', ')
    return [
      ...(summedUp > 0 ? [of(file, language.capture.summedUp(summedUp))] : []),
      ...(total > 0 ? [of(file, language.capture.other(total, list))] : []),
      ...(cut > 0 ? [of(file, language.capture.cutHeaders(cut, tcpPackets))] : []),
      ...(drops > 0 ? [of(file, language.capture.drops(drops))] : []),
      ...(clockBehind > 0 ? [of(file, language.capture.clockBehind(clockBehind))] : []),
    ]
  })
  const early = report.captures.filter(
    ({ watchedUntil: until }) => until !== undefined && report.endAt - until > SHORTEST,
  )
  const [only, another] = early
  if (only?.watchedUntil === undefined) return lines
  if (another !== undefined) return [...lines, language.capture.watchedApart(early.length)]
  const { watchedUntil, timesGoBack } = language.capture
  const say = report.captures.length === 1 ? timesGoBack : watchedUntil
  return [...lines, of(only.file, say(only.watchedUntil))]
}

/** For stderr: one line for each capture that could not be read to its end, or of which nothing could be read. */
export const damageLines = (report: Report, language: Language): string[] => {
  const nowhere = report.captures.every(({ packets }) => packets === 0)
  return report.captures.flatMap((capture) => {
    const { file, damage } = capture
    if (damage !== null) return [safe(describeDamage(capture, damage, language))]
    const nothing = nothingIn(capture, nowhere, language)
    return nothing === null ? [] : [safe(language.faults.of(file, nothing))]
  })
}

/** Why a whole capture tells nothing. An empty one among others, as rotating leaves behind, is no fault. */
const nothingIn = (
  { packets, other, nothingAt }: CaptureInfo,
  nowhere: boolean,
  { capture: words }: Language,
): string | null => {
  const byte = nothingAt ?? null
  if (packets === 0) return nowhere ? words.headerOnly(byte) : null
  const [[reason, count] = ['', 0]] = Object.entries(other)
  return reason.startsWith(UNKNOWN_LINK_TYPE) && count === packets
    ? words.unknownLink(reason.slice(UNKNOWN_LINK_TYPE.length), byte)
    : null
}
