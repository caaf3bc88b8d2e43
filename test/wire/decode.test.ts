import { expect, test } from 'vitest'
import { Decoder } from '../../src/wire/decode.js'
import { OTHER, PacketView, TCP } from '../../src/wire/packet.js'
import { decode, ethernet, hex, ipv4, join, tcp } from './packets.js'

/** The SYN of a recording of Linux 6; the values are what tshark shows. */
const SYN = hex(`0200000000050200 0000000c08004500 003cf37740004006 596cc00002cdc633
  64d79c410050afd9 ffca00000000a002 faf079640000 0204 05b40402080a18bf 80da000000000103 030a`)

test('a SYN of a Linux client', () => {
  const view = decode(SYN)
  expect(view).toMatchObject({
    kind: TCP,
    ipVersion: 4,
    srcPort: 40001,
    dstPort: 80,
    ack: 0,
    flags: 2,
    window: 64240,
    length: 0,
    ttl: 64,
    ipId: 0xf377,
    headerLength: 40,
    hasOptions: true,
    mss: 1460,
    sackPermitted: true,
    hasTimestamps: true,
    tsVal: 415203546,
    tsEcr: 0,
    windowScale: 10,
    sackBlocks: 0,
    fastOpen: -1,
    optionsCut: false,
    outer: '',
  })
  expect(view.seq >>> 0).toBe(2950299594)
  expect(view.seq).toBe(2950299594 | 0)
  expect(view.srcD).toBe(0xc00002cd | 0)
  expect(view.dstD).toBe(0xc63364d7 | 0)
  expect([view.ipStart, view.tcpStart]).toEqual([32 + 14, 32 + 34])
})

test('padding and the check sequence are no payload', () => {
  const short = ethernet(ipv4(tcp(0)))
  const padded = join(short, new Uint8Array(6), hex('deadbeef'))
  expect(decode(padded)).toMatchObject({ kind: TCP, length: 0 })
  // A datagram without a length goes to the end of the frame, but not into the check sequence.
  const offloaded = join(ethernet(ipv4(tcp(7), { total: 0 })), hex('deadbeef'))
  expect(decode(offloaded, { fcs: 4 })).toMatchObject({ kind: TCP, length: 7 })
})

test('a check sequence that the snap length cut off is not cut off again', () => {
  const packet = ethernet(ipv4(tcp(10)))
  const view = decode(packet, { fcs: 4, wire: packet.length + 4 })
  expect(view.payloadEnd - view.payloadStart).toBe(10)
  expect(decode(packet.subarray(0, 3), { fcs: 4 }).reason).toBe('ethernet-truncated')
})

test('the view is set anew for each packet', () => {
  const decoder = new Decoder()
  const used = new PacketView()
  const packets = [
    SYN,
    ethernet(ipv4(join('0304 0000 000005dc', ipv4(tcp())), { protocol: 1 })),
    ethernet(join('0007 0800', ipv4(tcp(1, '0101 050a 00000001 00000002'))), '8100'),
    ethernet(new Uint8Array(28), '0806'),
  ]
  for (const first of packets) {
    for (const second of packets) {
      const fresh = new PacketView()
      decoder.decode(first, 0, first.length, first.length, 1, 0, used)
      decoder.decode(second, 0, second.length, second.length, 1, 0, used)
      decoder.decode(second, 0, second.length, second.length, 1, 0, fresh)
      // Behind sackBlocks the array holds whatever was there.
      expect({ ...used, sack: 0 }).toEqual({ ...fresh, sack: 0 })
    }
  }
})

test.each([
  ['arp', ethernet(new Uint8Array(28), '0806')],
  ['lldp', ethernet(new Uint8Array(28), '88cc')],
  ['stp', ethernet(hex('4242030000'), '0005')],
  ['ethertype-0x1234', ethernet(new Uint8Array(28), '1234')],
  ['udp', ethernet(ipv4(new Uint8Array(8), { protocol: 17 }))],
  ['icmp', ethernet(ipv4(hex('0800000000000000'), { protocol: 1 }))],
  ['igmp', ethernet(ipv4(new Uint8Array(8), { protocol: 2 }))],
  ['sctp', ethernet(ipv4(new Uint8Array(8), { protocol: 132 }))],
  ['esp', ethernet(ipv4(new Uint8Array(8), { protocol: 50 }))],
  ['ip-protocol-200', ethernet(ipv4(new Uint8Array(8), { protocol: 200 }))],
  ['ipv4-truncated', ethernet(ipv4(tcp()).subarray(0, 19))],
  ['ipv4-bad-header', ethernet(join('44', ipv4(tcp()).subarray(1)))],
  ['ipv4-bad-header', ethernet(ipv4(tcp(), { total: 19 }))],
  ['ipv4-bad-header', ethernet(join('65', ipv4(tcp()).subarray(1)))],
  ['ipv6-bad-header', ethernet(ipv4(tcp(100)), '86dd')],
  ['ipv6-truncated', ethernet(hex('60000000'), '86dd')],
  ['ethernet-truncated', hex('020000000001')],
  ['nested-too-deep', ethernet(join(...Array<string>(70).fill('0001 8100')), '8100')],
])('%s', (reason, packet) => {
  expect(decode(packet)).toMatchObject({ kind: OTHER, reason })
})
