/** Segments that pass each other: the receiver's own had left before. RFC 9293 figures 7 and 13. */
import { expect, it } from 'vitest'
import { crossings } from '../../src/infer/crossing.js'
import { sequenceSpaceFates } from '../../src/infer/sequence-space.js'
import { type Circumstances, HANDSHAKE, noFates, track } from './connection.js'

/** For each packet the last packet of its receiver that left before it came; 0: none. */
const crossed = (text: string, given: Circumstances = {}) => {
  const of = track(text, given)
  const fates = noFates(of)
  for (const end of [0, 1] as const) sequenceSpaceFates(of, end, fates)
  crossings(of, fates)
  return fates.map((fate) => fate.after + 1)
}

it('nothing crosses where every segment answers the one before', () => {
  expect(
    crossed(`${HANDSHAKE}
      c>s 0.060 PA 1 1 100
      s>c 0.080 A 1 101`),
  ).toEqual([0, 0, 0, 0, 0])
})
it('two FINs cross when neither acknowledges the other, however far apart, and so do their ACKs (figure 13)', () => {
  expect(
    crossed(`${HANDSHAKE}
      c>s 0.100 FA 1 1
      s>c 0.135 FA 1 1
      c>s 0.140 A 2 2
      s>c 0.150 A 2 2`),
  ).toEqual([0, 0, 0, 5, 0, 7, 0])
})
it('an answer within less than the way there and back is none', () => {
  // 20 ms to the server and back; its data 5 ms later acknowledges no more than before.
  expect(
    crossed(`${HANDSHAKE}
      c>s 0.100 PA 1 1 100
      s>c 0.105 PA 1 1 100
      s>c 0.120 A 101 101`),
  ).toEqual([0, 0, 0, 5, 0, 0])
})
it('what is not acknowledged up to the end of the capture had not come when its receiver last said what it had', () => {
  // The receiver's FIN leaves it out 25 ms later, at the way there and back of 20 ms; a kernel's capture showed the like.
  expect(
    crossed(
      `${HANDSHAKE}
      c>s 0.100 FA 1 1
      s>c 0.125 FA 1 1
      c>s 0.130 A 2 2`,
      { goesOn: 0 },
    ),
  ).toEqual([0, 0, 0, 5, 0, 0])
})
it('what lies behind a gap may have come all the same, where no SACK would say so', () => {
  expect(
    crossed(
      `
      c>s 0.000 PA 1 1 100
      s>c 0.020 A 1 101
      c>s 0.100 PA 201 1 100
      s>c 0.125 A 1 101`,
      { goesOn: 0 },
    ),
  ).toEqual([0, 0, 0, 0])
})
it('an ACK that covers it shows that it had come, however short the time', () => {
  // The echo belongs to another segment, so this is no measured way: 20 ms stays the shortest.
  expect(
    crossed(`
      c>s 0.000 S 0 ts=1/0
      s>c 0.020 SA 0 1 ts=500/1
      c>s 0.040 A 1 1 ts=5/500
      c>s 0.100 PA 1 1 100 ts=10/500
      s>c 0.102 A 1 101 ts=502/5`),
  ).toEqual([0, 0, 0, 0, 0])
})
it('two SYNs cross (figure 7)', () => {
  expect(
    crossed(`
      c>s 0.000 S 0
      s>c 0.010 S 0
      c>s 0.030 SA 0 1
      s>c 0.040 SA 0 1`).slice(0, 2),
  ).toEqual([2, 0])
})
it('what was lost crosses nothing', () => {
  expect(
    crossed(`${HANDSHAKE}
      c>s 0.100 PA 1 1 100
      s>c 0.400 PA 1 1 50
      c>s 0.500 PA 1 51 100
      s>c 0.520 A 51 101`),
  ).toEqual([0, 0, 0, 0, 0, 0, 0])
})
