/**
 * The time column, by tshark's `-t` letters.
 *
 * In: a row's time and `at`. Out: text: `a`, `ad` local time, `u`, `ud` UTC (with date: `ad`, `ud`), `e` epoch seconds,
 * `r` seconds since the first packet, `d` since the row above.
 */
export const CLOCKS = ['r', 'd', 'a', 'ad', 'u', 'ud', 'e'] as const
export type Clock = (typeof CLOCKS)[number]

export interface Moment {
  /** ISO 8601 with nanoseconds, or '' where only `at` is known. */
  readonly time: string
  readonly at: number
}

/** `2026-07-14T11:01:02.123456789Z` of epoch seconds and nanoseconds, moved on by `at` seconds. */
export const isoAt = (epochSeconds: number, epochNanoseconds: number, at: number): string => {
  const whole = Math.floor(at)
  let nanoseconds = epochNanoseconds + Math.round((at - whole) * 1e9)
  let seconds = epochSeconds + whole
  if (nanoseconds >= 1e9) {
    nanoseconds -= 1e9
    seconds += 1
  }
  // Beyond these a Date is invalid; a hostile capture can hold any time.
  if (Math.abs(seconds) > 8.64e12) return ''
  return `${new Date(seconds * 1000).toISOString().slice(0, -5)}.${String(nanoseconds).padStart(9, '0')}Z`
}

const two = (n: number): string => String(n).padStart(2, '0')

const local = (iso: string, withDate: boolean): string => {
  const date = new Date(iso)
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}${iso.slice(19, 26)}`
  return withDate
    ? `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock}`
    : clock
}

/** Microseconds, as tcpdump and tshark print them. */
export const clockText = (moment: Moment, clock: Clock, before: Moment | undefined): string => {
  switch (clock) {
    case 'r':
      return moment.at.toFixed(6)
    case 'd':
      return (before === undefined ? 0 : moment.at - before.at).toFixed(6)
    case 'e':
      return `${Math.floor(Date.parse(moment.time) / 1000)}${moment.time.slice(19, 26)}`
    case 'u':
      return moment.time.slice(11, 26)
    case 'ud':
      return `${moment.time.slice(0, 10)} ${moment.time.slice(11, 26)}`
    default:
      return local(moment.time, clock === 'ad')
  }
}
