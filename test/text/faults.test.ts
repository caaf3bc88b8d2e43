/** What is wrong with a capture reads as a sentence in both languages, with the same numbers in it. */
import { expect, it } from 'vitest'
import { type Fault, type FaultWhat, fileFault } from '../../src/faults.js'
import { ENGLISH_FAULTS } from '../../src/faults-english.js'
import { describeDamage } from '../../src/text/fault.js'
import { zh } from '../../src/text/zh/index.js'

const none = { no: {} }
/** Complete by type: every code, with its arguments. Numbers are unlike each other, so that none is taken for another. */
const ARGUMENTS: { readonly [K in FaultWhat]: readonly Omit<Extract<Fault, { what: K }>, 'what'>[] } = {
  'no-such-file': [none.no],
  'no-such-folder': [none.no],
  'no-match': [none.no],
  'holds-none': [none.no],
  'no-permission': [none.no],
  'is-directory': [none.no],
  'is-terminal': [none.no],
  'no-device': [none.no],
  'too-many-open': [none.no],
  'link-circle': [none.no],
  'name-too-long': [none.no],
  'device-error': [none.no],
  unreadable: [{ why: '12' }],
  changed: [none.no],
  'no-room': [
    { folder: '/7', octets: 36 },
    { folder: '/7', octets: 4_200_000 },
  ],
  empty: [none.no],
  other: (
    [
      ...['bzip2', 'xz', 'legacy-lz4', 'zip', '7z', 'tar', 'program', 'pdf', 'git-lfs', 'zeros', 'html'],
      ...['tcpdump-text', 'text', 'unknown'],
    ] as Extract<Fault, { what: 'other' }>['file'][]
  ).map((file) => ({ file })),
  foreign: [
    { name: '5Views', recording: 'capture', hasTcp: true },
    { name: 'RTP', recording: 'dump', hasTcp: false },
  ],
  'compressed-twice': [{ inside: 'gzip' }],
  version: [{ format: 'pcap', major: 9, minor: 8 }],
  'header-cut': [{ missing: 5 }],
  'no-pcap': [none.no],
  'no-byte-order': [none.no],
  'compressed-cut': [none.no],
  'compressed-damaged': [
    { by: 'gzip', why: '31' },
    { by: 'LZ4', why: null },
  ],
  'compressed-more': [{ by: 'zstd' }],
  'compressed-dictionary': [{ by: 'zstd' }],
  'compressed-window': [{ bytes: 77 }],
  'record-cut': [
    { part: 'header', record: 3, missing: 15 },
    { part: 'data', record: 3, missing: 1 },
  ],
  'record-too-long': [{ record: 3, claimed: 900, most: 800 }],
  'record-damaged': [{ record: 3 }],
  'block-no-order': [{ after: 0 }, { after: 4 }],
  'block-length': [{ type: 6, claimed: 90, after: 4 }],
  'block-too-long': [{ type: 6, claimed: 90, after: 4 }],
  'block-differs': [{ start: 32, end: 36, after: 4 }],
  'block-cut': [{ missing: 8, after: 4 }],
  'block-beyond': [none.no],
  'packet-short': [{ after: 4 }],
  'packet-no-interface': [{ after: 4 }],
  'packet-interface': [{ after: 4, named: 7, there: 2 }],
  'packet-beyond': [{ after: 4, claimed: 70, has: 60, of: 'space' }],
  'packet-too-long': [{ after: 4, claimed: 70, most: 60 }],
  'section-short': [none.no],
  'interface-short': [none.no],
  'interfaces-many': [{ most: 65_536 }],
  'statistics-short': [none.no],
  'statistics-interface': [{ named: 7, there: 2 }],
}
const FAULTS = Object.entries(ARGUMENTS).flatMap(([what, all]) =>
  (all as readonly object[]).map((args): [string, Fault] => [what, { what, ...args } as Fault]),
)

/** In their order, which differs between the languages. */
const numbers = (line: string): string[] => (line.match(/\d+/g) ?? []).toSorted()
/** Commands to type, and names of programs and formats. */
const NAMES =
  /\b(?:bzcat|xzcat|lz4 -dc|editcap|git lfs pull|Git LFS|tcpdump|bzip2|xz|LZ4|gzip|zstd|ZIP|7z|tar|PDF|HTML|pcapng|pcap|snoop|5Views|RTP|MB|MiB|TCP|w)\b/g

it.each(FAULTS)('%s', (_what, fault) => {
  const placed = { ...fault, byte: 1234, beyond: 56 }
  const english = fileFault(ENGLISH_FAULTS, 'a.pcap', placed)
  const chinese = fileFault(zh.faults, 'a.pcap', placed)
  for (const line of [english, chinese]) {
    expect(line).not.toMatch(/undefined|null|NaN|\[object/)
    expect(line).not.toContain('\n')
  }
  expect(english.startsWith('a.pcap: ')).toBe(true)
  expect(english).toMatch(/; reading went on 56 bytes later \(byte 1234\)$/)
  expect(chinese.startsWith('a.pcap：')).toBe(true)
  expect(chinese).toMatch(/；跳过 56 字节后继续读取（字节 1234）$/)
  const rest = chinese.replace('a.pcap', '').replaceAll(NAMES, '')
  expect(rest).not.toMatch(/[a-z]{2}/i)
  // ASCII commas, colons and brackets have no place between Chinese characters.
  expect(chinese).not.toMatch(/[\u4e00-\u9fff][,:;()]/)
  if (fault.what !== 'version') expect(numbers(chinese)).toEqual(numbers(english))
})

it('a report without the fault, as older states have it, says what it has', () => {
  const info = { file: 'a.pcap' } as Parameters<typeof describeDamage>[0]
  expect(describeDamage(info, 'a.pcap: cut short (byte 9)', zh)).toBe('a.pcap: cut short (byte 9)')
  expect(describeDamage(info, 'cut short', zh)).toBe('a.pcap: cut short')
})
