/** One packet captured twice is no retransmission, and a retransmission is no packet captured twice. */
import { describe, expect, it } from 'vitest'
import type { Segment } from '../../src/flow/segment.js'
import { captureDuplicates } from '../../src/infer/duplicates.js'
import { segments } from './connection.js'

const of = (text: string) => [...captureDuplicates(segments(text))]

describe('captured twice', () => {
  it('on two interfaces', () =>
    expect(of('c>s 0 A 1 1 9 if=0 id=7\n c>s 0.001 A 1 1 9 if=1 id=7')).toEqual([-1, 0]))
  it('before and behind a router (TTL one less)', () =>
    expect(of('c>s 0 A 1 1 9 ttl=64 id=7\n c>s 0.001 A 1 1 9 ttl=63 id=7')).toEqual([-1, 0]))
  it('coming in and going out of one interface (epb_flags)', () =>
    expect(of('c>s 0 A 1 1 9 flags=1\n c>s 0.001 A 1 1 9 flags=2')).toEqual([-1, 0]))
  it('by a mirror port that repeats it at once', () =>
    expect(of('c>s 0 A 1 1 9 id=7\n c>s 0.00001 A 1 1 9 id=7')).toEqual([-1, 0]))
  it('three times: all repeat the first', () =>
    expect(of('c>s 0 A 1 1 9 if=0\n c>s 0.001 A 1 1 9 if=1\n c>s 0.002 A 1 1 9 if=2')).toEqual([-1, 0, 0]))
  it('with another packet in between', () =>
    expect(of('c>s 0 A 1 1 9 if=0\n s>c 0.001 A 1 10 if=0\n c>s 0.002 A 1 1 9 if=1')).toEqual([-1, -1, 0]))
  it('with up to fifteen others in between, whose numbers may be any', () => {
    const behind = (others: number) => {
      const between = Array.from(
        { length: others },
        (_, k) => `c>s 0.0000${k + 10} A ${2 ** 24 * k} 1 9 id=${7 + 256 * k}`,
      )
      return of(`c>s 0 A 1 1 9 if=0 id=7\n${between.join('\n')}\nc>s 0.001 A 1 1 9 if=1 id=7`).at(-1)
    }
    expect(behind(15)).toBe(0)
    expect(behind(16)).toBe(-1)
  })
  it('in two captures that are read together', () => {
    const [a, b] = segments('c>s 0 A 1 1 9 id=7\n c>s 0.01 A 1 1 9 id=7') as [Segment, Segment]
    expect([...captureDuplicates([a, { ...b, capture: 1 }])]).toEqual([-1, 0])
  })
  it('in captures of both hosts: RSTs of no socket, which have no number, by their order', () => {
    const [a, b, c, d] = segments('c>s 0 R 1\n c>s 0.01 R 1\n c>s 0.08 R 1\n c>s 0.09 R 1') as [
      Segment,
      Segment,
      Segment,
      Segment,
    ]
    const there = (s: Segment) => ({ ...s, capture: 1, ttl: 62 })
    expect([...captureDuplicates([a, b, there(c), there(d)])]).toEqual([-1, -1, 0, 1])
    expect([...captureDuplicates([a, b, c, d])]).toEqual([-1, -1, -1, -1])
  })
  it('in captures of both hosts, far apart and with many others in between', () => {
    const others = Array.from(
      { length: 40 },
      (_, k) => `c>s 0.1${k + 10} A ${1000 * k + 500} 1 9 id=${100 + k}`,
    )
    const all = segments(`c>s 0.1 A 1 1 9 id=7\n${others.join('\n')}\nc>s 0.4 A 1 1 9 id=7`)
    const last = all.length - 1
    const inTwo = all.map((s, row) => (row === last ? { ...s, capture: 1 } : s))
    expect([...captureDuplicates(inTwo)].at(-1)).toBe(0)
    // Nothing tells it from a packet sent again: neither identification nor time stamp.
    const bare = inTwo.map((s) => ({ ...s, ipId: 0, hasTimestamps: false }))
    expect([...captureDuplicates(bare)].at(-1)).toBe(-1)
  })
})

describe('sent twice', () => {
  it('in another capture, long after', () => {
    const [a, b] = segments('c>s 0 A 1 1 9 id=7\n c>s 1.5 A 1 1 9 id=7') as [Segment, Segment]
    expect([...captureDuplicates([a, { ...b, capture: 1 }])]).toEqual([-1, -1])
  })
  it('with a new IP identification', () =>
    expect(of('c>s 0 A 1 1 9 if=0 id=7\n c>s 0.001 A 1 1 9 if=1 id=8')).toEqual([-1, -1]))
  it('with a new timestamp', () =>
    expect(of('c>s 0 A 1 1 9 if=0 ts=1/1\n c>s 0.001 A 1 1 9 if=1 ts=2/1')).toEqual([-1, -1]))
  it('much later', () => expect(of('c>s 0 A 1 1 9 if=0\n c>s 0.2 A 1 1 9 if=1')).toEqual([-1, -1]))
  it('on one interface a little later: the network copied it, and both arrive', () =>
    expect(of('c>s 0 A 1 1 9 id=7\n c>s 0.001 A 1 1 9 id=7')).toEqual([-1, -1]))
  it('on one interface at once without an identification', () =>
    expect(of('c>s 0 A 1 1 9\n c>s 0.00001 A 1 1 9')).toEqual([-1, -1]))
  it('from the other end with the same numbers', () =>
    expect(of('c>s 0 A =7 =7 if=0\n s>c 0.001 A =7 =7 if=1')).toEqual([-1, -1]))
})
