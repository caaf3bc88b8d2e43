/** The table of conversations looks at few wrong rows, whatever the packets have in common: counted in rows that are looked at. */
import { describe, expect, it } from 'vitest'
import { FlowTable } from '../../src/plain/table.js'
import { PacketView } from '../../src/wire/packet.js'

const ROWS = 8192

/** A packet of 192.0.2.1:40000 to 192.0.2.2:80, or of the same words in IPv6. */
const packet = (ipVersion: 4 | 6): PacketView =>
  Object.assign(new PacketView(), {
    ipVersion,
    srcD: 0xc0000201 | 0,
    dstD: 0xc0000202 | 0,
    srcPort: 40_000,
    dstPort: 80,
  })

describe.each([4, 6] as const)('IPv%i', (version) => {
  it.each([
    ['one 4-tuple in many tunnels', (view: PacketView) => view, (k: number) => k],
    ['many ports', (view: PacketView, k: number) => Object.assign(view, { srcPort: 1024 + k }), () => 0],
    ['many addresses', (view: PacketView, k: number) => Object.assign(view, { srcD: k << 8 }), () => 0],
  ])('%s', (_, vary, outerOf) => {
    const table = new FlowTable(version)
    const view = packet(version)
    for (let k = 0; k < ROWS; k++) table.add(vary(view, k), outerOf(k))
    let looks = 0
    const page = table.rows.page.bind(table.rows)
    table.rows.page = (row) => {
      looks++
      return page(row)
    }
    for (let k = 0; k < ROWS; k++) expect(table.find(vary(view, k), outerOf(k))).toBe(k)
    expect(looks).toBeLessThan(1.1 * ROWS)
  })
})
