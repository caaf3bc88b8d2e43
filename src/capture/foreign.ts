/**
 * Captures of other programs, told by name because somebody will hold one for a capture that can be read.
 *
 * In: a file's first bytes. Out: what it is, as the end of "not a capture: ...", or null. Magic numbers are those by which
 * Wireshark's wiretap library tells these formats; formats without one are told by headers that hardly anything else
 * could begin with.
 */
import { viewOf } from './pump.js'

/** Captures that editcap reads: where in the file, what stands there, whose capture it is. */
const CAPTURES: readonly (readonly [at: number, magic: string, whose: string])[] = [
  [0, 'snoop\0\0\0', 'a snoop capture'],
  [0, 'RTSS', 'a Network Monitor 1 capture'],
  [0, 'GMBU', 'a Network Monitor 2 capture'],
  [0, 'TRSNIFF data', 'a Sniffer capture'],
  [0, 'XCP\0', 'a NetXRay or Windows Sniffer capture'],
  [0, 'VL\0\0', 'a NetXRay 1 capture'],
  [0, '\x7fver', 'an OmniPeek capture'],
  [0, '\x05VNF', 'a Visual Networks capture'],
  [0, 'ObserverPktBuffer', 'an Observer capture'],
  [0, 'iptrace ', 'an AIX iptrace capture'],
  [0, '\xaa\xaa\xaa\xaa', 'a 5Views capture'],
  [6, 'Trace Display Trace File', 'a LANalyzer capture'],
  [0, 'TR\0d\0\0\0\0\0\0\0\x80', 'an HP-UX nettl trace'],
  [0, '\0\0\0\x01\0\0\0\0\0\x07\xd0\0', 'an HP-UX nettl trace'],
  [0, '\0\0\x02\0\x12\x05\0\x10', 'a Tektronix K12 capture'],
  [0, '+---------+---------------+----------+', 'a Tektronix K12 capture as text'],
  // The two octets between differ.
  [3, '\x34\x12\x66\x22\x88', 'a RADCOM capture'],
  [0, 'cpse', 'a Capsa capture'],
  [0, 'V0208', 'an Aethra capture'],
  [0, 'LOGG', 'a Vector BLF log'],
  [0, 'EyeSDN', 'an EyeSDN trace'],
  [8, 'NetScaler Performance Data', 'a NetScaler trace'],
  [3, 'NetScaler V20 Performance Data', 'a NetScaler trace'],
  [3, 'Netscaler V30 Performance Data', 'a NetScaler trace'],
  [3, 'Netscaler V35 Performance Data', 'a NetScaler trace'],
  [0, 'ETHERWATCH  ', 'a DBS Etherwatch trace'],
  [0, 'TCPIPtrace ', 'a TCPIPtrace of VMS'],
  [0, 'T O S H I B A', 'a trace of a Toshiba router'],
  [0, 'Session Transcript', 'a Catapult DCT2000 trace'],
  [0, '\x1c\x00\x01\xac', 'an IXIA pcap variant'],
  [0, '\xac\x01\x00\x1c', 'an IXIA pcap variant'],
  [0, '\x1c\x00\x01\xab', 'an IXIA pcap variant'],
  [0, '\xab\x01\x00\x1c', 'an IXIA pcap variant'],
]

/** Recordings of what isn't TCP. */
const OTHERS: readonly (readonly [magic: string, what: string])[] = [
  ['btsnoop\0', 'a Bluetooth btsnoop log'],
  ['DLT\x01', 'an AUTOSAR diagnostic log'],
  ['#!rtpplay', 'an RTP dump'],
  ['MPCSII', 'a Micropross log'],
  ['LPKSHHRH', 'a systemd journal'],
  ['__CURSOR=', 'a systemd journal'],
]

/** `text` is `head` with a character for each octet. */
export function foreign(head: Uint8Array, text: string): string | null {
  const whose =
    CAPTURES.find(([at, magic]) => text.startsWith(magic, at))?.[2] ??
    STRUCTURES.find(([is]) => is(viewOf(head)))?.[1]
  if (whose !== undefined) return `${whose}; editcap can turn it into pcapng`
  const other = OTHERS.find(([magic]) => text.startsWith(magic))
  return other === undefined ? null : `${other[1]}, which holds no TCP`
}

const STRUCTURES: readonly (readonly [is: (head: DataView) => boolean, whose: string])[] = [
  [isErf, 'an ERF capture'],
  [isNcf, 'a CommView NCF capture'],
  [isNcfx, 'a CommView NCFX capture'],
  [isPeek, 'an EtherPeek capture'],
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
