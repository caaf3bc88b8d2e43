/** Arrow, note and `received` say the same of a packet. What became of these packets is in samples/truth. */
import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import type { PacketRow } from '../../src/report.js'
import { arrows } from '../../src/views/terminal/arrows.js'
import { lookFor } from '../../src/views/terminal/look.js'

const { glyphs } = lookFor({ colour: 'never', ascii: true }, {}, { isTTY: false, columns: 80 })
/** The arrow beside the receiver. */
const arrivalOf = (row: PacketRow): string => {
  const drawn = arrows(
    { kind: 'packet', at: 0, row, client: row.client, server: row.server },
    glyphs,
    new Set(),
  )
  return row.from === 'client' ? drawn.right : drawn.left
}
const rowsOf = async (name: string): Promise<readonly PacketRow[]> =>
  (await analyze([`samples/${name}`])).flows.flatMap(({ rows }) => rows)

describe('a packet that came and changed nothing', () => {
  it.each([
    ['a forged RST that is not exactly next', 'challenge-ack-wrong-rst', 8, 'x--', false],
    ['data for a host without the connection', 'half-open-server-gives-up', 8, '--x', false],
    ['data for a host without the connection', 'peer-vanishes-then-rst', 8, '--x', false],
    // Its TCP was there, took it, and ended by it: the kernel drops nothing here.
    ['data for an end that had closed', 'client-close-wait', 10, '-->', true],
    ['data for an end that had closed', 'rst-data-after-close', 8, '-->', true],
  ] as const)('%s: %s', async (_what, name, packet, arrow, received) => {
    const row = (await rowsOf(`${name}.pcap`)).find((one) => one.packet === packet)
    expect(row?.received).toBe(received)
    expect(row === undefined ? '' : arrivalOf(row)).toBe(arrow)
  })
})

describe('what was sent again in vain, and nothing came back any more', () => {
  // Nothing came to the server (samples/truth); a way back that is cut gives the same packets.
  it.each([
    ['keepalive-dead-peer', [6, 7, 8, 9]],
    ['network-cut-rto-timeout', [6, 7, 8, 9, 10, 11]],
    ['connect-timeout', [1, 2, 3, 4, 5, 6]],
  ])('%s: nothing tells whether it arrived', async (name, packets) => {
    const rows = (await rowsOf(`${name}.pcap`)).filter(({ packet }) => packets.includes(packet))
    expect(rows.map(({ received, receivedBy }) => [received, receivedBy])).toEqual(
      packets.map(() => [null, null]),
    )
    expect(rows.map(arrivalOf)).toEqual(packets.map(() => '..?'))
  })
  it('is told to be lost where the other end is heard again', async () => {
    const rows = await rowsOf('data-loss-rto.pcap')
    const again = rows.find(({ notes }) => notes.some(({ code }) => code === 'retransmission'))
    const first = rows.find(({ seq, from, len }) => len > 0 && seq === again?.seq && from === again?.from)
    expect(first?.received).toBe(false)
  })
})

describe.each(readdirSync('samples').filter((name) => /\.pcap(ng)?$/.test(name)))('%s', (name) => {
  it('draws an x where the packet was not received, and only there', async () => {
    for (const row of await rowsOf(name)) {
      expect([row.packet, arrivalOf(row).includes('x')]).toEqual([row.packet, row.received === false])
      const refused = row.notes.some((note) => note.code === 'reset' && note.taken === false)
      if (refused) expect([row.packet, row.received]).toEqual([row.packet, false])
    }
  })
})
