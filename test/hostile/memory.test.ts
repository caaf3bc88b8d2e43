/**
 * Memory under floods, as `docs/limits.md` states it: a packet of a connection that is replayed in full takes less than
 * 2.6 KB of heap, fragments that wait for others 4 MiB in all. A process that may have no more ends with its answer.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { Fragments } from '../../src/wire/fragments.js'
import { FLOODS } from './floods.js'
import { pcapOf } from './frames.js'

const PACKETS = 100_000
/** MiB: 2.6 KB for each of them. */
const HEAP = 256
const FRAGMENTS = 65_000

const folder = mkdtempSync(join(tmpdir(), 'bothends-memory-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Packets of the flows, and what is said of the capture. */
const within = (heap: number, bytes: Uint8Array) => {
  const file = join(folder, 'flood.pcap')
  writeFileSync(file, bytes)
  const args = [`--max-old-space-size=${heap}`, 'dist/cli.js', 'flows', '--json', file]
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  expect(status).toBe(0)
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const flows = lines.filter(({ type }) => type === 'flow')
  return { capture: lines[0].captures[0], packets: flows.reduce((sum, flow) => sum + flow.packets, 0) }
}

describe(`${PACKETS} packets of one connection in ${HEAP} MiB`, { timeout: 120_000 }, () => {
  it.each([
    ['tiny segments', 'one window of data, unacknowledged, in tiny pieces'],
    ['out of order', 'every second byte missing, in reverse'],
    ['SACK blocks', 'data first, then SACK blocks that cover nothing'],
    ['SACK blocks of a hole', 'a hole and SACK blocks'],
    ['zero-window probes', 'probes of a shut window'],
    ['RSTs', 'RSTs after a handshake'],
  ])('%s', (_, name) => {
    const flood = FLOODS[name]
    if (flood === undefined) throw new Error(name)
    expect(within(HEAP, pcapOf(flood(PACKETS)))).toMatchObject({ packets: PACKETS + 3 })
  })
  it('ICMP errors', () => {
    const flood = FLOODS['ICMP errors on one connection']
    if (flood === undefined) throw new Error('no such flood')
    const { capture, packets } = within(HEAP, pcapOf(flood(PACKETS)))
    expect([capture.other, packets]).toEqual([{ 'icmp-error': PACKETS }, 3])
  })
})

/** Bytes, and what a piece costs beside its own: `src/wire/fragments.ts`. */
const HELD = 4 * 1024 * 1024
const A_PIECE = 128

describe(`${FRAGMENTS} fragments in 4 MiB`, () => {
  it.each([8, 96, 1400])('of as many datagrams, %i octets each: the last to come are held', (length) => {
    const fragments = new Fragments()
    const bytes = new Uint8Array(length)
    for (let k = 0; k < FRAGMENTS; k++) fragments.add(`${k}`, 0, true, bytes, 0, length)
    let whole = 0
    // From the last on: what is put together makes room, so nothing that was held is lost by asking.
    for (let k = FRAGMENTS - 1; k >= 0; k--)
      if (fragments.add(`${k}`, length, false, bytes, 0, length) !== null) whole++
    expect(whole * (length + A_PIECE)).toBeLessThanOrEqual(HELD)
    expect((whole + 1) * (length + A_PIECE)).toBeGreaterThan(HELD)
  })
  it('of one datagram, each over the one before: one is held', () => {
    const fragments = new Fragments()
    const bytes = new Uint8Array(1400)
    for (let k = 0; k < FRAGMENTS; k++) fragments.add('one', 8 * (k % 8000), true, bytes, 0, 1400)
    expect(fragments.add('one', 8 * (FRAGMENTS % 8000) + 1400, false, bytes, 0, 8)).toBeNull()
  })
})
