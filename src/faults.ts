/**
 * Everything that can be wrong with a capture, as a code with its arguments: no words.
 * `faults-english.ts` and `text/zh` turn it into a line; their tables are complete by this type.
 */

/** Something else than a capture. */
export type OtherFile =
  | 'bzip2'
  | 'xz'
  | 'legacy-lz4'
  | 'zip'
  | '7z'
  | 'tar'
  | 'program'
  | 'pdf'
  | 'git-lfs'
  | 'zeros'
  | 'html'
  | 'tcpdump-text'
  | 'text'
  | 'unknown'

/** What another program calls its recordings. */
export type Recording = 'capture' | 'trace' | 'log' | 'pcap variant' | 'capture as text' | 'dump' | 'journal'

type Compressed = 'gzip' | 'zstd' | 'LZ4'
type None = Record<never, never>

export interface FaultArguments {
  // the name
  'no-such-file': None
  'no-such-folder': None
  'no-match': None
  'holds-none': None
  'no-permission': None
  'is-directory': None
  'is-terminal': None
  'no-device': None
  'too-many-open': None
  'link-circle': None
  'name-too-long': None
  'device-error': None
  unreadable: { why: string }
  changed: None
  'no-room': { folder: string; octets: number }
  // what it is instead
  empty: None
  other: { file: OtherFile }
  foreign: { name: string; recording: Recording; hasTcp: boolean }
  'compressed-twice': { inside: string }
  version: { format: 'pcap' | 'pcapng'; major: number; minor: number }
  'header-cut': { missing: number }
  'no-pcap': None
  'no-byte-order': None
  // compressed data
  'compressed-cut': None
  'compressed-damaged': { by: Compressed; why: string | null }
  'compressed-more': { by: Compressed }
  'compressed-dictionary': { by: Compressed }
  'compressed-window': { bytes: number }
  // records of pcap; `record`: the number it would have
  'record-cut': { part: 'header' | 'data'; record: number; missing: number }
  'record-too-long': { record: number; claimed: number; most: number }
  'record-damaged': { record: number }
  // blocks of pcapng; `after`: the record before it, 0 for none
  'block-no-order': { after: number }
  'block-length': { type: number; claimed: number; after: number }
  'block-too-long': { type: number; claimed: number; after: number }
  'block-differs': { start: number; end: number; after: number }
  'block-cut': { missing: number; after: number }
  'block-beyond': None
  'packet-short': { after: number }
  'packet-no-interface': { after: number }
  'packet-interface': { after: number; named: number; there: number }
  'packet-beyond': { after: number; claimed: number; has: number; of: 'space' | 'block' }
  'packet-too-long': { after: number; claimed: number; most: number }
  'section-short': None
  'interface-short': None
  'interfaces-many': { most: number }
  'statistics-short': None
  'statistics-interface': { named: number; there: number }
}

export type FaultWhat = keyof FaultArguments
export type Fault = {
  readonly [K in FaultWhat]: { readonly what: K } & Readonly<FaultArguments[K]>
}[FaultWhat]

/** Where reading went on behind damage: so many bytes later, or nowhere, for want of a sound one of these. */
export type Beyond = number | 'no-record' | 'no-block'

/** A fault and its place. */
export type PlacedFault = Fault & {
  /** Offset in the (decompressed) file in bytes, or null. */
  readonly byte: number | null
  /** Absent where there is nothing to say about it. */
  readonly beyond?: Beyond
}

/** Coarser codes, of which scripts may know some; {@link FaultWhat} itself for all others. */
const CODES: Readonly<Partial<Record<FaultWhat, string>>> = {
  'no-such-folder': 'no-such-file',
  'no-match': 'no-such-file',
  'link-circle': 'no-such-file',
  'name-too-long': 'no-such-file',
  'holds-none': 'no-capture',
  'no-device': 'not-a-capture',
  'too-many-open': 'unreadable',
  'device-error': 'unreadable',
  other: 'not-a-capture',
  foreign: 'not-a-capture',
  'compressed-twice': 'not-a-capture',
  'no-byte-order': 'not-a-capture',
  'no-pcap': 'unknown-version',
  version: 'unknown-version',
  'header-cut': 'cut-short',
  'compressed-cut': 'cut-short',
  'compressed-damaged': 'bad-compression',
  'compressed-more': 'bad-compression',
  'compressed-dictionary': 'bad-compression',
  'compressed-window': 'bad-compression',
  'record-cut': 'cut-short',
  'record-damaged': 'bad-record',
  'block-no-order': 'bad-block',
  'block-length': 'bad-block',
  'block-differs': 'bad-block',
  'block-cut': 'cut-short',
  'block-beyond': 'bad-block',
  'block-too-long': 'record-too-long',
  'packet-short': 'bad-record',
  'packet-no-interface': 'bad-record',
  'packet-interface': 'bad-record',
  'packet-beyond': 'bad-record',
  'packet-too-long': 'bad-record',
  'section-short': 'bad-block',
  'interface-short': 'bad-block',
  'interfaces-many': 'bad-block',
  'statistics-short': 'bad-block',
  'statistics-interface': 'bad-block',
}
export const faultCode = ({ what }: Fault): string => CODES[what] ?? what

export interface FaultWords {
  readonly faults: { readonly [K in FaultWhat]: (args: Readonly<FaultArguments[K]>) => string }
  /** Stands behind the fault. */
  readonly beyond: (beyond: Beyond) => string
  /** Stands at the line's end. */
  readonly atByte: (byte: number) => string
  /** Puts the file's name before it. */
  readonly of: (file: string, line: string) => string
}

/** One line without the file's name. */
export const faultLine = (words: FaultWords, fault: Fault, beyond?: Beyond): string => {
  // The table's type pairs each code with its own arguments; TypeScript can't see that for a union.
  const say = words.faults[fault.what] as (args: Fault) => string
  return say(fault) + (beyond === undefined ? '' : words.beyond(beyond))
}

/** The whole line: file, fault, byte. */
export const fileFault = (words: FaultWords, file: string, fault: PlacedFault): string =>
  words.of(file, faultLine(words, fault, fault.beyond)) +
  (fault.byte === null ? '' : words.atByte(fault.byte))
