/** Which connections that began before the capture are followed in their row, and what is told of them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { annotated, rowOf } from '../../src/annotated.js'
import { PlainFlow } from '../../src/plain/plain-flow.js'
import type { PacketRow } from '../../src/report.js'
import { surveyed } from '../../src/survey.js'
import { flowLine } from '../../src/views/json-flow.js'
import { ONE_SERVICE, type Packet, pcapOf, type Wish, wish } from '../properties/traffic.js'

const folder = mkdtempSync(join(tmpdir(), 'bothends-middle-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const [some] = fc.sample(wish, { numRuns: 1, seed: 1 })

const CLIENT = 1000
const SERVER = 5000
const ACK = 16
const FIN = 1

/** One packet: who sent it, flags, where it begins and what it acknowledges from the numbers above on, how much it carries. */
type Told = readonly [
  from: 'client' | 'server',
  flags: number,
  seq: number,
  ack: number,
  length: number,
  of?: Partial<Packet>,
]

const packetOf = (
  [from, flags, seq, ack, length, other = {}]: Told,
  n: number,
  all: readonly Told[],
): Packet => ({
  at: n * 20_000_000,
  connection: 0,
  from,
  flags,
  seq: seq + (from === 'client' ? CLIENT : SERVER),
  ack: ack + (from === 'client' ? SERVER : CLIENT),
  length,
  window: 502,
  // Each end counts its own.
  ipId: all.slice(0, n + 1).filter(([by]) => by === from).length,
  ttl: from === 'client' ? 64 : 57,
  stamp: null,
  syn: false,
  ...other,
})

/** Its rows, as far as they need no replay. */
const rowsOf = async (told: readonly Told[]): Promise<readonly PacketRow[]> => {
  const file = join(folder, 'rows.pcap')
  writeFileSync(file, pcapOf(told.map(packetOf), [{ ...(some as Wish), ...ONE_SERVICE }]))
  const rows: PacketRow[] = []
  await annotated(
    [file],
    {},
    {
      begin: () => {},
      row: () => {},
      plainRow: (kind, numbers) => rows.push(rowOf(kind, numbers)),
      rowLike: () => {},
      flow: () => {},
      plainFlow: () => {},
    },
  )
  expect(rows).toEqual((await analyze([file])).flows[0]?.rows)
  return rows
}

/** The only flow, as a survey has it; it says what the full replay says. */
const flowOf = async (told: readonly Told[], of: Partial<Wish> = {}) => {
  const file = join(folder, 'made.pcap')
  writeFileSync(file, pcapOf(told.map(packetOf), [{ ...(some as Wish), ...ONE_SERVICE, ...of }]))
  const [flow, ...others] = (await surveyed([file], {}, 0))?.report.flows ?? []
  const whole = (await analyze([file])).flows
  expect(others).toEqual([])
  expect(flow === undefined ? '' : flowLine(flow, false)).toBe(flowLine(whole[0] as (typeof whole)[0], false))
  return flow
}

const ASKED: readonly Told[] = [
  ['client', ACK, 0, 0, 100],
  ['server', ACK, 0, 100, 300],
  ['client', ACK, 100, 300, 0],
]

const PLAIN: Readonly<Record<string, readonly Told[]>> = {
  'a request and its answer': ASKED,
  'an answer whose request had passed': ASKED.slice(1),
  'an ACK, then a request': [['server', ACK, 0, 0, 0], ...ASKED],
  'text in one direction, of which some was under way': [
    ['server', ACK, 0, 0, 1000],
    ['server', ACK, 1000, 0, 1000],
    ['client', ACK, 0, -1000, 0],
    ['server', ACK, 2000, 0, 1000],
    ['client', ACK, 0, 1000, 0],
    ['client', ACK, 0, 3000, 0],
  ],
}

const FINS: readonly Told[] = [
  ['client', ACK | FIN, 100, 300, 0],
  ['server', ACK | FIN, 300, 101, 0],
  ['client', ACK, 101, 301, 0],
]

const ODD: Readonly<Record<string, readonly Told[]>> = {
  'one end alone': ASKED.slice(0, 1),
  'a FIN first': FINS,
  'one end acknowledges what was not captured': [...ASKED, ['client', ACK, 100, 400, 0]],
  'the second end goes on elsewhere than the first one says': [
    ['client', ACK, 0, 0, 100],
    ['server', ACK, 50, 100, 300],
  ],
  'a keep-alive': [...ASKED, ['client', ACK, 99, 300, 0], ['server', ACK, 300, 100, 0]],
  'a keep-alive first': [['client', ACK, -1, 0, 0], ['server', ACK, 0, 0, 0], ...ASKED],
  'a shut window': [...ASKED, ['client', ACK, 100, 300, 0, { window: 0 }]],
  'text again': [...ASKED, ['server', ACK, 0, 100, 300]],
  'a RST': [...ASKED, ['server', 4 | ACK, 300, 100, 0]],
  'time stamps of one end only': [
    ['client', ACK, 0, 0, 100, { stamp: [1, 1] }],
    ['server', ACK, 0, 100, 300],
  ],
  // Linux' ACKs for a socket that is gone have identification 0: it had closed before the capture began.
  'ACKs that no socket counts': [
    ['client', ACK, 0, 0, 0],
    ['server', ACK, 0, 0, 100],
    ['client', ACK, 0, 100, 0, { ipId: 0 }],
  ],
}

describe('a connection that began before the capture', () => {
  it.each(Object.keys(PLAIN))('is plain: %s', async (name) => {
    const flow = await flowOf(PLAIN[name] ?? [])
    expect(flow).toBeInstanceOf(PlainFlow)
    const open = { state: 'ESTABLISHED', certainty: 'assumed' }
    expect(flow).toMatchObject({ beginsInMiddle: true, verdict: 'open', client: open, server: open })
    // Port 80 is the server's, whoever is heard of first.
    expect(flow).toMatchObject({ roles: 'port', client: { port: 40_000 }, server: { port: 80 } })
  })

  it.each(Object.keys(PLAIN))('has rows that need no replay: %s', async (name) => {
    const [first, ...others] = await rowsOf(PLAIN[name] ?? [])
    expect(first?.notes).toEqual([{ code: 'state-unknown-before' }])
    for (const { client, server, notes } of others)
      expect([client.certainty, server.certainty, notes]).toEqual(['assumed', 'assumed', []])
  })

  it('has numbers from 1 on, where each end is heard of first, and lower ones for what was before', async () => {
    const rows = await rowsOf(PLAIN['text in one direction, of which some was under way'] ?? [])
    expect(rows.map(({ relativeSeq }) => relativeSeq)).toEqual([1, 1001, 1, 2001, 1, 1])
    expect(rows.map(({ relativeAck }) => relativeAck)).toEqual([1, 1, -999, 1, 1001, 3001])
  })

  it('is plain: until it has closed', async () => {
    const flow = await flowOf([...ASKED, ...FINS])
    expect(flow).toBeInstanceOf(PlainFlow)
    expect(flow).toMatchObject({ verdict: 'closed', closedFirst: 'client' })
    expect(flow?.client).toMatchObject({ state: 'TIME_WAIT', certainty: 'implied' })
    const rows = await rowsOf([...ASKED, ...FINS])
    expect(rows.map(({ client, server }) => `${client.state} ${server.state}`)).toEqual([
      ...ASKED.map(() => 'ESTABLISHED ESTABLISHED'),
      'FIN_WAIT_1 CLOSE_WAIT',
      'TIME_WAIT LAST_ACK',
      'TIME_WAIT CLOSED',
    ])
  })

  it('has the one as its client that is heard of first, where ports tell nothing', async () => {
    const flow = await flowOf(ASKED.slice(1), { port: 45_000 })
    expect(flow).toBeInstanceOf(PlainFlow)
    expect(flow).toMatchObject({ roles: 'first', client: { port: 45_000 }, server: { port: 40_000 } })
  })

  it.each(Object.keys(ODD))('is not plain: %s', async (name) => {
    expect(await flowOf(ODD[name] ?? [])).not.toBeInstanceOf(PlainFlow)
  })
})
