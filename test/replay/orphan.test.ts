/**
 * A segment that meets FIN_WAIT and draws a bare RST: did it end the socket, or a timer before it? RFC 9293 3.6.1 SHLD-3;
 * Linux tcp_rcv_state_process(), tcp_timewait_state_process(), tcp_fin_timeout; the recordings client-close-wait and
 * fin-wait-2-orphan-timeout.
 */
import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { type Circumstances, flow } from '../infer/connection.js'

/** The server closes at 0.1 s and is in FIN_WAIT_2 from 0.14 s on. */
const HALF_CLOSED = `
  c>s 0.000 S  0
  s>c 0.020 SA 0 1
  c>s 0.040 A  1 1
  s>c 0.100 FA 1 1
  c>s 0.130 A  1 2`

const met = (text: string, given: Circumstances = {}) => {
  const { rows, spans } = flow(`${HALF_CLOSED}\n${text}`, given)
  const row = rows[5]
  const last = spans.server.at(-1)
  return {
    rules: row?.server.rules.filter((rule) => !rule.startsWith('3.10.7.4/5')),
    received: row?.received,
    thrown: row?.notes.some(({ code }) => code === 'thrown-away'),
    ended: [last?.state, last?.cause, Math.round((last?.from ?? 0) * 100) / 100],
  }
}
const DATA = (at: number) => `c>s ${at} PA 1 2 50\n s>c ${at + 0.02} R 2`

it('each of two segments close behind each other draws its RST', () => {
  const { rows } = flow(`${HALF_CLOSED}
    c>s 1.000 PA 1 2 50
    c>s 1.001 PA 51 2 50
    s>c 1.020 R 2
    s>c 1.021 R 2`)
  expect(rows.slice(5, 7).map(({ server, receivedBy }) => [server.was, server.state, receivedBy])).toEqual([
    ['FIN_WAIT_2', 'CLOSED', 8],
    ['CLOSED', 'CLOSED', 9],
  ])
})

it('text beyond its window draws no RST from one that is there: it was gone before', () => {
  const beyond = (win: number) =>
    flow(`
      c>s 0.000 S  0 win=${win}
      s>c 0.020 SA 0 1 win=${win}
      c>s 0.040 A  1 1 win=${win}
      s>c 0.100 FA 1 1 win=${win}
      c>s 0.130 A  1 2 win=${win}
      c>s 30 PA 5001 2 50 win=${win}
      s>c 30.02 R 2`).rows[5]
  expect(beyond(60_000)?.server).toMatchObject({ state: 'CLOSED', rules: ['3.10.7.4/7-text/orphan'] })
  expect(beyond(500)?.server).toMatchObject({
    state: 'CLOSED',
    was: 'FIN_WAIT_2',
    rules: ['infer/gone', '3.10.7.1/ack'],
  })
})

describe('text for an end that had closed both halves', () => {
  it('ends it while its timer still runs', () =>
    expect(met(DATA(30))).toEqual({
      rules: ['3.10.7.4/7-text/orphan'],
      received: true,
      thrown: false,
      ended: ['CLOSED', 'packet', 30.01],
    }))
  it('met nothing once tcp_fin_timeout had run out', () => {
    const late = { rules: ['infer/orphan-timeout', '3.10.7.1/ack'], received: false, thrown: true }
    expect(met(DATA(70))).toMatchObject({ ...late, ended: ['CLOSED', 'timer', 60.14] })
    const short = { server: { 'net.ipv4.tcp_fin_timeout': '3' } }
    expect(met(DATA(30), short)).toMatchObject({ ...late, ended: ['CLOSED', 'timer', 3.14] })
  })
  it('is seen by its FIN, where the text itself was lost', () =>
    expect(met('c>s 30 FA 51 2\n s>c 30.02 R 2')).toMatchObject({
      rules: ['3.10.7.4/7-text/orphan'],
      received: true,
    }))
})

it('what no timer and no text explains is told without a reason, and not told to have been thrown away', () =>
  expect(met('c>s 30 FA 1 2\n s>c 30.02 R 2')).toMatchObject({
    rules: ['infer/gone', '3.10.7.1/ack'],
    received: null,
    thrown: false,
  }))

describe('the recordings', () => {
  const of = async (name: string, settings?: Circumstances['client']) => {
    const report = await analyze([`samples/${name}.pcap`], settings ? { sysctl: { client: settings } } : {})
    return { rows: report.flows[0]?.rows ?? [], findings: report.findings, spans: report.flows[0]?.spans }
  }

  it('client-close-wait: the kernel was in FIN_WAIT_2 until the data came', async () => {
    const { rows, findings, spans } = await of('client-close-wait')
    expect(rows[9]).toMatchObject({ received: true, server: { was: 'FIN_WAIT_2', state: 'CLOSED' } })
    expect(rows[9]?.server.rules).toContain('3.10.7.4/7-text/orphan')
    expect(spans?.server.at(-1)?.from).toBeCloseTo(4.046, 2)
    expect(findings.map(({ id }) => id)).not.toContain('fin-wait-2')
    // The client had the FIN for 2.93 s when it wrote.
    expect(findings.find(({ id }) => id === 'reset')?.causes).toEqual([
      { code: 'stale-connection', likelihood: 'likely' },
      { code: 'early-close', likelihood: 'possible' },
    ])
  })
  it('rst-data-after-close: the data followed the FIN at once', async () => {
    const { findings } = await of('rst-data-after-close')
    expect(findings.find(({ id }) => id === 'reset')?.causes).toEqual([
      { code: 'early-close', likelihood: 'likely' },
    ])
  })
  it('fin-wait-2-orphan-timeout: with the 3 s that its client was set to, it was gone before', async () => {
    const { rows, spans } = await of('fin-wait-2-orphan-timeout', { 'net.ipv4.tcp_fin_timeout': '3' })
    expect(rows[7]).toMatchObject({ received: false, client: { was: 'FIN_WAIT_2', state: 'CLOSED' } })
    expect(rows[7]?.client.rules).toEqual(['infer/orphan-timeout', '3.10.7.1/ack'])
    expect(spans?.client.at(-1)?.from).toBeCloseTo(3.46, 1)
  })
})
