import { describe, expect, test } from 'vitest'
import { OTHER, TCP } from '../../src/wire/packet.js'
import { A6, B6, decode, ethernet, ipv4, ipv6, join, tcp } from './packets.js'

const v4 = (packet: Uint8Array, wire?: number) =>
  decode(packet, { linkType: 228, ...(wire === undefined ? {} : { wire }) })
const v6 = (packet: Uint8Array, wire?: number) =>
  decode(packet, { linkType: 229, ...(wire === undefined ? {} : { wire }) })

describe('IPv4', () => {
  test('options are passed over', () => {
    expect(v4(ipv4(tcp(3), { options: '94040000 01010100' }))).toMatchObject({
      kind: TCP,
      length: 3,
      dstPort: 80,
    })
  })

  test('total length 0: a segment that the network card was still to split, cut by the snap length', () => {
    const view = v4(ipv4(tcp(100), { total: 0 }), 60_040)
    expect(view).toMatchObject({ kind: TCP, length: 60_000 })
    expect(view.payloadEnd - view.payloadStart).toBe(100)
  })

  test('the length is the header’s, however much was captured', () => {
    const view = v4(ipv4(tcp(5), { total: 1540 }))
    expect(view).toMatchObject({ kind: TCP, length: 1500 })
    expect(view.payloadEnd - view.payloadStart).toBe(5)
  })

  test('options that were cut', () => {
    const packet = ipv4(tcp(3), { options: '01010100' })
    expect(v4(packet.subarray(0, 22), packet.length)).toMatchObject({ kind: OTHER, reason: 'ipv4-truncated' })
  })
})

describe('IPv6', () => {
  const SEGMENT = tcp(6)

  test('addresses, hop limit, ECN of the traffic class', () => {
    expect(v6(ipv6(SEGMENT))).toMatchObject({
      kind: TCP,
      ipVersion: 6,
      srcA: 0x20010db8,
      srcB: 0,
      srcC: 0,
      srcD: 1,
      dstA: 0x20010db8,
      dstD: 2,
      ttl: 63,
      ipId: -1,
      length: 6,
    })
  })

  // Checked with tshark, which agrees on all of them.
  test.each([
    ['hop-by-hop options', 0, '0600 0104 00000000'],
    ['hop-by-hop and destination options', 0, '3c00 0104 00000000 0601 0104 00000000 0104 00000000 0000'],
    ['an authentication header', 51, `0604 0000 00000001 00000001 ${'00'.repeat(12)}`],
    ['a fragment header without fragments', 44, '0600 0000 00000009'],
    ['a routing header at its end', 43, `0602 0000 00000000 ${B6}`],
  ])('%s', (_name, next, headers) => {
    expect(v6(ipv6(join(headers, SEGMENT), next))).toMatchObject({
      kind: TCP,
      length: 6,
      dstPort: 80,
      dstD: 2,
    })
  })

  test.each([
    ['type 0 has it last', `0604 0002 00000000 ${A6} 20010db8000000000000000000000099`],
    ['type 4 has it first', `0604 0401 01000000 20010db8000000000000000000000099 ${B6}`],
  ])('on a source route the connection is with the last stop: %s', (_name, header) => {
    expect(v6(ipv6(join(header, SEGMENT), 43))).toMatchObject({ kind: TCP, dstA: 0x20010db8, dstD: 0x99 })
  })

  test('a jumbogram', () => {
    const view = v6(ipv6(join('0600 c204 000101f8', SEGMENT), 0, 0), 40 + 66_040)
    expect(view).toMatchObject({ kind: TCP, length: 66_040 - 8 - 20 })
  })

  test('no length and no jumbo option: the segment goes to the end of the frame', () => {
    expect(v6(ipv6(SEGMENT, 6, 0))).toMatchObject({ kind: TCP, length: 6 })
  })

  test('an extension header that is longer than what was captured', () => {
    expect(v6(ipv6(join('06ff 0000 00000000', SEGMENT), 60))).toMatchObject({ reason: 'ipv6-truncated' })
  })

  test('no next header', () => {
    expect(decode(ethernet(ipv6(SEGMENT, 59), '86dd')).reason).toBe('no-next-header')
  })
})
