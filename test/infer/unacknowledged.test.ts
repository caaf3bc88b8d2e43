/** The copies of the oldest bytes that nobody acknowledged. */
import { describe, expect, it } from 'vitest'
import { CLIENT, SERVER } from '../../src/flow/segment.js'
import { unacknowledged } from '../../src/infer/unacknowledged.js'
import { HANDSHAKE, track } from './connection.js'

const NEVER = Number.POSITIVE_INFINITY
const packets = (text: string, end: 0 | 1 = CLIENT, to = NEVER) =>
  unacknowledged(track(text), end, to).map((s) => s.packet)

describe('what is still out', () => {
  const twice = `${HANDSHAKE}
    c>s 1.0 PA 1 1 100
    c>s 1.1 PA 101 1 100
    c>s 1.4 PA 1 1 100`
  it('are the copies of the oldest bytes', () => expect(packets(twice)).toEqual([4, 6]))
  it('is nothing once it is acknowledged', () => expect(packets(`${twice}\n s>c 1.5 A 1 201`)).toEqual([]))
  it('is what comes behind an ACK of a part', () =>
    expect(packets(`${twice}\n s>c 1.5 A 1 101`)).toEqual([5]))
  it('was out before its ACK came', () =>
    expect(packets(`${twice}\n s>c 1.5 A 1 201`, CLIENT, 1.5)).toEqual([4, 6]))
  it('is asked of each end by itself', () => expect(packets(twice, SERVER)).toEqual([]))
  it('is not twice what was captured twice', () =>
    expect(packets(`${HANDSHAKE}\n c>s 1 PA 1 1 9 if=0\n c>s 1.001 PA 1 1 9 if=1`)).toEqual([4]))
  it('is all that was ever sent where nobody acknowledged anything', () =>
    expect(packets('c>s 0 S 0\n c>s 1 S 0\n c>s 3 S 0')).toEqual([1, 2, 3]))
  it('lies within 1024 rows', () => {
    const acks = Array.from({ length: 1023 }, (_, k) => `s>c ${2 + k / 1000} A 1 1`)
    expect(packets(`${HANDSHAKE}\n c>s 1 PA 1 1 9\n${acks.join('\n')}`)).toEqual([4])
    expect(packets(`${HANDSHAKE}\n c>s 1 PA 1 1 9\n${acks.join('\n')}\n s>c 4 A 1 1`)).toEqual([])
  })
})
