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

describe.each(readdirSync('samples').filter((name) => /\.pcap(ng)?$/.test(name)))('%s', (name) => {
  it('draws an x where the packet was not received, and only there', async () => {
    for (const row of await rowsOf(name)) {
      expect([row.packet, arrivalOf(row).includes('x')]).toEqual([row.packet, row.received === false])
      const refused = row.notes.some((note) => note.code === 'reset' && note.taken === false)
      if (refused) expect([row.packet, row.received]).toEqual([row.packet, false])
    }
  })
})
