import { describe, expect, test } from 'vitest'
import { Decoder } from '../../src/wire/decode.js'
import { Fragments } from '../../src/wire/fragments.js'
import { OTHER, TCP } from '../../src/wire/packet.js'
import { big16, decode, ethernet, ipv4, ipv6, join, tcp } from './packets.js'

const SEGMENT = tcp(3000, '0101 080a 00000001 00000002')

function pieces(size: number, id: number): Uint8Array[] {
  const made: Uint8Array[] = []
  for (let at = 0; at < SEGMENT.length; at += size) {
    const more = at + size < SEGMENT.length ? 0x2000 : 0
    made.push(ethernet(ipv4(SEGMENT.subarray(at, at + size), { fragment: (at >> 3) | more, id })))
  }
  return made
}

function pieces6(size: number): Uint8Array[] {
  const made: Uint8Array[] = []
  for (let at = 0; at < SEGMENT.length; at += size) {
    const more = at + size < SEGMENT.length ? 1 : 0
    const header = join('0600', big16(at | more), '00000063')
    made.push(ethernet(ipv6(join(header, SEGMENT.subarray(at, at + size)), 44), '86dd'))
  }
  return made
}

function kinds(packets: readonly Uint8Array[]): string[] {
  const decoder = new Decoder()
  return packets.map((packet) => {
    const view = decode(packet, { decoder })
    return view.kind === TCP ? `tcp ${view.length} ${view.tsEcr} ${view.reassembled}` : view.reason
  })
}

const WHOLE = 'tcp 3000 2 true'

// The frame that completes a datagram is the TCP packet for tshark too.
describe('the record that completes a datagram is the TCP packet', () => {
  const [a, b, c] = pieces(1480, 7) as [Uint8Array, Uint8Array, Uint8Array]
  test.each([
    ['in order', [a, b, c], ['fragment', 'fragment', WHOLE]],
    ['the other way round', [c, b, a], ['fragment', 'fragment', WHOLE]],
    ['each twice', [a, a, c, c, b, b], ['fragment', 'fragment', 'fragment', 'fragment', WHOLE, 'fragment']],
    ['one missing', [a, c], ['fragment', 'fragment']],
    [
      'in between another',
      [a, pieces(1480, 8)[1] as Uint8Array, b, c],
      ['fragment', 'fragment', 'fragment', WHOLE],
    ],
    ['tiny ones', pieces(8, 9), [...Array<string>(pieces(8, 9).length - 1).fill('fragment'), WHOLE]],
    ['IPv6', pieces6(1200), ['fragment', 'fragment', WHOLE]],
  ])('%s', (_name, packets, expected) => {
    expect(kinds(packets)).toEqual(expected)
  })
})

test('the reassembled payload lies in the view’s own bytes', () => {
  const decoder = new Decoder()
  let view = decode(pieces(1480, 7)[0] as Uint8Array, { decoder })
  for (const packet of pieces(1480, 7).slice(1)) view = decode(packet, { decoder })
  expect(view).toMatchObject({ kind: TCP, payloadStart: 32, payloadEnd: 3032, tcpStart: 0 })
  expect([...view.bytes.subarray(0, view.payloadEnd)]).toEqual([...SEGMENT])
})

test('of fragments that the snap length cut, the first is shown as it is', () => {
  const decoder = new Decoder()
  const [first, second] = pieces(1480, 7) as [Uint8Array, Uint8Array]
  expect(decode(first.subarray(0, 80), { wire: first.length, decoder })).toMatchObject({
    kind: TCP,
    length: 1448,
  })
  expect(decode(second.subarray(0, 80), { wire: second.length, decoder })).toMatchObject({
    kind: OTHER,
    reason: 'fragment',
  })
})

describe('bounds', () => {
  const add = (held: Fragments, key: string, offset: number, more: boolean, fill: number, length: number) =>
    held.add(key, offset, more, new Uint8Array(length).fill(fill), 0, length)

  test('overlapping fragments are not put together; the datagram starts again', () => {
    const held = new Fragments()
    expect(add(held, 'a', 0, true, 1, 16)).toBeNull()
    expect(add(held, 'a', 8, false, 2, 16)).toBeNull()
    expect([...(add(held, 'a', 0, true, 3, 8) ?? [])]).toEqual([...Array(8).fill(3), ...Array(16).fill(2)])
  })

  test('the same place with other bytes: the identification is used again', () => {
    const held = new Fragments()
    add(held, 'a', 8, false, 1, 8)
    add(held, 'a', 8, false, 2, 8)
    expect([...(add(held, 'a', 0, true, 3, 8) ?? [])]).toEqual([...Array(8).fill(3), ...Array(8).fill(2)])
  })

  test('nothing is longer than an IPv4 datagram', () => {
    expect(add(new Fragments(), 'a', 65_528, false, 1, 8)).toBeNull()
  })

  test('data behind the last fragment', () => {
    const held = new Fragments()
    add(held, 'a', 0, false, 1, 8)
    add(held, 'b', 8, false, 1, 8)
    add(held, 'b', 24, true, 1, 8)
    expect(add(held, 'b', 0, true, 1, 8)).toBeNull()
  })

  test('the oldest datagram goes when there are too many', () => {
    const held = new Fragments()
    add(held, 'first', 0, true, 1, 8)
    for (let i = 0; i < 40_000; i++) add(held, `${i}`, 0, true, 1, 8)
    expect(add(held, 'first', 8, false, 1, 8)).toBeNull()
    expect(add(held, '39999', 8, false, 1, 8)).toHaveLength(16)
  })
})
