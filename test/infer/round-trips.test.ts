/** The way from the capture point to each end and back: the shortest proven answer, never that of a repeated segment. */
import { describe, expect, it } from 'vitest'
import { captureDuplicates } from '../../src/infer/duplicates.js'
import { roundTrips } from '../../src/infer/round-trips.js'
import { HANDSHAKE, segments } from './connection.js'

const ways = (text: string) => {
  const all = segments(text)
  return roundTrips(all, captureDuplicates(all)).map((w) => (w === null ? null : Math.round(w * 1e6) / 1e6))
}

describe('round trips', () => {
  it('are known of nobody before anybody answers', () => expect(ways('c>s 0 S 0')).toEqual([null, null]))
  it('come from the SYN and the SYN+ACK', () => expect(ways(HANDSHAKE)).toEqual([0.02, 0.02]))
  it('are the shortest', () => {
    expect(
      ways(`${HANDSHAKE}
        c>s 0.100 PA 1 1 100
        s>c 0.107 A 1 101
        c>s 0.200 PA 101 1 100
        s>c 0.350 A 1 201`),
    ).toEqual([0.02, 0.007])
  })
  it('leave out what was sent again: its ACK may be for either (Karn, RFC 6298 section 3)', () => {
    expect(
      ways(`
        c>s 0.000 S 0
        c>s 1.000 S 0
        s>c 1.001 SA 0 1`),
    ).toEqual([null, null])
  })
  it('take the repeated one that the timestamp echo names (RFC 7323 section 4)', () => {
    expect(
      ways(`
        c>s 0.000 S 0 ts=10/0
        c>s 1.000 S 0 ts=20/0
        s>c 1.030 SA 0 1 ts=5/20`),
    ).toEqual([null, 0.03])
    // The first one is echoed: 1.03 s is no distance that the second one shows.
    expect(
      ways(`
        c>s 0.000 S 0 ts=10/0
        c>s 1.000 S 0 ts=20/0
        s>c 1.030 SA 0 1 ts=5/10`),
    ).toEqual([null, null])
  })
  it('leave out a copy that the network made: both carry the same timestamp', () => {
    expect(
      ways(`${HANDSHAKE}
        c>s 0.100 PA 1 1 100 ts=30/5
        c>s 0.119 PA 1 1 100 ts=30/5
        s>c 0.120 A 1 101 ts=7/30`),
    ).toEqual([0.02, 0.02])
  })
  it('count a packet that was captured twice from its first capture', () => {
    expect(
      ways(`
        c>s 0.000 S 0 if=0
        c>s 0.004 S 0 if=1
        s>c 0.020 SA 0 1`),
    ).toEqual([null, 0.02])
  })
  it('do not come from an ACK that acknowledges nothing new', () => {
    expect(
      ways(`${HANDSHAKE}
        s>c 0.500 A 1 1
        s>c 0.501 A 1 1`),
    ).toEqual([0.02, 0.02])
  })
})
