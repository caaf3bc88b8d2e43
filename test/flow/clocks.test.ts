/** How far clocks of captures are behind one another, by hand. */
import { describe, expect, it } from 'vitest'
import { clocksBehind, inSeveral, laterBy, moveTimes } from '../../src/flow/clocks.js'
import type { Conversation } from '../../src/flow/conversation.js'
import { segments } from '../infer/connection.js'

/** One conversation; each text is what one capture has of it. */
const captured = (...captures: readonly string[]): Conversation => ({
  ends: [
    { address: '192.0.2.1', port: 40_000 },
    { address: '198.51.100.1', port: 80 },
  ],
  ipVersion: 4,
  outer: '',
  segments: captures.flatMap((text, capture) =>
    segments(text).map((s, n) => {
      const isNamed = text.includes(' id=')
      return { ...s, capture, packet: n + 1, ipId: isNamed ? s.ipId : 1 + ((s.seq + s.ack + s.len) % 60_000) }
    }),
  ),
  icmp: [],
})

const behind = (conversations: readonly Conversation[], captures: number) =>
  clocksBehind(inSeveral(conversations), captures)

const AT_CLIENT = `
  c>s 10.000 S  0
  s>c 10.020 SA 0 1
  c>s 10.020 A  1 1
  c>s 10.021 A  1 1 100`

describe('clocksBehind', () => {
  it('half-way between what both directions show', () => {
    // The way takes 10 ms, the second clock is 5 s ahead.
    const atServer = `
      c>s 15.010 S  0
      s>c 15.010 SA 0 1
      c>s 15.030 A  1 1
      c>s 15.031 A  1 1 100`
    const [first, second] = behind([captured(AT_CLIENT, atServer)], 2) ?? []
    expect(first).toBeCloseTo(5, 9)
    expect(second).toBe(0)
    // And the other way round.
    const [one, other] = behind([captured(atServer, AT_CLIENT)], 2) ?? []
    expect(one).toBe(0)
    expect(other).toBeCloseTo(5, 9)
  })

  it('none where each direction comes first in its own capture', () => {
    const atServer = `
      c>s 10.013 S  0
      s>c 10.013 SA 0 1
      c>s 10.033 A  1 1
      c>s 10.034 A  1 1 100`
    expect(behind([captured(AT_CLIENT, atServer)], 2)).toBeNull()
  })

  it('none by what was sent again while the next capture was taken', () => {
    const later = `
      c>s 11.021 A  1 1 100
      c>s 13.021 A  101 1 100
      s>c 13.031 A  1 201`
    expect(behind([captured(AT_CLIENT, later)], 2)).toBeNull()
  })

  it('none by keep-alives, which say the same in each capture', () => {
    const idle = (at: number) => `
      c>s ${at}.000 A 1 1
      s>c ${at}.010 A 1 2`
    expect(behind([captured(idle(10), idle(7210))], 2)).toBeNull()
  })

  it('over a third capture', () => {
    const moved = (by: number) => `
      c>s ${10 + by}.005 S  0
      s>c ${10 + by}.015 SA 0 1
      c>s ${10 + by}.025 A  1 1`
    const only = (text: string, a: number, b: number): Conversation => {
      const conversation = captured(text, moved(100))
      return {
        ...conversation,
        segments: conversation.segments.map((s) => ({ ...s, capture: s.capture === 0 ? a : b })),
      }
    }
    // 0 and 2 have nothing in common but what 1 has: 1 is 100 s ahead of both.
    const all = behind([only(moved(0), 0, 1), only(moved(0), 2, 1)], 3)
    expect(all?.map((by) => Math.round(by))).toEqual([100, 0, 100])
  })

  it('none where nothing tells a packet sent again from a copy', () => {
    const again = (at: number) => `
      c>s ${at}.000 S  0   id=0
      s>c ${at}.010 RA 0 1 id=0`
    expect(behind([captured(again(10), again(11))], 2)).toBeNull()
  })

  it('only of captures that have packets in common', () => {
    const later = AT_CLIENT.replaceAll('10.0', '15.0')
    const [first, second, third] = behind([captured(AT_CLIENT, later)], 3) ?? []
    expect([first, second].map((by) => Math.round(by ?? 0))).toEqual([5, 0])
    expect(third).toBe(0)
  })

  it('of captures of both hosts that were each taken one after the other', () => {
    const goesOn = (by: number) => `
      c>s ${20 + by}.000 A 101 1 100
      s>c ${20 + by}.020 A 1 201 50
      c>s ${20 + by}.030 A 201 51 10`
    const later = AT_CLIENT.replaceAll('10.0', '15.0')
    const all = behind([captured(AT_CLIENT, goesOn(0), later, goesOn(5))], 4)
    expect(all?.map((by) => Math.round(by))).toEqual([5, 5, 0, 0])
  })
})

describe('moveTimes', () => {
  it('tells what the slow clock showed later, counted from a new epoch', () => {
    const conversation = captured('c>s 1.500 S 0', 'c>s 4.250 S 0')
    for (const s of conversation.segments)
      Object.assign(s, { seconds: Math.floor(s.at) + 1000, nanoseconds: (s.at % 1) * 1e9 })
    moveTimes([conversation], [2.75, 0], { seconds: 1004, nanoseconds: 0 })
    expect(conversation.segments.map(({ seconds, nanoseconds, at }) => [seconds, nanoseconds, at])).toEqual([
      [1004, 250_000_000, 0.25],
      [1004, 250_000_000, 0.25],
    ])
  })
})

describe('laterBy', () => {
  it.each([
    [{ seconds: 5, nanoseconds: 999_999_999 }, 0.000_000_001, { seconds: 6, nanoseconds: 0 }],
    [{ seconds: 5, nanoseconds: 600_000_000 }, 3600.5, { seconds: 3606, nanoseconds: 100_000_000 }],
    [{ seconds: 5, nanoseconds: 1 }, 0, { seconds: 5, nanoseconds: 1 }],
  ])('%o later by %f s', (time, by, expected) => {
    expect(laterBy(time, by)).toEqual(expected)
  })
})
