/** A SYN that came again and drew a SYN+ACK arrived. The recording synack-lost-once: the kernel got #3, and #4 is its answer. */
import { expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { flow } from './connection.js'

it('is received, as the SYN+ACK one round trip later shows', async () => {
  const [found] = (await analyze(['samples/synack-lost-once.pcap'])).flows
  expect(found?.rows[2]).toMatchObject({ packet: 3, received: true, receivedBy: 4 })
})

it('is not known to be where the SYN+ACK is the timer’s, or answers another SYN', () => {
  const again = (at: number) =>
    flow(`
    c>s 0.000 S  0
    s>c 0.020 SA 0 1
    c>s 1.000 S  0
    s>c ${at} SA 0 1`).rows[2]?.received
  expect(again(1.02)).toBe(true)
  expect(again(1.04)).toBeNull()
  expect(again(1.001)).toBeNull()
})
