/**
 * Captures of other programs, told by name because somebody will hold one for a capture that can be read.
 *
 * In: a file's first bytes. Out: what it is, or null. Magic numbers are those by which
 * Wireshark's wiretap library tells these formats; formats without one are told by headers that hardly anything else
 * could begin with.
 */
import type { Fault, Recording } from '../faults.js'
import { viewOf } from './pump.js'

/** Captures that editcap reads: where in the file, what stands there, whose capture it is. */
const CAPTURES: readonly (readonly [at: number, magic: string, name: string, recording: Recording])[] = [
  [0, 'snoop\0\0\0', 'snoop', 'capture'],
  [0, 'RTSS', 'Network Monitor 1', 'capture'],
  [0, 'GMBU', 'Network Monitor 2', 'capture'],
  [0, 'TRSNIFF data', 'Sniffer', 'capture'],
  [0, 'XCP\0', 'NetXRay/Windows Sniffer', 'capture'],
  [0, 'VL\0\0', 'NetXRay 1', 'capture'],
  [0, '\x7fver', 'OmniPeek', 'capture'],
  [0, '\x05VNF', 'Visual Networks', 'capture'],
  [0, 'ObserverPktBuffer', 'Observer', 'capture'],
  [0, 'iptrace ', 'AIX iptrace', 'capture'],
  [0, '\xaa\xaa\xaa\xaa', '5Views', 'capture'],
  [6, 'Trace Display Trace File', 'LANalyzer', 'capture'],
  [0, 'TR\0d\0\0\0\0\0\0\0\x80', 'HP-UX nettl', 'trace'],
  [0, '\0\0\0\x01\0\0\0\0\0\x07\xd0\0', 'HP-UX nettl', 'trace'],
  [0, '\0\0\x02\0\x12\x05\0\x10', 'Tektronix K12', 'capture'],
  [0, '+---------+---------------+----------+', 'Tektronix K12', 'capture as text'],
  // The two octets between differ.
  [3, '\x34\x12\x66\x22\x88', 'RADCOM', 'capture'],
  [0, 'cpse', 'Capsa', 'capture'],
  [0, 'V0208', 'Aethra', 'capture'],
  [0, 'LOGG', 'Vector BLF', 'log'],
  [0, 'EyeSDN', 'EyeSDN', 'trace'],
  [8, 'NetScaler Performance Data', 'NetScaler', 'trace'],
  [3, 'NetScaler V20 Performance Data', 'NetScaler', 'trace'],
  [3, 'Netscaler V30 Performance Data', 'NetScaler', 'trace'],
  [3, 'Netscaler V35 Performance Data', 'NetScaler', 'trace'],
  [0, 'ETHERWATCH  ', 'DBS Etherwatch', 'trace'],
  [0, 'TCPIPtrace ', 'VMS TCPIPtrace', 'trace'],
  [0, 'T O S H I B A', 'Toshiba router', 'trace'],
  [0, 'Session Transcript', 'Catapult DCT2000', 'trace'],
  [0, '\x1c\x00\x01\xac', 'IXIA', 'pcap variant'],
  [0, '\xac\x01\x00\x1c', 'IXIA', 'pcap variant'],
  [0, '\x1c\x00\x01\xab', 'IXIA', 'pcap variant'],
  [0, '\xab\x01\x00\x1c', 'IXIA', 'pcap variant'],
]

/** Recordings of what isn't TCP. */
const OTHERS: readonly (readonly [magic: string, name: string, recording: Recording])[] = [
  ['btsnoop\0', 'Bluetooth btsnoop', 'log'],
  ['DLT\x01', 'AUTOSAR diagnostic', 'log'],
  ['#!rtpplay', 'RTP', 'dump'],
  ['MPCSII', 'Micropross', 'log'],
  ['LPKSHHRH', 'systemd', 'journal'],
  ['__CURSOR=', 'systemd', 'journal'],
]

/** `text` is `head` with a character for each octet. */
export function foreign(head: Uint8Array, text: string): Fault | null {
  const capture = CAPTURES.find(([at, magic]) => text.startsWith(magic, at))
  if (capture !== undefined) return named(capture[2], capture[3], true)
  const structure = STRUCTURES.find(([is]) => is(viewOf(head)))
  if (structure !== undefined) return named(structure[1], structure[2], true)
  const other = OTHERS.find(([magic]) => text.startsWith(magic))
  return other === undefined ? null : named(other[1], other[2], false)
}

function named(name: string, recording: Recording, hasTcp: boolean): Fault {
  return { what: 'foreign', name, recording, hasTcp }
}

const STRUCTURES: readonly (readonly [
  is: (head: DataView) => boolean,
  name: string,
  recording: Recording,
])[] = [
  [isErf, 'ERF', 'capture'],
  [isNcf, 'CommView NCF', 'capture'],
  [isNcfx, 'CommView NCFX', 'capture'],
  [isPeek, 'EtherPeek', 'capture'],
]

/** Longest ERF record to believe, in bytes; a jumbo frame and all its headers are shorter. */
const LONGEST_ERF = 0x4000

/** Each record has a little-endian time of our days or none, a known type, and lengths that can be. */
function isErf(head: DataView): boolean {
  return walked(head, 16, (at) => {
    const seconds = head.getUint32(at + 4, true)
    const type = head.getUint8(at + 8) & 0x7f
    const recordLength = head.getUint16(at + 10)
    const timed = seconds === 0 || (seconds > 631_152_000 && seconds < 0x8000_0000)
    const long = recordLength >= 16 && recordLength <= LONGEST_ERF && head.getUint16(at + 14) <= LONGEST_ERF
    return timed && type >= 1 && type <= 27 && long ? recordLength : 0
  })
}

/** Ethernet, 802.11, Token Ring. */
const COMMVIEW_MEDIA = 3

/** Each record has its length twice, version 0, a date, and a medium. */
function isNcf(head: DataView): boolean {
  return walked(head, 24, (at) => {
    const known = head.getUint8(at + 4) === 0 && (head.getUint8(at + 16) & 0x8f) < COMMVIEW_MEDIA
    const isRecord = known && isDate(head, at + 5) && head.getUint8(at + 17) <= 100
    return isRecord ? 24 + head.getUint16(at, true) : 0
  })
}

/** The first record has a length, a date, a medium, a direction, and reserved octets. Whether the length counts it differs. */
function isNcfx(head: DataView): boolean {
  if (head.byteLength < 20) return false
  const length = head.getUint32(0, true)
  const known = head.getUint8(15) < COMMVIEW_MEDIA - 1 && head.getUint8(17) <= 2 && head.getUint16(18) === 0
  return length > 0 && length <= 0x10000 && isDate(head, 4) && known
}

/** Year, month, day, hours, minutes, seconds and microseconds of our days. */
function isDate(head: DataView, at: number): boolean {
  const year = head.getUint16(at, true)
  const month = head.getUint8(at + 2)
  const day = head.getUint8(at + 3)
  const days = year >= 1990 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31
  const time = head.getUint8(at + 4) < 24 && head.getUint8(at + 5) < 60 && head.getUint8(at + 6) <= 60
  return days && time && head.getUint32(at + 7, true) < 1_000_000
}

/** Versions 5 to 7, 0x80 added by EtherHelp: a time since 1904, medium, physical medium, and three reserved words of zeros. */
function isPeek(head: DataView): boolean {
  if (head.byteLength < 50) return false
  const version = head.getUint8(0) & 0x7f
  const [media, physical] = [head.getUint32(22), head.getUint32(26)]
  const medium = physical === 0 ? media <= 1 : physical === 1 && media === 0
  const reserved = head.getUint32(38) + head.getUint32(42) + head.getUint32(46)
  const EIGHTIES = 0x8f00_0000
  return version >= 5 && version <= 7 && medium && reserved === 0 && head.getUint32(10) > EIGHTIES
}

/** Whether all records whose headers lie in `head` can be; `length` of one is 0 when it can't. One alone looks like much else. */
function walked(head: DataView, headerLength: number, length: (at: number) => number): boolean {
  let at = 0
  while (head.byteLength - at >= headerLength) {
    const record = length(at)
    if (record === 0) return false
    at += record
  }
  return at > 0
}
