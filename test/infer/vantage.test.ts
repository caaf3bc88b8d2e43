/** Where the capture was taken, by what only a host's own capture shows. */
import { describe, expect, it } from 'vitest'
import { atBoth, vantage, vantageFacts } from '../../src/infer/vantage.js'
import { HANDSHAKE, segments } from './connection.js'

const NOTHING = {
  roundTrip: [null, null],
  exact: [true, true],
  ttl: [null, null],
  partial: [false, false],
  large: [0, 0],
} as const
const place = (facts: Partial<Parameters<typeof vantage>[0]>) => {
  const { where, reason } = vantage({ ...NOTHING, ...facts })
  return `${where} ${reason.code}`
}

describe('by how fast each end answers', () => {
  it.each([
    [0.000_05, 0.04, 'client near-fast-answers'],
    [0.04, 0.000_05, 'server near-fast-answers'],
    [0.000_05, null, 'client near-fast-answers'],
    [null, 0.000_05, 'server near-fast-answers'],
    [0.001, null, 'unknown near-unknown'], // a LAN brings that too
    [0.005, 0.09, 'between near-between'],
    [0.000_05, 0.000_05, 'unknown near-unknown'], // both on one machine
    [null, null, 'unknown near-unknown'],
  ])('client %s s, server %s s: %s', (client, server, wanted) =>
    expect(place({ roundTrip: [client, server] })).toBe(wanted),
  )
  it('is not shown by ACKs that may have been held back: 40 ms and more, without a handshake', () => {
    const exact = [false, false] as const
    expect(place({ exact, roundTrip: [0.050_6, 0.043_6] })).toBe('unknown near-at-most')
    expect(place({ exact, roundTrip: [0.025, 0.069] })).toBe('unknown near-at-most')
    expect(place({ exact, roundTrip: [0.025, 0.027] })).toBe('between near-between')
    expect(place({ exact: [true, false], roundTrip: [0.05, 0.027] })).toBe('between near-between')
    // Such a time does not say either that a host is far from what looks like its own.
    expect(place({ exact, roundTrip: [0.05, 0.043], partial: [false, true] })).toBe(
      'server near-partial-checksums',
    )
  })
  it('says the times in milliseconds', () =>
    expect(vantage({ ...NOTHING, roundTrip: [0.000_05, 0.04] }).reason).toEqual({
      code: 'near-fast-answers',
      side: 'client',
      milliseconds: 0.05,
      other: 40,
    }))
})

describe('by what the network card does', () => {
  it('a sum not filled in: its sender', () =>
    expect(place({ partial: [false, true] })).toBe('server near-partial-checksums'))
  it('sums not filled in on both sides: one machine', () =>
    expect(place({ partial: [true, true] })).toBe('unknown near-unknown'))
  it('not when that end answers slowly', () =>
    expect(place({ partial: [true, false], roundTrip: [0.02, 0.03] })).toBe('between near-between'))
  it('a packet larger than the other end takes: the nearer host', () => {
    expect(place({ large: [0, 5840], roundTrip: [0.000_9, 0.001] })).toBe('client near-large-frames')
    expect(place({ large: [0, 5840] })).toBe('unknown near-unknown')
  })
})

describe('by the TTL', () => {
  it('one is as a host sets it, the other has passed routers', () => {
    expect(place({ ttl: [64, 57] })).toBe('client near-ttl')
    expect(place({ ttl: [52, 128] })).toBe('server near-ttl')
  })
  it('not when both are, or neither', () => {
    expect(place({ ttl: [64, 128] })).toBe('unknown near-unknown')
    expect(place({ ttl: [60, 57] })).toBe('unknown near-unknown')
  })
})

it('reads its facts off the segments', () => {
  const all = segments(`
    c>s 0.000 S 0 ttl=64
    s>c 0.020 SA 0 1 ttl=57
    c>s 0.040 A 1 1 0 ttl=63
    s>c 0.050 PA 1 1 2920 ttl=57`)
  expect(vantageFacts(all, [0.02, 0.02])).toEqual({
    roundTrip: [0.02, 0.02],
    exact: [true, true],
    ttl: [64, 57],
    partial: [false, false],
    large: [0, 2920],
  })
  expect(vantageFacts(segments(HANDSHAKE), [null, null]).large).toEqual([0, 0])
  // A SYN+ACK times the way to the client; that to the server began before the capture.
  const later = segments('s>c 0.00 SA 0 1\n c>s 0.02 A 1 1\n c>s 0.03 PA 1 1 9\n s>c 0.08 A 1 10')
  expect(vantageFacts(later, [0.02, 0.05]).exact).toEqual([true, false])
})

it('at both hosts: of an end that answered nothing no way is known', () => {
  expect(atBoth([null, 0.025_644])).toEqual({
    where: 'both',
    reason: { code: 'near-both', client: null, server: 25.644 },
  })
})
