import { describe, expect, test } from 'vitest'
import { OTHER, TCP } from '../../src/wire/packet.js'
import { decode, ipv4, ipv6, join, tcp } from './packets.js'

const raw = (segment: Uint8Array) => decode(ipv4(segment), { linkType: 228 })

test('all nine flags', () => {
  expect(raw(tcp(0, '', 0x1ff)).flags).toBe(0x1ff)
})

test('without the ACK bit the acknowledgement number is not one', () => {
  expect(raw(tcp(0, '', 0x02)).ack).toBe(0)
  expect(raw(tcp(0, '', 0x10)).ack).toBe(0x55667788)
})

test.each([
  ['below five words', '40'],
  ['behind the end of the packet', 'f0'],
])('a data offset %s', (_name, offset) => {
  const segment = tcp(0)
  const lying = join(segment.subarray(0, 12), offset, segment.subarray(13))
  expect(raw(lying)).toMatchObject({ kind: OTHER, reason: 'tcp-bad-header' })
})

test('a segment shorter than its header on the wire was not cut by the snap length', () => {
  expect(raw(tcp(0).subarray(0, 12))).toMatchObject({ kind: OTHER, reason: 'tcp-bad-header' })
})

test('14 captured bytes are enough, 13 are not', () => {
  const packet = ipv6(tcp(500, '0101 080a 00000001 00000002'))
  const cutAt = (header: number) =>
    decode(packet.subarray(0, 40 + header), { linkType: 229, wire: packet.length })
  expect(cutAt(13)).toMatchObject({ kind: OTHER, reason: 'tcp-truncated' })
  const all = { kind: TCP, seq: 0x11223344, ack: 0x55667788, flags: 0x18, length: 500, headerLength: 32 }
  // tcpdump's old snap length of 68 bytes leaves exactly this of TCP over IPv6 over Ethernet.
  expect(cutAt(14)).toMatchObject({
    ...all,
    windowCut: true,
    window: 65535,
    optionsCut: true,
    hasOptions: true,
  })
  expect(cutAt(16)).toMatchObject({ ...all, windowCut: false, window: 0x1f6, optionsCut: true })
  expect(cutAt(26)).toMatchObject({ ...all, hasTimestamps: false, optionsCut: true })
  expect(cutAt(28)).toMatchObject({ ...all, hasTimestamps: true, tsVal: 1, tsEcr: 0, optionsCut: true })
  expect(cutAt(32)).toMatchObject({ ...all, hasTimestamps: true, tsVal: 1, tsEcr: 2, optionsCut: false })
  expect(cutAt(32).payloadEnd - cutAt(32).payloadStart).toBe(0)
  expect(cutAt(40).payloadEnd - cutAt(40).payloadStart).toBe(8)
})

describe('options', () => {
  const NONE = {
    mss: -1,
    windowScale: -1,
    sackPermitted: false,
    sackBlocks: 0,
    hasTimestamps: false,
    fastOpen: -1,
    optionsCut: false,
  }
  test.each([
    ['none', '', {}],
    ['padding only', '01010100', {}],
    ['MSS', '020405b4', { mss: 1460 }],
    ['MSS of 0', '02040000', { mss: 0 }],
    ['window scale', '01030307', { windowScale: 7 }],
    ['SACK permitted', '01010402', { sackPermitted: true }],
    [
      'timestamps the usual way',
      '0101080a 80000001 00000002',
      { hasTimestamps: true, tsVal: -0x7fffffff, tsEcr: 2 },
    ],
    ['timestamps another way', '080a 00000003 00000004 0101', { hasTimestamps: true, tsVal: 3, tsEcr: 4 }],
    ['Fast Open request', '22020101', { fastOpen: 0 }],
    ['Fast Open cookie', '220a 0102030405060708 0101', { fastOpen: 8 }],
    ['Fast Open, experimental', 'fe0c f989 0102030405060708', { fastOpen: 8 }],
    ['another experiment', 'fe04 1234', {}],
    ['MPTCP is passed over', '1e0c 0081 0102030405060708 020405b4', { mss: 1460 }],
    ['after the end of the list', '00000000 020405b4', {}],
    ['a length of zero', '01010200 020405b4', { optionsCut: true }],
    ['a length behind the end', '0206 05b4', { optionsCut: true }],
    ['a kind in the last byte', '010101 02', { optionsCut: true }],
    ['a wrong length: the others count', '0203 05 01 03030701', { optionsCut: true, windowScale: 7 }],
    ['SACK of an odd length', '0506 00000001 0101', { optionsCut: true }],
  ])('%s', (_name, options, expected) => {
    expect(raw(tcp(4, options))).toMatchObject({ kind: TCP, length: 4, ...NONE, ...expected })
  })

  test('four SACK blocks', () => {
    const edges = [1, 2, 3, 4, -1, 0, 0x7fffffff, -0x80000000]
    const list = edges.map((edge) => (edge >>> 0).toString(16).padStart(8, '0')).join('')
    const view = raw(tcp(0, `0101 0522 ${list}`))
    expect(view).toMatchObject({ sackBlocks: 4, optionsCut: false })
    expect([...view.sack]).toEqual(edges)
  })
})
