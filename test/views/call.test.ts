/** A call that a timer ends is told at the moment at which the timer is. */
import { expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { returnsAt } from '../../src/views/call.js'

it('returns when its timer runs out, to the nanosecond', async () => {
  const report = await analyze(['samples/network-cut-rto-timeout.pcap'])
  const [flow] = report.flows
  const timer = flow?.timers.find(({ name }) => name === 'retransmission')
  const call = flow?.calls.find(({ errno }) => errno === 'ETIMEDOUT')
  if (timer === undefined || call === undefined) throw new Error('no timer')
  expect(returnsAt(call, report)).toBeCloseTo(timer.expires, 6)
})
