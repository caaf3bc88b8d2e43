import { describe, expect, test } from 'vitest'
import { ICMP_ERROR, OTHER } from '../../src/wire/packet.js'
import { A6, decode, ethernet, ipv4, ipv6, join, tcp, udp } from './packets.js'

/** From a router at 203.0.113.1. */
function icmp(header: string, quoted: Uint8Array): Uint8Array {
  const packet = ipv4(join(header, quoted), { protocol: 1, id: 0x9999 })
  packet.set([203, 0, 113, 1], 12)
  return packet
}

describe('ICMP', () => {
  const QUOTED = ipv4(tcp(1400, '0101080a 00000001 00000002'))

  test('8 bytes of TCP are enough for ports and sequence number', () => {
    const view = decode(icmp('0301 0000 00000000', QUOTED.subarray(0, 28)), { linkType: 228 })
    expect(view).toMatchObject({
      kind: ICMP_ERROR,
      icmpType: 3,
      icmpCode: 1,
      routerD: 0xcb007101 | 0,
      srcD: 0xc000020a | 0,
      dstD: 0xc6336414 | 0,
      srcPort: 40001,
      dstPort: 80,
      seq: 0x11223344,
      ipId: 0x1234,
      flags: 0,
      windowCut: true,
    })
  })

  test('what more is quoted is read', () => {
    const view = decode(icmp('0b00 0000 00000000', QUOTED.subarray(0, 60)), { linkType: 228 })
    expect(view).toMatchObject({
      kind: ICMP_ERROR,
      icmpType: 11,
      flags: 0x18,
      ack: 0x55667788,
      length: 1400,
      tsVal: 1,
    })
  })

  test.each([
    ['seven bytes of TCP', icmp('0301 0000 00000000', QUOTED.subarray(0, 27))],
    ['UDP', icmp('0303 0000 00000000', ipv4(udp(new Uint8Array(4), 53), { protocol: 17 }))],
    ['a later fragment', icmp('0301 0000 00000000', ipv4(tcp(), { fragment: 0x0010 }))],
    ['a redirect', icmp('0501 0000 c0000201', QUOTED)],
    ['an echo', icmp('0800 0000 00000000', QUOTED)],
    ['a tunnel', icmp('0301 0000 00000000', ipv4(QUOTED, { protocol: 4 }))],
  ])('%s is no quoted segment', (_name, packet) => {
    expect(decode(packet, { linkType: 228 })).toMatchObject({ kind: OTHER, reason: 'icmp', outer: '' })
  })

  test('a quotation that an extension follows (RFC 4884)', () => {
    const quoted = join(QUOTED.subarray(0, 60), new Uint8Array(68), '2000dfff 0008 0101 00014140')
    const view = decode(icmp('0b00 0000 0020 0000', quoted), { linkType: 228 })
    expect(view).toMatchObject({ kind: ICMP_ERROR, length: 1400, tsEcr: 2, optionsCut: false })
  })
})

describe('ICMPv6', () => {
  const QUOTED = ipv6(tcp(1300))

  test.each([
    ['unreachable', '0104 0000 00000000', 1],
    ['packet too big', '0200 0000 00000500', 2],
    ['time exceeded', '0300 0000 00000000', 3],
    ['parameter problem', '0401 0000 00000006', 4],
  ])('%s', (_name, header, icmpType) => {
    const packet = ipv6(join(header, QUOTED.subarray(0, 60)), 58)
    packet.set(Buffer.from(A6.replace(/01$/, '77'), 'hex'), 8)
    const view = decode(ethernet(packet, '86dd'))
    expect(view).toMatchObject({
      kind: ICMP_ERROR,
      ipVersion: 6,
      icmpType,
      srcPort: 40001,
      length: 1300,
    })
    expect(view).toMatchObject({ routerA: 0x20010db8, routerD: 0x77, srcD: 1, dstD: 2 })
  })

  test('an echo is none', () => {
    expect(decode(ethernet(ipv6(join('8000 0000 00000000', QUOTED), 58), '86dd'))).toMatchObject({
      reason: 'icmpv6',
    })
  })
})
