import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Decoder } from '../../src/wire/decode.js'
import { OTHER, PacketView } from '../../src/wire/packet.js'
import { big16, ethernet, ipv4, ipv6, join, tcp, udp } from './packets.js'

const OPTIONS = '0204 05b4 0402 080a 00000001 00000002 01 030307'
const T4 = ipv4(tcp(20, OPTIONS))
const T6 = ipv6(tcp(20, OPTIONS))
const WLAN = '8802 0000 020000000002 020000000001 020202020202 1000 0000 aaaa03 000000 0800'

/** Packets from which the hostile ones are made: a byte here and there is changed. */
const SEEDS: readonly (readonly [linkType: number, packet: Uint8Array])[] = [
  [1, ethernet(T4)],
  [1, ethernet(join('0007 8100 0008 86dd', T6), '88a8')],
  [
    1,
    ethernet(
      ipv6(join('3c00 0104 00000000 2b00 0104 00000000 0602 0001 00000000', new Uint8Array(16), tcp()), 0),
      '86dd',
    ),
  ],
  [1, ethernet(ipv6(join('0600 0001 00000063', tcp(44)), 44), '86dd')],
  [1, ethernet(ipv4(tcp(44), { fragment: 0x2000 }))],
  [1, ethernet(ipv4(join('0304 0000 00000578', T4), { protocol: 1 }))],
  [1, ethernet(ipv6(join('0200 0000 00000500', T6), 58), '86dd')],
  [1, ethernet(ipv4(join('b000 6558 00000000 00000007 00000001', ethernet(T4)), { protocol: 47 }))],
  [
    1,
    ethernet(
      ipv4(udp(join('34ff', big16(T4.length + 8), '00000009 00000085 01000900', T4), 2152), { protocol: 17 }),
    ),
  ],
  [1, ethernet(ipv4(udp(join('02800800 00002a00 0000000000000000', T4), 6081), { protocol: 17 }))],
  [1, ethernet(ipv4(udp(join('00010000 000000000000000000', T6), 3544), { protocol: 17 }))],
  [1, ethernet(join('1100 0007', big16(T4.length + 2), '0021', T4), '8864')],
  [107, join('1841 0300 80 000000 0800', T4)],
  [127, join('0000 0900 02000000 20', WLAN, T4)],
  [192, join('0000 0800 69000000', WLAN, T4)],
  [239, join('02000001 0800 0100 08000100', Uint8Array.of(T4.length + 4, 0), '0900', T4)],
  [258, join('6c000000 01000000 01000000', new Uint8Array(96), ethernet(T4))],
]

const fresh = (linkType: number, packet: Uint8Array) => ({ linkType, packet })
const noise = fc
  .tuple(fc.integer({ min: 0, max: 300 }), fc.uint8Array({ maxLength: 200 }))
  .map(([linkType, packet]) => fresh(linkType, packet))
const change = fc.record({
  at: fc.nat(200),
  to: fc.oneof(fc.constantFrom(0, 0xff), fc.integer({ min: 0, max: 255 })),
})
const mutated = fc
  .tuple(fc.constantFrom(...SEEDS), fc.array(change, { maxLength: 4 }), fc.nat(200))
  .map(([[linkType, packet], changes, length]) => {
    const made = packet.slice()
    for (const { at, to } of changes) made[at % made.length] = to
    return fresh(linkType, made.subarray(0, Math.max(0, made.length - (length < 60 ? length : 0))))
  })
const record = fc.record({
  input: fc.oneof(noise, mutated, mutated, mutated),
  extra: fc.constantFrom(-50, 0, 0, 0, 1000),
  fcs: fc.constantFrom(0, 0, 0, 4, 30),
})

function inRange(value: number, low: number, high: number): void {
  if (!(Number.isInteger(value) && value >= low && value <= high))
    throw new RangeError(`${value}: ${low} to ${high}`)
}

function check(view: PacketView, start: number, end: number): void {
  for (const word of [
    view.srcA,
    view.srcD,
    view.dstB,
    view.seq,
    view.ack,
    view.tsVal,
    view.tsEcr,
    view.routerD,
  ]) {
    inRange(word, -(2 ** 31), 2 ** 31 - 1)
  }
  inRange(view.ttl, 0, 255)
  inRange(view.ipId, -1, 65_535)
  for (const number of [view.srcPort, view.dstPort, view.window]) inRange(number, 0, 65_535)
  inRange(view.flags, 0, 0x1ff)
  inRange(view.mss, -1, 65_535)
  inRange(view.windowScale, -1, 255)
  inRange(view.sackBlocks, 0, 4)
  inRange(view.fastOpen, -1, 38)
  inRange(view.length, 0, 2 ** 32)
  expect(view.reason === '').toBe(view.kind !== OTHER)
  if (view.kind === OTHER) return
  const [low, high] = view.reassembled ? [0, view.bytes.length] : [start, end]
  inRange(view.tcpStart, low, high)
  inRange(view.payloadStart, low, high)
  inRange(view.payloadEnd, view.payloadStart, high)
  expect(view.payloadEnd - view.payloadStart).toBeLessThanOrEqual(view.length)
}

test('no bytes make it throw, every field is in its range, and no byte outside the record counts', () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 6 }), (records) => {
      const decoders = [new Decoder(), new Decoder()] as const
      const views = [new PacketView(), new PacketView()] as const
      for (const { input, extra, fcs } of records) {
        const { packet, linkType } = input
        const end = 32 + packet.length
        for (const side of [0, 1] as const) {
          // The same record among zeros and among ones must give the same.
          const buffer = new Uint8Array(end + 300).fill(side === 0 ? 0 : 0xff)
          buffer.set(packet, 32)
          decoders[side].decode(buffer, 32, end, packet.length + extra, linkType, fcs, views[side])
          check(views[side], 32, end)
        }
        const shown = ({ sack, bytes, ...fields }: PacketView) => ({
          ...fields,
          sack: [...sack.subarray(0, fields.sackBlocks * 2)],
          payload: [...bytes.subarray(fields.payloadStart, fields.payloadEnd)],
        })
        expect(shown(views[0])).toEqual(shown(views[1]))
      }
    }),
    { numRuns: 2000 },
  )
})

/** LINKTYPE_NETANALYZER: four bytes, then the same packet, which goes from layer to layer. */
const NETANALYZER = 240

test('a usual packet is what its layers are, whatever stood in the view before', () => {
  const usual = fc.tuple(
    fc.constantFrom(
      ethernet(ipv4(tcp())),
      ethernet(ipv4(tcp(1400, '0101 080a 00000001 80000002'))),
      ethernet(T4),
      ethernet(ipv4(tcp(30, '0101 050a 00000001 00000009'))),
      ...SEEDS.filter(([linkType]) => linkType === 1).map(([, packet]) => packet),
    ),
    fc.array(fc.record({ at: fc.integer({ min: 12, max: 80 }), to: fc.nat(255) }), { maxLength: 3 }),
    fc.constantFrom(0, 0, 0, 1, 20, 33, 1400),
    fc.constantFrom(0, 0, 7, 1000),
    fc.constantFrom(0, 0, 4),
  )
  fc.assert(
    fc.property(fc.array(usual, { minLength: 1, maxLength: 5 }), (packets) => {
      const short = { decoder: new Decoder(), view: new PacketView() }
      const long = { decoder: new Decoder(), view: new PacketView() }
      for (const [packet, changes, cut, extra, fcs] of packets) {
        const made = packet.slice(0, Math.max(0, packet.length - cut))
        for (const { at, to } of changes) if (at < made.length) made[at] = to
        const behind = join('00000000', made)
        const wire = made.length + extra
        short.decoder.decode(behind, 4, behind.length, wire, 1, fcs, short.view)
        long.decoder.decode(behind, 0, behind.length, wire + 4, NETANALYZER, fcs, long.view)
        expect(short.view).toEqual(long.view)
      }
    }),
    { numRuns: 1000, seed: 20_261_123 },
  )
})
