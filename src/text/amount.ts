/**
 * Numbers as people read them. In: numbers with a unit. Out: text without words of any language.
 */

/** Seconds with a unit that suits them: `63 s`, `2.04 s`, `200 ms`, `15 us`. */
export const seconds = (value: number): string => {
  const size = Math.abs(value)
  if (!Number.isFinite(value)) return '?'
  if (size === 0) return '0 s'
  if (size >= 100) return `${Math.round(value)} s`
  // What rounds to 1000 ms is 1 s.
  if (size >= 0.9995) return `${Number(value.toFixed(size >= 10 ? 1 : 2))} s`
  if (size >= 0.001) return `${Number((value * 1e3).toPrecision(3))} ms`
  return `${Number((value * 1e6).toPrecision(3))} us`
}

/** A moment in seconds since the first packet: `133.4 s`. */
export const moment = (at: number): string => (Number.isFinite(at) ? `${Number(at.toFixed(3))} s` : '?')

/** `1st`, `2nd`, `11th`. */
export const nth = (n: number): string => {
  const rest = n % 100
  const ending = rest >= 11 && rest <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')
  return `${n}${ending}`
}

/** Every flag by its name, in the order the RFC's figures write them: `SYN,ACK`, `FIN,ACK`, `RST`. */
export const flagNames = (flags: string): string =>
  [...flags]
    .map((letter) => FLAG_NAMES[letter] ?? letter)
    .sort(byRank)
    .join(',')

const FLAG_NAMES: Readonly<Record<string, string>> = {
  S: 'SYN',
  F: 'FIN',
  R: 'RST',
  P: 'PSH',
  A: 'ACK',
  U: 'URG',
  E: 'ECE',
  C: 'CWR',
}
const RANK = ['SYN', 'FIN', 'RST', 'PSH', 'URG', 'ACK', 'ECE', 'CWR']
const byRank = (a: string, b: string): number => RANK.indexOf(a) - RANK.indexOf(b)
