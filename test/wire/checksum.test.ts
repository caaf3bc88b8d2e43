import { expect, test } from 'vitest'
import { tcpChecksum } from '../../src/wire/checksum.js'
import { Decoder } from '../../src/wire/decode.js'
import { PacketView } from '../../src/wire/packet.js'
import { hex } from './packets.js'

/** SYNs of recordings between Linux hosts. For tshark the first two are good; the third was sent through a virtual card. */
const GOOD4 = `020000000005020000 00000c08004500003cf37740004006596cc00002cdc63364d7
  9c410050afd9ffca00000000a002faf07964 0000020405b40402080a18bf80da000000000103030a`
const GOOD6 = `02000000000502000000000c86dd6005847a0028064020010db8000100000000000000000041
  20010db800020000000000000000004b9c410050f5ed53af00000000a002fd20d89d0000020405a00402080a6ae9c539000000000103030a`
const PARTIAL4 = `02000000000502000000000c08004500003c4d67400040060073c0000252c633645c
  9c41005061a2c8bd00000000a002faf0ed100000020405b40402080a5e26a9d0000000000103030a`

function verdict(text: string, cut = 0) {
  const packet = hex(text)
  const view = new PacketView()
  new Decoder().decode(packet, 0, packet.length - cut, packet.length, 1, 0, view)
  return tcpChecksum(view)
}

test('only the pseudo-header was summed: the network card was to do the rest', () => {
  expect(verdict(PARTIAL4)).toBe('partial')
})

test('filled in, IPv4 and IPv6', () => {
  expect(verdict(GOOD4)).toBe('good')
  expect(verdict(GOOD6)).toBe('good')
})

test('a wrong one', () => {
  expect(verdict(GOOD4.replace('7964', '7965'))).toBe('bad')
  expect(verdict(GOOD6.replace('a002fd20', 'a002fd21'))).toBe('bad')
  expect(verdict(PARTIAL4.replace('ed10', '0000'))).toBe('bad')
})

test('not wholly captured, or no TCP', () => {
  expect(verdict(GOOD4, 1)).toBe('unknown')
  expect(verdict('020000000002020000000001 0806 0001')).toBe('unknown')
})
