/** One connection over two files: a packet of the other file that proves something is told with that file. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { split } from '../samples/split.js'

const folder = mkdtempSync(join(tmpdir(), 'bothends-'))
afterAll(() => rmSync(folder, { recursive: true }))

it('names the capture of the packet that proves what became of another', async () => {
  const files = split('samples/half-open-server-gives-up.pcap', folder, 3)
  const { flows, findings } = await analyze(files)
  const rows = flows[0]?.rows ?? []
  // Whole, #4 (the SYN+ACK again) proves that #3 was not taken: now it is the first of the second file.
  expect(rows[2]).toMatchObject({
    packet: 3,
    capture: 0,
    received: false,
    receivedBy: 1,
    receivedByCapture: 1,
  })
  expect(rows[2]?.server.hindsight).toEqual({ instead: 'ESTABLISHED', packet: 1, capture: 1 })
  // #6 proves it of #5, both in the second file.
  expect(rows[4]).toMatchObject({ packet: 2, capture: 1, receivedBy: 3 })
  expect(rows[4]).not.toHaveProperty('receivedByCapture')
  expect(rows[4]?.server.hindsight).toEqual({ instead: 'ESTABLISHED', packet: 3 })
  // In notes, where it is another one than the row's; in calls and spans, where it is not the first.
  expect(rows[2]?.notes).toEqual([
    { code: 'not-received', side: 'server', shownBy: 1, shownByCapture: 1, lost: false },
  ])
  expect(rows[3]?.notes).toMatchObject([{ code: 'syn-ack-retransmission', first: 2, firstCapture: 0 }])
  expect(rows[4]?.notes).toEqual([{ code: 'not-received', side: 'server', shownBy: 3, lost: false }])
  expect(flows[0]?.calls).toMatchObject([{ errno: 'ECONNRESET', packet: 6, capture: 1 }])
  expect(flows[0]?.spans.client.map(({ packet, capture }) => [packet, capture])).toEqual([
    [null, undefined],
    [1, undefined],
    [2, undefined],
    [6, 1],
  ])
  // The final ACK; the SYN+ACK twice more, the data and the RST.
  expect(findings.find(({ id }) => id === 'handshake-not-completed')).toMatchObject({
    packets: [3, 1, 3, 5, 6],
    captures: [0, 1, 1, 1, 1],
  })
})
