/** Heads as editcap 4.0 writes them, or made by hand and named so by capinfos 4.0. */
import { describe, expect, it } from 'vitest'
import { HEAD_LENGTH, kindOf } from '../../src/capture/magic.js'
import { faultLine } from '../../src/faults.js'
import { ENGLISH_FAULTS } from '../../src/faults-english.js'
import { ascii } from './bytes.js'

const hex = (digits: string): number[] => [...Buffer.from(digits.replaceAll(' ', ''), 'hex')]
const zeros = (length: number): number[] => new Array<number>(length).fill(0)

const said = (octets: readonly number[]): string => {
  const kind = kindOf(Uint8Array.from(octets).subarray(0, HEAD_LENGTH))
  return kind.is === 'other' ? faultLine(ENGLISH_FAULTS, kind.fault).replace('not a capture: ', '') : kind.is
}

/** Two records of a SYN and its answer, of 74 bytes each: their headers, and zeros for the packets. */
const ncf = [
  ...[...hex('4a00 4a00 00 ea07 0b 16 17 0d 2b 7de40a00 00 00 00 00 00 00 00 00'), ...zeros(74)],
  ...[...hex('4a00 4a00 00 ea07 0b 16 17 0d 2b a8470b00 00 00 00 00 00 00 00 00'), ...zeros(74)],
]
const ncfx = [...hex('4a000000 ea07 0b 16 17 0d 2b 7de40a00 00 00 00 00 00'), ...zeros(74)]
const peek = [7, 0, ...hex('0000007e 00000001 b0000000'), ...zeros(36)]
const put = (octets: number[], at: number, value: number): number[] => octets.with(at, value)

describe('captures of other programs are named, and how to get at their packets', () => {
  it.each([
    ['snoop', [...ascii('snoop\0\0\0'), ...hex('00000002 00000004')]],
    ['Network Monitor 1', [...ascii('RTSS'), 1, 1, 1, 1]],
    ['Network Monitor 2', [...ascii('GMBU'), 0, 2, 1, 1]],
    ['Sniffer', [...ascii('TRSNIFF data    '), 0x1a]],
    ['NetXRay/Windows Sniffer', [...ascii('XCP\x00002.001')]],
    ['NetXRay 1', [...ascii('VL\0\0'), ...zeros(200)]],
    ['OmniPeek', [0x7f, ...ascii('ver'), ...zeros(40)]],
    ['EtherPeek', peek],
    ['EtherPeek', put(peek, 0, 0x86)],
    ['Visual Networks', [5, ...ascii('VNF'), 15, 0, 0, 0]],
    ['Observer', ascii('ObserverPktBufferVersion=15.00')],
    ['AIX iptrace', ascii('iptrace 2.0')],
    ['5Views', hex('aaaaaaaa 20000000 00000100')],
    ['LANalyzer', [...hex('01104c000105'), ...ascii('Trace Display Trace File')]],
    ['HP-UX nettl', hex('54520064 00000000 00000080 2f746d70')],
    ['HP-UX nettl', hex('00000001 00000000 0007d000')],
    ['Tektronix K12', hex('00000200 12050010 00000202')],
    ['Tektronix K12', ascii('+---------+---------------+----------+\n23:13:43,713,853   ETHER\n')],
    ['RADCOM', hex('42d20034 12662288 00')],
    ['Capsa', [...ascii('cpse'), ...zeros(60)]],
    ['Aethra', [...ascii('V0208'), ...zeros(60)]],
    ['Vector BLF', [...ascii('LOGG'), ...zeros(60)]],
    ['EyeSDN', [...ascii('EyeSDN'), 0xff]],
    ['NetScaler', [...hex('0101400000000000'), ...ascii('NetScaler Performance Data\0')]],
    ['NetScaler', [1, 0x22, 0, ...ascii('NetScaler V20 Performance Data\0')]],
    ['Etherwatch', ascii('ETHERWATCH  X5-008\n42 packets\n')],
    ['TCPIPtrace', ascii('TCPIPtrace full display RCV packet 8 at 10-JUL-2001 14:54:19.56\n')],
    ['Toshiba', ascii('T O S H I B A  ISDN ROUTER\n')],
    ['DCT2000', ascii('Session Transcript\n')],
    ['CommView NCF', ncf],
    ['CommView NCF', ncf.slice(0, 24)],
    ['CommView NCFX', ncfx],
    ['IXIA', hex('1c0001ac 00020004')],
  ])('%s', (name, head) => {
    expect(said(head)).toMatch(new RegExp(`^an? .*${name}.*; editcap can turn it into pcapng$`))
  })

  it.each([
    ['btsnoop', ascii('btsnoop\0\0\0\0\x01')],
    ['AUTOSAR', [...ascii('DLT'), 1]],
    ['RTP', ascii('#!rtpplay1.0 192.0.2.1/5000\n')],
    ['Micropross', [...ascii('MPCSII'), 0, 0]],
    ['systemd', ascii('LPKSHHRH')],
    ['systemd', ascii('__CURSOR=s=1\n__REALTIME_TIMESTAMP=1\n')],
  ])('%s holds no TCP', (name, head) => {
    expect(said(head)).toMatch(new RegExp(`^an? .*${name}.*, which holds no TCP$`))
  })
})

describe('what only looks a little like them', () => {
  it.each([
    ['a month 13', put(ncf, 7, 13)],
    ['a day 0', put(ncf, 8, 0)],
    ['an hour 24', put(ncf, 9, 24)],
    ['a version', put(ncf, 4, 1)],
    ['a second record without a date', put(ncf, 98 + 6, 0)],
    ['an unknown medium', put(ncf, 16, 3)],
    ['more than a second', put(ncfx, 14, 1)],
    ['no length', put(ncfx, 0, 0)],
    ['a reserved octet', put(ncfx, 18, 1)],
    ['version 4', put(peek, 0, 4)],
    ['a word that is reserved', put(peek, 41, 1)],
    ['the year 1904', put(peek, 10, 0)],
    ['a head that is cut', peek.slice(0, 49)],
  ])('%s', (_what, head) => {
    expect(said(head)).toBe('neither pcap nor pcapng')
  })
})
