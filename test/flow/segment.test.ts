/** Segments as they are kept: unsigned, with SYN and FIN counted (RFC 9293 section 3.4). */
import { expect, it } from 'vitest'
import { CLIENT, flagLetters, other, SERVER, sequenceLength, toSegment } from '../../src/flow/segment.js'
import { segments } from '../infer/connection.js'

it.each([
  [0x02, 'S'],
  [0x12, 'SA'],
  [0x11, 'FA'],
  [0x14, 'RA'],
  [0x18, 'PA'],
  [0xff, 'SFRPAUEC'],
  [0x00, ''],
])('flags %i are %s', (flags, letters) => expect(flagLetters(flags)).toBe(letters))

it('SYN and FIN take one number each, over the top as well', () => {
  const [syn, fin, data, over, ack] = segments(`
    c>s 0 S 0
    c>s 0 FA 1 1
    c>s 0 A 1 1 100
    c>s 0 FA =4294967295 1 1
    c>s 0 A 1 1`)
  expect([syn, fin, data, over, ack].map((s) => s && sequenceLength(s))).toEqual([1, 1, 100, 2, 0])
  expect(over?.end).toBe(1)
})

it('has two ends', () => expect([other(CLIENT), other(SERVER)]).toEqual([SERVER, CLIENT]))

it('keeps what the decoder only lends: unsigned numbers, times from the epoch', () => {
  const lent = {
    flags: 0x12,
    seq: -1,
    ack: -2,
    length: 0,
    window: 512,
    ttl: 64,
    ipId: 7,
    mss: 1460,
    windowScale: 7,
    sackPermitted: true,
    sackBlocks: 1,
    sack: [-10, -5, 99, 99],
    hasTimestamps: true,
    tsVal: -3,
    tsEcr: 4,
    fastOpen: -1,
    hasOptions: true,
  } as unknown as Parameters<typeof toSegment>[0]
  const record = {
    number: 3,
    seconds: 100,
    nanoseconds: 250_000_000,
    flags: 1,
    wireLength: 74,
    iface: { id: 2 },
  } as unknown as Parameters<typeof toSegment>[1]
  const kept = toSegment(lent, record, 1, { seconds: 98, nanoseconds: 750_000_000 }, SERVER, 'bad')
  expect(kept).toMatchObject({
    packet: 3,
    capture: 1,
    iface: 2,
    at: 1.5,
    from: SERVER,
    syn: true,
    ackBit: true,
    fin: false,
    rst: false,
    seq: 4294967295,
    ack: 4294967294,
    end: 0,
    sack: [[4294967286, 4294967291]],
    tsVal: 4294967293,
    captureFlags: 1,
    checksum: 'bad',
  })
})
