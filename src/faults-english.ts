/**
 * English for everything that can be wrong with a capture: an exception carries a line wherever it is caught, so these
 * sentences can't wait for `text/`, whose English takes them from here.
 */
import type { FaultArguments, FaultWords, OtherFile } from './faults.js'

const bytes = (count: number): string => (count === 1 ? '1 byte' : `${count} bytes`)
/** By its sound: an IXIA, an RTP, a RADCOM. */
const article = (name: string): string => (/^(?:[AEIO]|HP-|RTP)/.test(name) ? 'an' : 'a')
const after = (record: number): string =>
  record === 0 ? 'before the first record' : `after record ${record}`
const packetBlock = (record: number): string => `the packet block after record ${record}`

const claims = ({ type, claimed, after: record }: FaultArguments['block-length']): string =>
  `a block of type ${type} claims ${claimed} bytes, ${after(record)}`

const OTHER_FILES: Readonly<Record<OtherFile, string>> = {
  bzip2: 'compressed with bzip2; pipe it in: bzcat FILE | ... -',
  xz: 'compressed with xz; pipe it in: xzcat FILE | ... -',
  'legacy-lz4': "in LZ4's legacy format; pipe it in: lz4 -dc FILE | ... -",
  zip: 'a ZIP archive; unpack it first',
  '7z': 'a 7z archive; unpack it first',
  tar: 'a tar archive; unpack it first',
  program: 'a program',
  pdf: 'a PDF document',
  'git-lfs': 'a Git LFS pointer; fetch the file itself with git lfs pull',
  zeros: 'nothing but zero octets',
  html: 'an HTML page, perhaps from a download that failed',
  'tcpdump-text': 'the text that tcpdump prints; let it write packets with -w',
  text: 'text',
  unknown: 'neither pcap nor pcapng',
}

export const ENGLISH_FAULTS: FaultWords = {
  faults: {
    'no-such-file': () => 'no such file',
    'no-such-folder': () => 'no such file: a part of its path is not a directory',
    'no-match': () => 'no file matches',
    'holds-none': () => 'holds no capture',
    'no-permission': () => 'no permission to read it',
    'is-directory': () => 'is a directory',
    'is-terminal': () => 'is a terminal; name a capture or pipe one in',
    'no-device': () => 'is a socket or a device without its hardware',
    'too-many-open': () => 'too many files are open',
    'link-circle': () => 'its symbolic links go round in a circle',
    'name-too-long': () => 'the name is too long',
    'device-error': () => 'the device reports an input/output error',
    unreadable: ({ why }) => `can't be read: ${why}`,
    changed: () => 'was changed while it was read',
    'no-room': ({ folder, octets }) =>
      `no room in ${folder} and memory for more than ${octets < 1e6 ? bytes(octets) : `${(octets / 1e6).toFixed(1)} MB`}`,
    empty: () => 'is empty',
    other: ({ file }) => `not a capture: ${OTHER_FILES[file]}`,
    foreign: ({ name, recording, hasTcp }) =>
      `not a capture: ${article(name)} ${name} ${recording}${hasTcp ? '; editcap can turn it into pcapng' : ', which holds no TCP'}`,
    'compressed-twice': ({ inside }) => `not a capture: compressed twice, inside with ${inside}`,
    version: ({ format, major, minor }) =>
      `${format} version ${major}.${minor} is unknown (${format === 'pcap' ? '2.4' : '1.0'} is usual)`,
    'header-cut': ({ missing }) => `cut short in the file header: ${bytes(missing)} missing`,
    'no-pcap': () => 'not a pcap file',
    'no-byte-order': () => 'not a capture: a pcapng section without byte order',
    'compressed-cut': () => 'the compressed data end too early',
    'compressed-damaged': ({ by, why }) => `${by} data are damaged${why === null ? '' : ` (${why})`}`,
    'compressed-more': ({ by }) => `${by} data are followed by something else`,
    'compressed-dictionary': ({ by }) => `${by} data need a dictionary`,
    'compressed-window': ({ bytes: n }) => `zstd data need a window of ${n} bytes, more than 128 MiB`,
    'record-cut': ({ part, record, missing }) =>
      `cut short in the ${part} of record ${record}: ${bytes(missing)} missing`,
    'record-too-long': ({ record, claimed, most }) =>
      `record ${record} claims ${claimed} bytes, more than the ${most} possible`,
    'record-damaged': ({ record }) => `record ${record} is damaged`,
    'block-no-order': (args) => `a section header without byte order, ${after(args.after)}`,
    'block-length': claims,
    'block-too-long': claims,
    'block-differs': ({ start, end, after: record }) =>
      `a block says ${start} bytes at its start and ${end} at its end, ${after(record)}`,
    'block-cut': ({ missing, after: record }) =>
      `cut short in a block: ${bytes(missing)} missing, ${after(record)}`,
    'block-beyond': () => 'a block claims more bytes than the file has',
    'packet-short': (args) => `${packetBlock(args.after)} is too short`,
    'packet-no-interface': (args) => `${packetBlock(args.after)} comes before any interface`,
    'packet-interface': ({ after: record, named, there }) =>
      `${packetBlock(record)} names interface ${named}, and there are ${there}`,
    'packet-beyond': ({ after: record, claimed, has, of }) =>
      of === 'space'
        ? `${packetBlock(record)} claims ${claimed} bytes, and the block has ${has}`
        : `${packetBlock(record)} claims ${claimed} bytes in a block of ${has}`,
    'packet-too-long': ({ after: record, claimed, most }) =>
      `${packetBlock(record)} claims ${claimed} bytes, more than the ${most} possible`,
    'section-short': () => 'a section header is too short',
    'interface-short': () => 'an interface description is too short',
    'interfaces-many': ({ most }) => `more than ${most} interfaces in one section`,
    'statistics-short': () => 'interface statistics are too short',
    'statistics-interface': ({ named, there }) =>
      `statistics name interface ${named}, and there are ${there}`,
  },
  beyond: (beyond) =>
    typeof beyond === 'number'
      ? `; reading went on ${bytes(beyond)} later`
      : `; no sound ${beyond === 'no-record' ? 'record' : 'block'} was found behind it`,
  atByte: (byte) => ` (byte ${byte})`,
  of: (file, line) => `${file}: ${line}`,
}
