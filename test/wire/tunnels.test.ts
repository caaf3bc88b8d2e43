import { expect, test } from 'vitest'
import { Decoder } from '../../src/wire/decode.js'
import { OTHER, TCP } from '../../src/wire/packet.js'
import { big16, decode, ethernet, ipv4, ipv6, join, tcp, udp } from './packets.js'

const T4 = ipv4(tcp())
const T6 = ipv6(tcp())
const E4 = ethernet(T4)
const over = (protocol: number, ...parts: (string | Uint8Array)[]) => ipv4(join(...parts), { protocol })
const port = (number: number, ...parts: (string | Uint8Array)[]) => over(17, udp(join(...parts), number))
const zeros = (count: number) => '00'.repeat(count)
const VXLAN = join('08000000 00002a00', E4)

/** Checked with tshark, but for VXLAN on Linux's old port, which it does not look at by itself. */
test.each([
  ['ipip', over(4, T4)],
  ['ip6', over(41, T6)],
  ['etherip', over(97, '3000', E4)],
  ['', over(137, '00010140', T4)],
  ['', over(51, '0604 0000 00000001 00000001', zeros(12), tcp())],
  ['gre', over(47, '0000 0800', T4)],
  ['gre 7', over(47, '2000 0800 00000007', T4)],
  ['gre 7', over(47, 'b000 86dd 00000000 00000007 00000001', T6)],
  ['gre', over(47, '0000 6558', E4)],
  ['gre 42', over(47, '2000 6558 0000002a', E4)],
  ['nvgre 8193', over(47, '2000 6558 00200105', E4)],
  ['gre', over(47, '0000 8847 00010140', T4)],
  ['gre', over(47, '0000 883e 00000000', T4)],
  ['gre', over(47, '0000 883e', T4)],
  ['erspan', over(47, '0000 88be', E4)],
  ['erspan', over(47, '1000 88be 00000001 10010001 00000000', E4)],
  ['erspan', over(47, '1000 22eb 00000001 20010001 00000000 00008000', E4)],
  ['erspan', over(47, '1000 22eb 00000001 20010001 00000000 00008001', zeros(8), E4)],
  ['pptp', over(47, '3081 880b', big16(T4.length + 4), '0005 00000001 00000001 ff03 0021', T4)],
  ['pptp', over(47, '3001 880b', big16(T4.length + 1), '0005 00000001 21', T4)],
  ['vxlan 42', port(4789, VXLAN)],
  ['vxlan 42', port(8472, VXLAN)],
  ['vxlan 42', port(4790, '0c000003 00002a00', E4)],
  ['vxlan 42', port(4790, '0c000001 00002a00', T4)],
  ['geneve 42', port(6081, '00006558 00002a00', E4)],
  ['geneve 42', port(6081, '02800800 00002a00', zeros(8), T4)],
  ['gtp', port(2152, '30ff', big16(T4.length), '00000009', T4)],
  ['gtp', port(2152, '34ff', big16(T4.length + 8), '00000009 00000085 01000900', T4)],
  ['teredo', port(3544, T6)],
  ['teredo', port(3544, '0000 1234 c0000201', T6)],
  ['teredo', port(3544, '00010000', zeros(9), T6)],
  ['l2tp', port(1701, '0002 0001 0002 ff03 0021', T4)],
  ['l2tp', port(1701, '0002 0001 0002 21', T4)],
  ['l2tp', port(1701, '4002', big16(T6.length + 12), '0001 0002 ff03 0057', T6, zeros(7))],
  ['l2tp', port(1701, '4a02', big16(T4.length + 20), '0001 0002 0003 0004 0002 0000 ff03 0021', T4)],
  ['', port(6635, '00010140', T4)],
  ['gre', port(4754, '0000 0800', T4)],
  ['vxlan 42, vxlan 43', port(4789, '08000000 00002a00', ethernet(port(4789, '08000000 00002b00', E4)))],
  ['ipip, gre 7', over(4, over(47, '2000 0800 00000007', T4))],
])('%s', (outer, packet) => {
  expect(decode(ethernet(packet))).toMatchObject({ kind: TCP, outer, srcPort: 40001, dstPort: 80, length: 5 })
})

test.each([
  ['udp', port(53, '0001')],
  ['udp', port(4789, '00000000 00000000', E4)],
  ['gtp', port(2152, '3201 0004 00000009 00000000')],
  ['gtp', port(2152, '34ff 0004 00000009 00000085 00')],
  ['l2tp', port(1701, 'c802 000c 0001 0000 0001 0002')],
  ['l2tp', port(1701, '0003 0000 00000001 ff03 0021', T4)],
  ['l2tp', port(1701, '0202 0001 0002 ffff ff03 0021', T4)],
  ['lcp', port(1701, '0002 0001 0002 c021 0901 0008 00000000')],
  ['udp', port(1701, '0001 0001 0002 ff03 0021', T4)],
  ['gre', over(47, '4000 0800 00000000', T4)],
  ['gre', over(47, '2081 880b 0000 0005 00000001')],
  ['etherip', over(97, '4000', E4)],
])('%s without TCP', (reason, packet) => {
  expect(decode(ethernet(packet))).toMatchObject({ kind: OTHER, reason })
})

test('VLAN ids and MPLS labels do not split a connection', () => {
  const tagged = decode(ethernet(join('0007 8100 0008 0800', T4), '88a8'))
  expect(tagged).toMatchObject({ kind: TCP, outer: '' })
})

test('the name of a tunnel is made once, and any number of tunnels is read', () => {
  const decoder = new Decoder()
  const names = new Set<string>()
  for (let id = 0; id < 17_000; id++) {
    const inner = join('08000000', Uint8Array.of(0, id >> 8, id & 0xff, 0), E4)
    names.add(decode(ethernet(port(4789, inner)), { decoder }).outer)
  }
  expect(names.size).toBe(17_000)
  expect(names).toContain('vxlan 16999')
})
