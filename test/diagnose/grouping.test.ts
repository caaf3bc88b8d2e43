import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { diagnose } from '../../src/diagnose/index.js'
import { peakOf } from '../../src/diagnose/peak.js'
import type { Flow } from '../../src/report.js'
import { en } from '../../src/text/en/index.js'
import { describeFinding, sentenceOf } from '../../src/text/finding.js'
import { zh } from '../../src/text/zh/index.js'
import { flow, report, rows, span } from '../views/made.js'

const refused = (n: number, server = '198.51.100.20'): Flow =>
  flow({
    flow: n,
    client: { address: `192.0.2.${10 + n}`, port: 40001, state: 'CLOSED', certainty: 'seen' },
    server: { address: server, port: 81, state: 'CLOSED', certainty: 'seen' },
    rows: rows([
      { at: n, from: 'client', flags: 'S', client: ['CLOSED', 'SYN_SENT'], server: 'CLOSED' },
      { at: n + 0.1, from: 'server', flags: 'RA', client: ['SYN_SENT', 'CLOSED'], server: 'CLOSED' },
    ]),
    calls: [
      { side: 'client', call: 'connect', errno: 'ECONNREFUSED', packet: 2, time: '', certainty: 'implied' },
    ],
    verdict: 'refused',
  })

describe('findings over many flows', () => {
  it('are one line for each flow while that is one flow', () => {
    const findings = diagnose(report([refused(0)]))
    expect(findings.filter(({ id }) => id === 'connect-refused').map(({ flow }) => flow)).toEqual([0])
  })

  it('become one for three, counted, and what differs is left open', () => {
    const [found, ...rest] = diagnose(report([refused(0), refused(1), refused(2)])).filter(
      ({ id }) => id === 'connect-refused',
    )
    expect(rest).toEqual([])
    expect(found).toMatchObject({
      flow: null,
      flows: [0, 1, 2],
      args: {
        flows: 3,
        client: null,
        clients: 3,
        server: '198.51.100.20',
        servers: 1,
        port: 81,
        by: 'reset',
      },
    })
    if (found === undefined) return
    expect(sentenceOf(found, en)).toBe(
      '3 flows: connect() from 3 hosts to 198.51.100.20 port 81 was refused with a RST: ECONNREFUSED.',
    )
    expect(sentenceOf(found, zh)).toBe(
      '3 条连接：3 台主机连接 198.51.100.20 的 81 端口被拒绝（收到 RST），connect() 返回 ECONNREFUSED。',
    )
  })

  it('quote of each the packet that shows it, and what led up to it while there is room', () => {
    const quotes = (flows: readonly Flow[], id: string): readonly number[] | undefined =>
      diagnose(report(flows)).find((finding) => finding.id === id)?.packets
    const many = Array.from({ length: 20 }, (_, n) => refused(n))
    // The SYN says nothing, the RST does.
    expect(quotes(many, 'connect-refused')).toEqual(many.map(() => 2))
    expect(quotes(many.slice(0, 3), 'connect-refused')).toEqual([1, 2, 1, 2, 1, 2])
    // What shuts the window comes first, what opens it again behind it.
    const shut = (n: number): Flow =>
      flow({
        flow: n,
        client: { address: `192.0.2.${10 + n}`, port: 40001, state: 'ESTABLISHED', certainty: 'seen' },
        rows: rows(
          [0, 1, 9].map((at) => ({
            at,
            from: 'client',
            flags: 'A',
            ack: 1,
            client: 'ESTABLISHED',
            server: 'ESTABLISHED',
          })),
        ).map((row) => ({ ...row, window: row.packet === 2 ? 0 : 500 })),
      })
    expect(
      quotes(
        Array.from({ length: 20 }, (_, n) => shut(n)),
        'zero-window',
      ),
    ).toEqual(many.map(() => 2))
  })

  it('are one for each server', () => {
    const flows = [refused(0), refused(1, '198.51.100.99'), refused(2), refused(3)]
    const found = diagnose(report(flows)).filter(({ id }) => id === 'connect-refused')
    expect(found.map(({ flows }) => flows)).toEqual([[0, 2, 3], [1]])
  })

  it('put problems first', () => {
    const order = ['problem', 'warning', 'note']
    const severities = diagnose(report([refused(0), refused(1)])).map(({ severity }) =>
      order.indexOf(severity),
    )
    expect(severities).toEqual(severities.toSorted())
  })

  it('say nothing about nothing', () => {
    expect(diagnose(report([]))).toEqual([])
  })

  it('are one over many servers and clients, and say how many', () => {
    const flows = Array.from({ length: 300 }, (_, n) => refused(n, `198.51.100.${n % 40}`))
    const found = diagnose(report(flows)).filter(({ id }) => id === 'connect-refused')
    expect(found).toHaveLength(1)
    expect(found[0]?.args).toMatchObject({
      flows: 300,
      client: null,
      clients: 300,
      server: null,
      servers: 40,
    })
    if (found[0] !== undefined)
      expect(sentenceOf(found[0], en)).toBe(
        '300 flows: connect() from 300 hosts to port 81 of 40 hosts was refused with a RST: ECONNREFUSED.',
      )
  })

  it('tell the server apart that most of them concern', () => {
    const flows = Array.from({ length: 60 }, (_, n) =>
      refused(n, n % 2 === 0 ? '198.51.100.99' : `198.51.100.${n}`),
    )
    const found = diagnose(report(flows)).filter(({ id }) => id === 'connect-refused')
    expect(found.map(({ args }) => args)).toMatchObject([
      { flows: 30, server: '198.51.100.99' },
      { flows: 30, server: null, servers: 30 },
    ])
  })
})

/** Closed by the client, one every so many seconds. */
const waiting = (count: number, every: number, host = '10.0.0.5', first = 0): Flow[] =>
  Array.from({ length: count }, (_, k) => {
    const at = k * every
    return flow({
      flow: first + k,
      rows: [],
      startAt: at,
      client: { address: host, port: 30000 + k, state: 'TIME_WAIT', certainty: 'implied' },
      closedFirst: 'client',
      verdict: 'closed',
      spans: { client: [span('TIME_WAIT', at, at + 60)], server: [span('CLOSED', at, null)] },
    })
  })
const piles = (flows: readonly Flow[]) =>
  diagnose(report(flows)).filter((finding) => finding.id === 'time-wait')

describe('TIME_WAIT', () => {
  it('is nobody’s worry by the dozen, nor by the hundred within minutes', () => {
    expect(piles(waiting(12, 0.5))).toEqual([])
    // 20 a second are 1200 within a minute, of 28232 ports.
    expect(piles(waiting(400, 0.05))).toEqual([])
  })

  it('is told when it takes a tenth of the ports within a minute', () => {
    // 100 a second: 6000 within a minute.
    const [found, ...rest] = piles(waiting(300, 0.01))
    expect(rest).toEqual([])
    expect(found).toMatchObject({
      severity: 'note',
      side: 'client',
      args: { flows: 300, peak: 300, hosts: 1 },
    })
    if (found === undefined) return
    expect(describeFinding(found, en)).toMatch(
      /^300 flows: 10\.0\.0\.5 holds TIME_WAIT, 300 at one time and 100 more a second, towards /,
    )
  })

  it('is one note for many hosts', () => {
    const hosts = Array.from({ length: 20 }, (_, h) => waiting(300, 0.01, `10.0.0.${h}`, h * 300)).flat()
    const found = piles(hosts)
    expect(found).toHaveLength(1)
    expect(found[0]?.args).toMatchObject({ flows: 6000, host: null, hosts: 20, peak: 300 })
    if (found[0] === undefined) return
    expect(sentenceOf(found[0], en)).toMatch(
      /^6000 flows: 20 hosts hold TIME_WAIT, up to 300 each at one time/,
    )
    expect(sentenceOf(found[0], zh)).toMatch(/^6000 条连接：20 台主机上堆积 TIME_WAIT，每台同时最多 300 条/)
  })
})

describe('how many at one time', () => {
  it('counts what overlaps, and not what only touches', () => {
    expect(peakOf([])).toBe(0)
    expect(
      peakOf([
        { from: 0, to: 1 },
        { from: 1, to: 2 },
      ]),
    ).toBe(1)
    expect(
      peakOf([
        { from: 0, to: 2 },
        { from: 1, to: 3 },
        { from: 2, to: null },
      ]),
    ).toBe(2)
    expect(
      peakOf([
        { from: null, to: null },
        { from: 5, to: 6 },
      ]),
    ).toBe(2)
  })

  it('is what counting at every beginning gives', () => {
    const stretch = fc
      .tuple(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 20 }))
      .map(([from, length]) => ({ from, to: from + length }))
    fc.assert(
      fc.property(fc.array(stretch, { maxLength: 40 }), (all) => {
        const at = (moment: number) => all.filter(({ from, to }) => from <= moment && moment < to).length
        expect(peakOf(all)).toBe(Math.max(0, ...all.map(({ from }) => at(from))))
      }),
    )
  })
})
