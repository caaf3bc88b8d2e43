/** How sure the state of an end is that is heard no more; rows, spans and the end agree on every sample. */
import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import type { Flow, Side } from '../../src/report.js'
import { SAMPLES, sampleFile } from '../samples/truth.js'

const flowOf = async (sample: string): Promise<Flow> => {
  const [flow] = (await analyze([sampleFile(`${sample}.pcap`)])).flows
  if (flow === undefined) throw new Error('no flow')
  return flow
}
const assumedIn = ({ rows }: Flow, side: Side): number[] =>
  rows.filter((row) => row[side].certainty === 'assumed').map(({ packet }) => packet)

describe('an end that is asked in vain until the capture ends', () => {
  it.each([
    // Whether #3 came nothing tells; #5 of the server shows it ESTABLISHED. Nothing is heard of it behind #5.
    ['keepalive-dead-peer', [3, 6, 7, 8, 9]],
    ['network-cut-rto-timeout', [3, 6, 7, 8, 9, 10, 11]],
  ])('is in doubt from the first packet in vain on: %s', async (sample, packets) => {
    const flow = await flowOf(sample)
    expect(assumedIn(flow, 'server')).toEqual(packets)
    expect(flow.server).toMatchObject({ state: 'ESTABLISHED', certainty: 'assumed' })
    expect(flow.spans.server.at(-1)).toMatchObject({ state: 'ESTABLISHED', certainty: 'assumed' })
  })

  it('is not when it answers in the end', async () => {
    // data-loss-rto: what was lost is sent again, and acknowledged.
    const flow = await flowOf('data-loss-rto')
    expect(flow.rows.some(({ received }) => received === false)).toBe(true)
    expect(assumedIn(flow, 'server').filter((packet) => packet > 3 && packet < flow.rows.length)).toEqual([])
    expect(flow.spans.server.find(({ state }) => state === 'ESTABLISHED')?.certainty).toBe('implied')
  })
})

it('a state that later packets show is implied, though the first packet with it shows nothing', async () => {
  const flow = await flowOf('close-wait-leak')
  expect(flow.rows[2]?.server).toMatchObject({ state: 'ESTABLISHED', certainty: 'assumed' })
  expect(flow.rows[4]?.server).toMatchObject({ state: 'ESTABLISHED', certainty: 'implied' })
  expect(flow.spans.server.find(({ state }) => state === 'ESTABLISHED')?.certainty).toBe('implied')
})

it('an end that no packet ever moved is as little known in the beginning as in the end', async () => {
  const { server, spans } = await flowOf('connect-timeout')
  expect(server).toMatchObject({ state: 'CLOSED', certainty: 'assumed' })
  expect(spans.server).toMatchObject([{ state: 'CLOSED', certainty: 'assumed' }])
})

describe('the last span, the last row and the end say the same', () => {
  it.each(SAMPLES)('%s', async (capture) => {
    for (const flow of (await analyze([sampleFile(capture)])).flows)
      for (const side of ['client', 'server'] as const) {
        const { state, certainty } = flow[side]
        expect(flow.spans[side].at(-1)).toMatchObject({ state, certainty })
        const last = flow.rows.at(-1)?.[side]
        if (last?.state === state) expect(last.certainty).toBe(certainty)
      }
  })
})
