/** Lengths of time as they are typed. In: `1s`, `500ms`, `2m`, `0.5`. Out: seconds; null for anything else. */

const UNITS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, '': 1, m: 60, h: 3600 }

export const readDuration = (text: string): number | null => {
  const [, number, unit] = /^(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h|)$/.exec(text) ?? []
  return number === undefined ? null : Number(number) * (UNITS[unit ?? ''] ?? Number.NaN)
}
