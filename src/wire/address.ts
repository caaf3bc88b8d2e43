/**
 * IP addresses: words to text and back.
 *
 * In: four 32-bit words in network order, as in the view (IPv4 in the last, the rest 0), or text. Out: dotted
 * IPv4, IPv6 as RFC 5952 has it; or the words. Words are signed 32-bit integers.
 */

export interface Address {
  readonly version: 4 | 6
  readonly words: readonly [number, number, number, number]
}

/** The text of an address: `192.0.2.10`, `2001:db8::1`, `::ffff:192.0.2.10`. */
export function formatAddress(version: 4 | 6, a: number, b: number, c: number, d: number): string {
  return version === 4 ? dotted(d) : formatIpv6(a, b, c, d)
}

function dotted(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 0xff}.${(word >>> 8) & 0xff}.${word & 0xff}`
}

/** RFC 5952 section 4: lower case, no leading zeros, `::` for the longest run of zero groups, the first of equals. */
function formatIpv6(a: number, b: number, c: number, d: number): string {
  // Section 5: an address known to hold an IPv4 address shows it. The one prefix that always does.
  if (a === 0 && b === 0 && c === 0xffff) return `::ffff:${dotted(d)}`
  const groups = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff, c >>> 16, c & 0xffff, d >>> 16, d & 0xffff]
  let start = -1
  // One zero group alone is not shortened (section 4.2.2).
  let longest = 1
  for (let i = 0; i < 8; i++) {
    let zeros = 0
    while (groups[i + zeros] === 0) zeros++
    if (zeros > longest) {
      longest = zeros
      start = i
    }
    i += zeros
  }
  const hex = (some: readonly number[]) => some.map((group) => group.toString(16)).join(':')
  return start < 0 ? hex(groups) : `${hex(groups.slice(0, start))}::${hex(groups.slice(start + longest))}`
}

/** Reads an address as people write it; null when it is none. No port, prefix length or zone. */
export function parseAddress(text: string): Address | null {
  if (!text.includes(':')) {
    const word = parseDotted(text)
    return word === null ? null : { version: 4, words: [0, 0, 0, word] }
  }
  const groups = parseGroups(text)
  if (groups === null) return null
  const word = (i: number) => ((groups[i] ?? 0) << 16) | (groups[i + 1] ?? 0)
  return { version: 6, words: [word(0), word(2), word(4), word(6)] }
}

function parseDotted(text: string): number | null {
  // Leading zeros are refused: some readers take them for octal.
  const match = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/.exec(text)
  if (match === null) return null
  let word = 0
  for (const part of match.slice(1)) {
    if (Number(part) > 255) return null
    word = (word << 8) | Number(part)
  }
  return word
}

/** The eight groups of an IPv6 address (RFC 4291 section 2.2), or null. */
function parseGroups(text: string): number[] | null {
  const halves = text.split('::')
  if (halves.length > 2) return null
  const front = parseHalf(halves[0] ?? '', halves.length === 1)
  if (front === null) return null
  if (halves.length === 1) return front.length === 8 ? front : null
  const back = parseHalf(halves[1] ?? '', true)
  // `::` stands for at least one group.
  if (back === null || front.length + back.length > 7) return null
  return [...front, ...Array<number>(8 - front.length - back.length).fill(0), ...back]
}

/** Groups between colons; the last may be a dotted IPv4 address when the address ends with this half. */
function parseHalf(text: string, last: boolean): number[] | null {
  if (text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (const [i, part] of parts.entries()) {
    if (last && i === parts.length - 1 && part.includes('.')) {
      const word = parseDotted(part)
      if (word === null) return null
      groups.push(word >>> 16, word & 0xffff)
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16))
    else return null
  }
  return groups
}
