/** A FIN that is not sent again was acknowledged. RFC 6298 section 5. */
import { expect, it } from 'vitest'
import { CLIENT, SERVER } from '../../src/flow/segment.js'
import { finTaken } from '../../src/infer/fin-taken.js'
import { type Circumstances, flow, HANDSHAKE, ISN, statesOf, track } from './connection.js'

/** When the ACK of the client's FIN came, and its number; null: nothing tells. */
const taken = (text: string, given: Circumstances) => {
  const found = finTaken(track(`${HANDSHAKE}\n${text}`, given), CLIENT)
  return found === null ? null : [Math.round(found.at * 1000) / 1000, found.ack - ISN[CLIENT]]
}

it('whose timer would have run out long ago was acknowledged a round trip later', () => {
  // 20 ms from the capture point to each end and back.
  expect(taken('c>s 1 FA 1 1', { goesOn: 3 })).toEqual([1.04, 2])
})
it('whose timer may still run tells nothing', () => {
  expect(taken('c>s 1 FA 1 1', { goesOn: 1 })).toBeNull()
  // Sent again after 0.4 s: the next time-out is 0.8 s and more.
  expect(taken('c>s 1 FA 1 1\n c>s 1.8 FA 1 1', { goesOn: 1.9 })).toBeNull()
})
it('an ACK in time was captured, one that comes long after is not the first', () => {
  expect(taken('c>s 1 FA 1 1\n s>c 1.02 A 1 2', { goesOn: 60 })).toBeNull()
  expect(taken('c>s 1 FA 1 1\n s>c 9 FA 1 2', { goesOn: 60 })).toEqual([1.04, 2])
})
it('an end that sent it again and again has given up', () => {
  const again = [1, 1.25, 1.7, 2.6, 4.4].map((at) => `c>s ${at} FA 1 1`).join('\n')
  expect(taken(again, { goesOn: 60 })).toBeNull()
})
it('a peer that goes on without it has not got it, whatever became of the sender', () => {
  expect(taken('c>s 1 FA 1 1\n s>c 2 PA 1 1 100\n s>c 2.3 PA 1 1 100', { goesOn: 60 })).toBeNull()
})
it('one end alone was captured: without a round trip it takes longer', () => {
  const oneWay = 's>c 0 SA 0 1\n s>c 1 PA 1 1 100\n s>c 2 FA 101 1'
  expect(finTaken(track(oneWay, { goesOn: 2 }), SERVER)).toBeNull()
  expect(finTaken(track(oneWay, { goesOn: 4 }), SERVER)).toMatchObject({ at: 2 })
})
it('the last ACK of a connection was not captured: it is over, as far as anybody knows', () => {
  const of = flow(`${HANDSHAKE}\n c>s 1 FA 1 1\n s>c 1.02 FA 1 2`, { goesOn: 5 })
  expect(statesOf(of).at(-1)).toBe('TIME_WAIT LAST_ACK')
  expect(of.spans.server.at(-1)).toMatchObject({ state: 'CLOSED', certainty: 'assumed', packet: null })
  expect(of.verdict).toBe('closed')
})
