import { describe, expect, it } from 'vitest'
import type { PacketRow } from '../../../src/report.js'
import { en } from '../../../src/text/en/index.js'
import { speller } from '../../../src/text/states.js'
import {
  atTheEnd,
  netstatJson,
  netstatPage,
  readInterval,
  readMoment,
  type SocketsAsked,
} from '../../../src/views/netstat/index.js'
import type { Moment } from '../../../src/views/netstat/moment.js'
import { flow, report, rows, span } from '../made.js'
import { normal, overflow } from '../stories.js'

const one = report([normal])
const asked = (moments: readonly Moment[], more: Partial<SocketsAsked> = {}): SocketsAsked => ({
  moments,
  host: null,
  every: null,
  timers: false,
  spell: speller('netstat'),
  strong: (text) => text,
  faint: (text) => text,
  ...more,
})
const at = (text: string, of = one): Moment => {
  const moment = readMoment(text, of)
  if ('wrong' in moment) throw new Error(moment.wrong)
  return moment
}
const states = (text: string, of = one): string[] =>
  [...netstatJson(of, asked([at(text, of)]))]
    .slice(1)
    .map((line) => JSON.parse(line) as { host: string; state: string })
    .map(({ host, state }) => `${host} ${state}`)

describe('a moment', () => {
  // The epoch of the fixture is 2026-01-02T03:04:05.25Z, 1767323045.25.
  it.each([
    ['1767323045.25', 0],
    ['1767323046', 0.75],
    ['2026-01-02T03:04:05.251Z', 0.001],
    ['2026-01-02T04:04:05.250000001+01:00', 1e-9],
    ['2026-01-02 03:04:06Z', 0.75],
    ['#7', 0.06],
    // As the ladder's column has it.
    ['0.060000', 0.06],
    ['7.0', 7],
    ['7', 7],
    ['7s', 7],
    ['500ms', 0.5],
    ['-3', -3],
    ['end', 0.0801],
  ])('%s', (text, seconds) => {
    expect(at(text).at).toBeCloseTo(seconds, 9)
  })

  it.each(['', 'now', '12x', '#', '#-1', '2026-13-01T00:00:00Z', '1'.repeat(100), '2026-01-02T03:04:05.Z'])(
    'is not %j',
    (text) => {
      expect(readMoment(text, one)).toEqual({ wrong: 'time' })
    },
  )

  it('read off a packet is that packet, though what was shown of it had been rounded or cut', () => {
    // 0.0600004 is shown as 0.060000, and by the clock as .310000.
    const later = { ...one, flows: [{ ...normal, rows: normal.rows.map(moved) }] }
    expect(at('0.060000', later).at).toBe(0.0600004)
    expect(at('2026-01-02T03:04:05.310000Z', later).at).toBe(0.0600004)
    expect(at('0.060000000', later).at).toBe(0.06)
  })
  const moved = (row: PacketRow): PacketRow => (row.packet === 7 ? { ...row, at: 0.0600004 } : row)

  it.each(['#0', '#10', '#99999'])('has no packet %s', (text) => {
    expect(readMoment(text, one)).toEqual({ wrong: 'packet', capture: 0 })
  })
})

describe('sockets', () => {
  it.each([
    ['#1', ['192.0.2.10 SYN_SENT', '198.51.100.20 SYN_RECEIVED']],
    ['#2', ['192.0.2.10 ESTABLISHED', '198.51.100.20 SYN_RECEIVED']],
    ['#3', ['192.0.2.10 ESTABLISHED', '198.51.100.20 ESTABLISHED']],
    ['#7', ['192.0.2.10 FIN_WAIT_1', '198.51.100.20 CLOSE_WAIT']],
    ['#8', ['192.0.2.10 TIME_WAIT', '198.51.100.20 LAST_ACK']],
    ['#9', ['192.0.2.10 TIME_WAIT']],
    ['1767323045.255', ['192.0.2.10 SYN_SENT', '198.51.100.20 SYN_RECEIVED']],
    ['1767323105.32', ['192.0.2.10 TIME_WAIT']],
    ['1767323105.34', []],
    ['1767323040', []],
  ])('at %s', (text, expected) => {
    expect(states(text)).toEqual(expected)
  })

  it('forget what a timer ended between two packets', () => {
    const of = report([overflow])
    expect(states('#4', of)).toContain('198.51.100.20 SYN_RECEIVED')
    expect(states('1767323107', of)).toContain('198.51.100.20 SYN_RECEIVED')
    expect(states('1767323109', of)).toEqual(['192.0.2.10 ESTABLISHED'])
    expect(states('#5', of)).toEqual(['192.0.2.10 ESTABLISHED'])
  })

  it('follow the packet where two have one time', () => {
    const twins = report([
      flow({
        rows: rows([
          {
            at: 0,
            from: 'client',
            flags: 'S',
            client: ['CLOSED', 'SYN_SENT'],
            server: ['LISTEN', 'SYN_RECEIVED'],
          },
          {
            at: 0,
            from: 'server',
            flags: 'SA',
            ack: 1,
            client: ['SYN_SENT', 'ESTABLISHED'],
            server: 'SYN_RECEIVED',
          },
        ]),
        spans: {
          client: [
            span('CLOSED', null, 0, 'start'),
            span('SYN_SENT', 0, 0, 'call', 1),
            span('ESTABLISHED', 0, null, 'packet', 2),
          ],
          server: [span('LISTEN', null, 0, 'start'), span('SYN_RECEIVED', 0, null, 'packet', 1)],
        },
      }),
    ])
    expect(states('#1', twins)[0]).toBe('192.0.2.10 SYN_SENT')
    expect(states('#2', twins)[0]).toBe('192.0.2.10 ESTABLISHED')
  })
})

it('are in their state since the packet that was asked for at the latest', () => {
  // By its own clock the client gets the SYN+ACK 0.2 s after it was captured.
  const [, ...spans] = normal.spans.client
  const late = report([
    {
      ...normal,
      spans: {
        ...normal.spans,
        client: spans.map((each) => (each.state === 'ESTABLISHED' ? { ...each, from: 0.2 } : each)),
      },
    },
  ])
  const [, client] = [...netstatJson(late, asked([at('#2', late)]))].map((line) => JSON.parse(line))
  expect(client).toMatchObject({ state: 'ESTABLISHED', since: late.flows[0]?.rows[1]?.time })
})

describe('the page', () => {
  it("has netstat's columns, one table a host", () => {
    expect(netstatPage(one, asked([at('#8')], { timers: true }), en)).toEqual([
      '192.0.2.10 at #8 (2026-01-02T03:04:05.330000000Z)',
      'Proto Recv-Q Send-Q Local Address           Foreign Address         State       Timer',
      'tcp        ?      0 192.0.2.10:40001        198.51.100.20:80        TIME_WAIT   timewait (60.00/0/0)?',
      '',
      '198.51.100.20 at #8 (2026-01-02T03:04:05.330000000Z)',
      'Proto Recv-Q Send-Q Local Address           Foreign Address         State       Timer',
      // Its FIN waits for the ACK: write_seq - snd_una is 1, and it goes out again after 31.5 ms and 200 ms.
      'tcp        ?      1 198.51.100.20:80        192.0.2.10:40001        LAST_ACK    on (0.22/0/0)?',
      '',
      '? assumed: the capture cannot tell. Recv-Q is never known from a capture.',
    ])
  })

  it('counts in Send-Q what is not acknowledged', () => {
    const page = netstatPage(one, asked([at('#4')], { host: '192.0.2.10' }), en)
    expect(page[2]).toBe('tcp        ?    517 192.0.2.10:40001        198.51.100.20:80        ESTABLISHED')
  })

  it('says so when there is nothing, and takes the end by default', () => {
    expect(netstatPage(one, asked([at('1767323040')]), en)).toEqual([
      '1767323040 lies 5.25 s before the first packet (2026-01-02T03:04:05.250000000Z): this is what the first packets tell of it.',
      'No sockets at 1767323040 (2026-01-02T03:04:00.000000000Z).',
    ])
    expect(netstatPage(one, asked([atTheEnd('the end of the capture', one)]), en)[0]).toMatch(
      /^192\.0\.2\.10 at the end of the capture/,
    )
  })

  it('marks what is assumed', () => {
    const doubtful = report([
      {
        ...normal,
        rows: normal.rows.map((row) => ({
          ...row,
          server: { ...row.server, certainty: 'assumed' as const },
        })),
      },
    ])
    const page = netstatPage(doubtful, asked([at('#4', doubtful)]), en)
    expect(page.some((line) => line.endsWith('ESTABLISHED?'))).toBe(true)
    expect(page.at(-1)).toMatch(/^\? assumed/)
  })

  it('counts states over time', () => {
    expect(netstatPage(one, asked([], { every: 0.04, host: '192.0.2.10' }), en)).toEqual([
      ' time  host        SYN_SENT  ESTABLISHED  TIME_WAIT',
      '0.000  192.0.2.10         1            0          0',
      '0.040  192.0.2.10         0            1          0',
      '0.080  192.0.2.10         0            0          1',
    ])
    // The end of the capture is told, also when no step falls on it.
    expect(netstatPage({ ...one, endAt: 0.093 }, asked([], { every: 0.04, host: '192.0.2.10' }), en)).toEqual(
      [
        ' time  host        SYN_SENT  ESTABLISHED  TIME_WAIT',
        '0.000  192.0.2.10         1            0          0',
        '0.040  192.0.2.10         0            1          0',
        '0.080  192.0.2.10         0            0          1',
        '0.093  192.0.2.10         0            0          1',
      ],
    )
  })
})

it('gives sockets as the contract has them', () => {
  const [, client] = [...netstatJson(one, asked([at('#8')]))].map((line) => JSON.parse(line))
  expect(client).toMatchObject({
    type: 'socket',
    at: '#8',
    host: '192.0.2.10',
    local: '192.0.2.10:40001',
    peer: '198.51.100.20:80',
    state: 'TIME_WAIT',
    since: '2026-01-02T03:04:05.330000000Z',
    certainty: 'seen',
    timer: { name: 'timewait', expires: '2026-01-02T03:05:05.330000000Z', certainty: 'assumed' },
  })
})

it.each([
  ['1s', 1],
  ['500ms', 0.5],
  ['2m', 120],
  ['0.5', 0.5],
  ['0', null],
  ['-1s', null],
  ['1 week', null],
  ['', null],
])('the interval %j', (text, seconds) => {
  expect(readInterval(text)).toBe(seconds)
})
