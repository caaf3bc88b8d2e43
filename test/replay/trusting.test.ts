/** What a reader has who takes every captured packet for received, replayed only from where he goes another way. */
import { describe, expect, it } from 'vitest'
import { other, type Segment } from '../../src/flow/segment.js'
import { newFate } from '../../src/infer/fate.js'
import type { Track } from '../../src/infer/track.js'
import { type Replayed, replay } from '../../src/replay/replay.js'
import { fates, HANDSHAKE, track } from '../infer/connection.js'

const receiverOf = (of: Track, row: number) => other((of.segments[row] as Segment).from)
/** From the first packet to the last as if all had come at once. */
const wholly = (of: Track) => {
  const { cells } = replay(
    of,
    of.segments.map(() => newFate()),
  )
  return of.segments.map((_, row) => cells[receiverOf(of, row)][row]?.state)
}
const shortly = (of: Track, { cells, trusting }: Replayed) =>
  of.segments.map((_, row) =>
    trusting !== null && row >= trusting.from
      ? trusting.states[row - trusting.from]
      : cells[receiverOf(of, row)][row]?.state,
  )

const LOST = `${HANDSHAKE}
  c>s 1.00 PA 1 1 100
  s>c 1.02 A 1 101
  c>s 2.00 FA 101 1
  c>s 2.30 FA 101 1
  s>c 2.32 FA 1 102
  c>s 2.34 A 102 2`

describe('a reader who trusts every packet', () => {
  it('goes no other way where all came', () => {
    const of = track(`${HANDSHAKE}\n c>s 1 PA 1 1 100\n s>c 1.02 A 1 101`)
    expect(replay(of, fates(of)).trusting).toBe(null)
  })
  it('goes another way with the first packet that was lost, and not before', () => {
    const of = track(LOST)
    expect(replay(of, fates(of)).trusting?.from).toBe(5)
  })
  it.each([
    ['a lost FIN', LOST],
    ['a SYN without an answer', 'c>s 0 S 0\n c>s 1 S 0\n s>c 1.02 SA 0 1\n c>s 1.03 A 1 1'],
    [
      'FINs that cross',
      `${HANDSHAKE}\n c>s 1.000 FA 1 1\n s>c 1.001 FA 1 1\n c>s 1.02 A 2 2\n s>c 1.03 A 2 2`,
    ],
    ['a segment for a host that has no socket', `${HANDSHAKE}\n c>s 9 PA 1 1 5\n s>c 9.02 R 1`],
    ['a RST that was lost', `${HANDSHAKE}\n c>s 1 RA 1 1\n s>c 2 PA 1 1 9\n c>s 2.02 R 1\n s>c 3 PA 1 1 9`],
    [
      'a packet captured twice behind a lost one',
      `${HANDSHAKE}\n c>s 1 PA 1 1 9 if=0\n c>s 1.4 PA 1 1 9 if=0\n c>s 1.401 PA 1 1 9 if=1\n s>c 1.5 A 1 10`,
    ],
  ])('has the same as if he had been followed from the first packet on: %s', (_, text) => {
    const of = track(text)
    const replayed = replay(of, fates(of))
    expect(shortly(of, replayed)).toEqual(wholly(of))
  })
})
