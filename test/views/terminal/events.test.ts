import { expect, it } from 'vitest'
import { analyze } from '../../../src/analyze.js'
import type { Flow, Report } from '../../../src/report.js'
import { before, eventsOf } from '../../../src/views/terminal/events.js'
import { sampleFile } from '../../samples/truth.js'

const onlyFlow = async (sample: string): Promise<{ report: Report; flow: Flow }> => {
  const report = await analyze([sampleFile(`${sample}.pcap`)])
  const [flow] = report.flows
  if (flow === undefined) throw new Error('no flow')
  return { report, flow }
}

it('a state that a timer ended changes there, not again at the packet that brings it to light', async () => {
  // The kernel (samples/truth/half-open-server-gives-up.json) drops the request 7 s after the SYN; #8 finds no socket.
  const { report, flow } = await onlyFlow('half-open-server-gives-up')
  const changes = eventsOf(flow, report).flatMap((event) =>
    event.server.state === event.server.was ? [] : [[event.kind, event.server.was, event.server.state]],
  )
  expect(changes).toEqual([
    ['packet', 'LISTEN', 'SYN_RECEIVED'],
    ['silent', 'SYN_RECEIVED', 'CLOSED'],
  ])
})

it('both ends are CLOSED before a simultaneous open, as in figure 7 of RFC 9293', async () => {
  const { client, server } = before((await onlyFlow('simultaneous-open')).flow)
  expect([client.state, server.state]).toEqual(['CLOSED', 'CLOSED'])
})
