import { describe, expect, test } from 'vitest'
import { Decoder } from '../../src/wire/decode.js'
import { OTHER, TCP } from '../../src/wire/packet.js'
import { ADDRESSES, big16, decode, ethernet, ipv4, ipv6, join, tcp } from './packets.js'

const T4 = ipv4(tcp())
const T6 = ipv6(tcp())
const E4 = ethernet(T4)
const SNAP4 = join('aaaa03 000000 0800', T4)
const SNAP6 = join('aaaa03 000000 86dd', T6)
const zeros = (count: number) => '00'.repeat(count)
const WLAN = `0802 0000 ${ADDRESSES} 020202020202 1000`
const QOS = `8802 0000 ${ADDRESSES} 020202020202 1000 0000`
const LABEL = '00010140'

/** Each of these is a TCP packet for tshark 4.0 or for tcpdump 4.99, mostly for both. */
const PACKETS: readonly [name: string, linkType: number, packet: Uint8Array, version?: 4 | 6][] = [
  ['Ethernet', 1, E4],
  ['Ethernet, IPv6', 1, ethernet(T6, '86dd'), 6],
  ['802.1Q', 1, ethernet(join('0007 0800', T4), '8100')],
  ['802.1ad over 802.1Q', 1, ethernet(join('0007 8100 0008 0800', T4), '88a8')],
  ['QinQ with 0x9100', 1, ethernet(join('0009 86dd', T6), '9100'), 6],
  ['LLC and SNAP', 1, join(ADDRESSES, big16(SNAP4.length), SNAP4)],
  ['SNAP of 802.1H', 1, join(ADDRESSES, big16(T4.length + 8), 'aaaa03 0000f8 0800', T4)],
  ['LLC with the IP service access point', 1, join(ADDRESSES, big16(T4.length + 3), '060603', T4)],
  ['MPLS', 1, ethernet(join(LABEL, T4), '8847')],
  ['two MPLS labels', 1, ethernet(join('0001003f 0001113f', T6), '8847'), 6],
  ['MPLS, upstream-assigned', 1, ethernet(join(LABEL, T4), '8848')],
  ['Ethernet pseudowire with a control word', 1, ethernet(join(LABEL, zeros(4), E4), '8847')],
  ['PPPoE', 1, ethernet(join('1100 0007', big16(T4.length + 2), '0021', T4), '8864')],
  ['provider backbone bridging', 1, ethernet(join('00000005', E4), '88e7')],
  ['FabricPath', 1, join('020abd000000 020abc000000 8903 4020', E4)],
  ['VN-Tag', 1, ethernet(join('00000001 0800', T4), '8926')],
  ['HSR', 1, ethernet(join('0045 0001 0800', T4), '892f')],
  ['Cisco metadata', 1, ethernet(join('0101 0001 0002 0800', T4), '8909')],
  ['network service header', 1, ethernet(join('0fc2 0203 00000101', E4), '894f')],
  ['NULL, little endian', 0, join('02000000', T4)],
  ['NULL, big endian', 0, join('00000002', T4)],
  ['NULL, IPv6 of Linux', 0, join('0a000000', T6), 6],
  ['NULL, IPv6 of OpenBSD', 0, join('00000018', T6), 6],
  ['NULL, IPv6 of FreeBSD', 0, join('1c000000', T6), 6],
  ['NULL, IPv6 of macOS', 0, join('1e000000', T6), 6],
  ['LOOP', 108, join('00000002', T4)],
  ['RAW', 101, T4],
  ['RAW, IPv6', 101, T6, 6],
  ['RAW as 12', 12, T4],
  ['RAW as 14', 14, T6, 6],
  ['IPV4', 228, T4],
  ['IPV6', 229, T6, 6],
  ['IPV4 with IPv6 in it', 228, T6, 6],
  ['IPV6 with IPv4 in it', 229, T4],
  ['Linux cooked', 113, join('0000 0001 0006 020202020202 0000 0800', T4)],
  ['Linux cooked, VLAN', 113, join('0000 0001 0006 020202020202 0000 8100 0007 0800', T4)],
  ['Linux cooked, LLC', 113, join('0000 0001 0006 020202020202 0000 0004', SNAP4)],
  ['Linux cooked v2', 276, join('0800 0000 00000003 0001 00 06 0202020202020000', T4)],
  ['Linux cooked v2, IPv6', 276, join('86dd 0000 00000003 0001 00 06 0202020202020000', T6), 6],
  ['PPP', 9, join('ff03 0021', T4)],
  ['PPP without framing', 9, join('0021', T4)],
  ['PPP with a compressed protocol', 9, join('21', T4)],
  ['PPP, IPv6', 50, join('ff03 0057', T6), 6],
  ['PPP, MPLS', 50, join('ff03 0281', LABEL, T4)],
  ['PPP that is Cisco HDLC', 9, join('0f00 0800', T4)],
  ['PPP of pppd', 166, join('0003 0021', T4)],
  ['PPP with a direction', 204, join('01 ff03 0021', T4)],
  ['PPPoE link type', 51, join('1100 0007', big16(T4.length + 2), '0021', T4)],
  ['Cisco HDLC', 104, join('0f00 86dd', T6), 6],
  ['Cisco HDLC with a direction', 205, join('01 0f00 0800', T4)],
  ['frame relay', 107, join('1841 03cc', T4)],
  ['frame relay, IPv6', 107, join('1841 038e', T6), 6],
  ['frame relay, SNAP', 107, join('1841 0300 80 000000 0800', T4)],
  ['frame relay, bridged', 107, join('1841 0300 80 0080c2 0007', E4)],
  ['frame relay, Cisco', 107, join('1841 0800', T4)],
  ['frame relay, three-byte address', 107, join('184001 03cc', T4)],
  ['frame relay with a direction', 206, join('00 1841 03cc', T4)],
  ['token ring', 6, join('1040', ADDRESSES, SNAP4)],
  ['token ring, routed', 6, join('1040 020000000002 820000000001 0630 0011 0020', SNAP4)],
  ['FDDI', 10, join('51', ADDRESSES, SNAP6), 6],
  ['ATM', 100, SNAP4],
  ['ATM, bridged', 100, join('aaaa03 0080c2 0007 0000', E4)],
  ['classical IP over ATM', 106, T4],
  ['SunATM, LLC', 123, join('82000020', SNAP4)],
  ['SunATM, emulated LAN', 123, join('01000020 0005', E4)],
  ['IP over Fibre Channel', 122, join(zeros(16), SNAP4)],
  ['IP over IEEE 1394', 138, join(zeros(16), '0800', T4)],
  ['DOCSIS', 143, join('0000', big16(E4.length), '0000', E4)],
  ['DOCSIS, extended header', 143, join('0102', big16(E4.length + 2), '0000 0000', E4)],
  ['IP over InfiniBand', 242, join(zeros(40), '86dd0000', T6), 6],
  ['Symantec firewall 2', 99, join('c0000201 0000 0800', zeros(36), T4)],
  ['Symantec firewall 3', 99, join('c0000201 000000000000 0800', zeros(44), T4)],
  ['pflog', 117, join('3d 02 0000', zeros(60), T4)],
  ['pflog, IPv6', 117, join('40 18 0000', zeros(60), T6), 6],
  ['enc', 109, join('02000000', zeros(8), T4)],
  ['IPNET', 226, join('011a', zeros(22), T6), 6],
  ['NFLOG', 239, join('02000001 0800 0100 08000100 0500 0a00 00000000', nflogPayload(T4))],
  ['netANALYZER', 240, join(zeros(4), E4, zeros(4))],
  ['netANALYZER, transparent', 241, join(zeros(4), '55555555555555d5', E4, zeros(4))],
  ['PKTAP', 258, join('6c000000 01000000 01000000', zeros(96), E4)],
  ['PKTAP, RAW', 258, join('6c000000 01000000 0c000000', zeros(96), T6), 6],
  ['EPON', 259, join('5555d555 55000000', E4)],
  ['SLIP', 8, join(zeros(16), T4)],
  ['802.11', 105, join(WLAN, SNAP4)],
  ['802.11 QoS', 105, join(QOS, SNAP4)],
  [
    '802.11 with four addresses',
    105,
    join('0803 0000', ADDRESSES, '020202020202 1000 020202020202', SNAP6),
    6,
  ],
  ['802.11 aggregate', 105, join(QOS.slice(0, -4), '8000', ADDRESSES, big16(SNAP4.length), SNAP4)],
  ['radiotap', 127, join('0000 0800 00000000', WLAN, SNAP4)],
  ['radiotap, padded', 127, join('0000 0900 02000000 20', QOS, '0000', SNAP4)],
  ['radiotap, timestamp', 127, join('0000 1100 03000000', zeros(8), '10', QOS, SNAP4, zeros(4))],
  [
    'radiotap, longer bit map',
    127,
    join('0000 1c00 03000080 00000000', zeros(12), '20000000', QOS, '0000', SNAP4),
  ],
  ['Prism', 119, join('44000000 90000000', zeros(136), WLAN, SNAP4)],
  ['AVS under the Prism link type', 119, join('80211001 00000040', zeros(56), WLAN, SNAP4)],
  ['AVS', 163, join('80211001 00000040', zeros(56), WLAN, SNAP4)],
  ['Juniper Ethernet', 178, join('4d4743 01', E4)],
  ['Juniper Ethernet with extensions', 178, join('4d4743 81 000c', '0301 04 0401 0e 0501 00 020101', E4)],
  ['Juniper without link header', 178, join('4d4743 02 02000000', T4)],
  ['Juniper without link header, IPv6, extensions', 178, join('4d4743 83 0003 030104 1c000000', T6), 6],
  ['Juniper PPP', 179, join('4d4743 00 ff03 0021', T4)],
  ['Juniper frame relay', 180, join('4d4743 00 1841 03cc', T4)],
  ['Juniper Cisco HDLC', 181, join('4d4743 01 0f00 86dd', T6), 6],
  ['PPI', 192, join('0000 0800 69000000', WLAN, SNAP4)],
  ['PPI, Ethernet', 192, join('0000 0800 01000000', E4)],
  ['Broadcom switch tag', 281, join(ADDRESSES, '00000001 0800', T4)],
  ['Broadcom switch tag before the frame', 282, join('00000001', E4)],
  ['DSA', 284, join(ADDRESSES, 'c0080007 0800', T4)],
  ['Ethertype DSA', 285, join(ADDRESSES, 'dada 0000 c0080007 0800', T4)],
]

function nflogPayload(packet: Uint8Array): Uint8Array {
  return join(Uint8Array.of((packet.length + 4) & 0xff, 0), '0900', packet)
}

describe('every link type that can carry IP', () => {
  test.each(PACKETS)('%s', (_name, linkType, packet, version = 4) => {
    const view = decode(packet, { linkType })
    expect(view).toMatchObject({ kind: TCP, reason: '', srcPort: 40001, dstPort: 80, length: 5, outer: '' })
    expect(view).toMatchObject({ seq: 0x11223344, ipVersion: version, ttl: version === 4 ? 64 : 63 })
  })

  test.each(PACKETS)('%s, cut at every byte, does not throw or look further', (_name, linkType, packet) => {
    for (let length = 0; length < packet.length; length++) {
      const view = decode(packet.subarray(0, length), { linkType, wire: packet.length })
      // 14 bytes of the TCP header, the only part of all these packets that is near their end.
      if (view.kind === TCP) {
        expect(view).toMatchObject({ srcPort: 40001, dstPort: 80, seq: 0x11223344, flags: 0x18 })
        expect(view.payloadEnd).toBeLessThanOrEqual(32 + length)
      } else expect(view.reason).not.toBe('')
    }
  })
})

test('an unknown link type is named by its number', () => {
  expect(decode(E4, { linkType: 147 })).toMatchObject({ kind: OTHER, reason: 'unknown-link-type-147' })
})

test('the reasons with numbers in them are bounded', () => {
  const decoder = new Decoder()
  const reasons = new Set<string>()
  for (let type = 0xa000; type < 0xb000; type++) {
    reasons.add(decode(join(ADDRESSES, big16(type), '0000'), { decoder }).reason)
  }
  expect(reasons).toContain('ethertype-0xa000')
  expect(reasons).toContain('ethertype-0xother')
  expect(reasons.size).toBeLessThanOrEqual(257)
})
