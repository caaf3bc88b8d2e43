import { describe, expect, it } from 'vitest'
import type { Finding } from '../../src/report.js'
import { en } from '../../src/text/en/index.js'
import { annotateLines, flowLines, flowPieces } from '../../src/views/json.js'
import { report } from './made.js'
import { normal, overflow, unreachable } from './stories.js'

type Line = Record<string, unknown>
const parsed = (lines: Iterable<string>): Line[] => [...lines].map((line) => JSON.parse(line) as Line)

/** Frames of two flows, one after the other by turns. */
const mixed = report(
  [
    { ...normal, rows: normal.rows.map((row) => ({ ...row, packet: row.packet * 2 })) },
    { ...overflow, flow: 1, rows: overflow.rows.map((row) => ({ ...row, packet: row.packet * 2 - 1 })) },
  ],
  {
    // An id that text/ does not know: what it then says is the same whatever diagnose/ finds.
    findings: [
      {
        id: 'some-finding',
        severity: 'warning',
        flow: 1,
        flows: [1],
        side: 'server',
        certainty: 'seen',
        packets: [5],
        args: { n: 1 },
        causes: [],
      } as unknown as Finding,
    ],
  },
)

/** A finding that text/ knows. */
const known: Finding = {
  id: 'close-wait',
  severity: 'warning',
  flow: 1,
  flows: [1],
  side: 'server',
  certainty: 'seen',
  packets: [5],
  causes: [],
  args: {
    flows: 1,
    host: '198.51.100.20',
    peer: '192.0.2.10',
    hosts: 1,
    peers: 1,
    port: 80,
    seconds: 9,
    ended: 'still',
  },
}

describe('annotate --json', () => {
  const lines = parsed(annotateLines(mixed, en, null))

  it('begins with the header', () => {
    expect(lines[0]).toMatchObject({ type: 'bothends', schema: 1, version: '0.1.0', stack: 'linux' })
    expect(lines[0]?.captures).toHaveLength(1)
  })

  it('has packets in capture order over all flows, then flows, then findings', () => {
    expect(lines.map(({ type }) => type)).toEqual([
      'bothends',
      ...Array.from({ length: 15 }, () => 'packet'),
      'flow',
      'flow',
      'finding',
    ])
    expect(lines.filter(({ type }) => type === 'packet').map(({ packet }) => packet)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 18,
    ])
  })

  it('names the fields of a packet as the contract does', () => {
    expect(lines.find(({ packet }) => packet === 5)).toMatchObject({
      time: '2026-01-02T03:04:05.270100000Z',
      flow: 1,
      from: 'client',
      flags: 'A',
      seq: 1001,
      ack: 4_000_000_001,
      len: 0,
      client: { state: 'ESTABLISHED', was: 'ESTABLISHED', certainty: 'seen', rules: [] },
      server: { state: 'SYN_RECEIVED', was: 'SYN_RECEIVED', certainty: 'implied' },
      received: false,
      events: ['thrown-away'],
      text: 'The client sends ACK. The server threw it away: the accept queue is full, as #4 shows. In hindsight the server is SYN_RECEIVED here, not ESTABLISHED: #4 proves it.',
    })
  })

  it('says what to do about a finding', () => {
    const [advice] = parsed(flowLines({ ...mixed, findings: [known] }, en)).flatMap((line) =>
      line.type === 'finding' ? [line.advice] : [],
    )
    expect(advice).toBe(`${en.advice['close-wait'].decide} ${en.advice['close-wait'].act}`)
    expect(advice).toContain('close-wait')
  })

  it('names the fields of a flow and of a finding', () => {
    expect(lines.find(({ type, flow }) => type === 'flow' && flow === 1)).toMatchObject({
      client: { address: '192.0.2.10', port: 40001, state: 'CLOSED', certainty: 'seen' },
      server: { address: '198.51.100.20', port: 80, state: 'CLOSED', certainty: 'seen' },
      packets: 6,
      bytes: 5,
      communityId: '1:LQU9qZlK+B5F3KDmev6m5PMibrg=',
      calls: [{ side: 'client', call: 'recv', errno: 'ECONNRESET', packet: 6, certainty: 'seen' }],
      closedFirst: null,
      verdict: 'half-open',
    })
    expect(lines.at(-1)).toMatchObject({
      type: 'finding',
      id: 'some-finding',
      severity: 'warning',
      flow: 1,
      side: 'server',
      packets: [5],
      text: 'some finding.',
    })
  })

  it('can be of one flow', () => {
    const one = parsed(annotateLines(mixed, en, 0))
    expect(new Set(one.slice(1).map(({ flow }) => flow))).toEqual(new Set([0]))
  })

  it('keeps an ICMP error its own type', () => {
    const icmp = parsed(annotateLines(report([unreachable]), en, null))[2]
    expect(icmp).toMatchObject({
      type: 'icmp',
      packet: 2,
      icmpType: 1,
      icmpCode: 3,
      name: 'host-unreachable',
    })
  })
})

it('flows --json has no packets', () => {
  expect(parsed(flowLines(mixed, en)).map(({ type }) => type)).toEqual([
    'bothends',
    'flow',
    'flow',
    'finding',
  ])
})

it('flows --json of one flow has that one, what is found of it, and what is of the captures', () => {
  const about = (code: string, flow: number | null, flows: readonly number[]): Finding =>
    ({ ...mixed.findings[0], id: code, flow, flows }) as unknown as Finding
  const findings = [about('first', 0, [0]), about('both', null, [0, 1]), about('captures', null, [])]
  const of = (only: number): unknown[] => {
    const octets = [...flowPieces({ ...mixed, findings }, en, only)].map((piece) =>
      Buffer.from(piece).toString(),
    )
    return parsed(octets.join('').trim().split('\n')).map(({ type, flow, id }) => id ?? flow ?? type)
  }
  expect(of(0)).toEqual(['bothends', 0, 'first', 'both', 'captures'])
  expect(of(1)).toEqual(['bothends', 1, 'both', 'captures'])
})

it('flows as octets are the same lines', () => {
  const octets = [...flowPieces(mixed, en, null)].map((piece) => Buffer.from(piece).toString()).join('')
  expect(octets).toBe(Array.from(flowLines(mixed, en), (line) => `${line}\n`).join(''))
})
