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
  it('stay apart for two flows', () => {
    const findings = diagnose(report([refused(0), refused(1)]))
    expect(findings.filter(({ id }) => id === 'connect-refused').map(({ flow }) => flow)).toEqual([0, 1])
  })

  it('become one for three, counted, and what differs is left open', () => {
    const [found, ...rest] = diagnose(report([refused(0), refused(1), refused(2)])).filter(
      ({ id }) => id === 'connect-refused',
    )
    expect(rest).toEqual([])
    expect(found).toMatchObject({
      flow: null,
      flows: [0, 1, 2],
      args: { flows: 3, client: null, server: '198.51.100.20', port: 81, by: 'reset' },
    })
    if (found === undefined) return
    expect(sentenceOf(found, en)).toBe(
      '3 flows: connect() from several hosts to 198.51.100.20 port 81 was refused with a RST: ECONNREFUSED.',
    )
    expect(sentenceOf(found, zh)).toBe(
      '3 条连接：多台主机连接 198.51.100.20 的 81 端口被拒绝（收到 RST），connect() 返回 ECONNREFUSED。',
    )
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

  it('214 flows: one host holds TIME_WAIT', () => {
    const flows = Array.from({ length: 214 }, (_, n) =>
      flow({
        flow: n,
        rows: [],
        client: { address: '10.0.0.5', port: 30000 + n, state: 'TIME_WAIT', certainty: 'implied' },
        closedFirst: 'client',
        verdict: 'closed',
        spans: { client: [span('TIME_WAIT', n / 10, n / 10 + 60)], server: [span('CLOSED', n / 10, null)] },
      }),
    )
    const [found] = diagnose(report(flows)).filter(({ id }) => id === 'time-wait')
    expect(found).toMatchObject({
      severity: 'note',
      side: 'client',
      args: { flows: 214, peak: 214, host: '10.0.0.5' },
    })
    if (found === undefined) return
    expect(describeFinding(found, en)).toMatch(
      /^214 flows: 10\.0\.0\.5 holds TIME_WAIT, 214 at one time, towards /,
    )
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
