/** A flood is one without answers too, and however short the capture; a capture of SYNs only is none for sure. */
import { describe, expect, it } from 'vitest'
import { diagnose } from '../../src/diagnose/index.js'
import type { Finding, Flow } from '../../src/report.js'
import { en } from '../../src/text/en/index.js'
import { describeFinding, sentenceOf } from '../../src/text/finding.js'
import { zh } from '../../src/text/zh/index.js'
import { flow, report, rows } from '../views/made.js'

const address = (n: number): string => `203.${n >> 16}.${(n >> 8) & 255}.${n & 255}`

/** A SYN at `at`, and its answer 1 ms later when there is one. */
const syn = (n: number, at: number, from = address(n), answered = false): Flow =>
  flow({
    flow: n,
    client: { address: from, port: 1024 + (n % 60_000), state: 'SYN_SENT', certainty: 'seen' },
    server: { address: '198.51.100.20', port: 80, state: 'CLOSED', certainty: 'assumed' },
    verdict: 'unanswered',
    capturedNear: { where: 'unknown', reason: { code: 'near-unknown' } },
    rows: rows([
      { at, from: 'client', flags: 'S', client: ['CLOSED', 'SYN_SENT'], server: 'CLOSED' },
      ...(answered
        ? [
            {
              at: at + 0.001,
              from: 'server' as const,
              flags: 'SA',
              ack: 1,
              client: 'SYN_SENT' as const,
              server: 'SYN_RECEIVED' as const,
            },
          ]
        : []),
    ]),
  })

const found = (flows: readonly Flow[], endAt: number, other = {}): readonly Finding[] => {
  const made = report(flows)
  return diagnose({ ...made, endAt, captures: made.captures.map((capture) => ({ ...capture, other })) })
}
const ids = (findings: readonly Finding[]): string[] => findings.map(({ id }) => id)

describe('2000 SYNs a second from as many addresses, without an answer', () => {
  const flows = Array.from({ length: 2000 }, (_, n) => syn(n, n / 2000))

  it('are a flood though nobody had the time to send a second SYN, and nothing else is said of them', () => {
    const findings = found(flows, 1)
    expect(ids(findings)).toEqual(['syn-flood'])
    expect(findings[0]).toMatchObject({
      severity: 'problem',
      certainty: 'assumed',
      args: { flows: 2000, addresses: 2000, answered: 0, more: 0, synsOnly: true, likely: true },
    })
    const [first] = findings
    if (first === undefined) return
    expect(sentenceOf(first, en)).toBe(
      'SYN flood on 198.51.100.20 port 80: 2000 SYNs from 2000 addresses in 1 s (2001 a second) whose senders never went on; no answer was captured: the server drops them, or the capture was taken before it. Only packets with SYN were captured on this port: whether connections came about is not known.',
    )
    expect(describeFinding(first, zh)).toMatch(/遭遇 SYN flood.*没有抓到任何应答/)
  })

  it('with those that the report sums up', () => {
    expect(found(flows, 1, { 'half-open-over-max-flows': 400_000 })[0]).toMatchObject({
      args: { more: 400_000 },
    })
  })

  it('are none while answers may still be on their way', () => {
    expect(ids(found(flows.slice(0, 1500), 0.76))).not.toContain('syn-flood')
  })

  it('are none when they come from a few clients that went on', () => {
    const few = Array.from({ length: 2000 }, (_, n) => syn(n, n / 2000, `10.0.0.${n % 200}`))
    expect(ids(found(few, 1))).not.toContain('syn-flood')
  })
})

it('a capture that holds nothing but SYNs and SYN+ACKs is told to be one', () => {
  const flows = Array.from({ length: 60 }, (_, n) => syn(n, n / 10, `10.0.0.${n % 6}`, true))
  const [flood] = found(flows, 20)
  expect(flood).toMatchObject({
    id: 'syn-flood',
    severity: 'warning',
    certainty: 'assumed',
    args: { likely: false },
    causes: [{ code: 'capture-filter', likelihood: 'likely' }, { code: 'attack' }],
  })
  if (flood === undefined) return
  expect(sentenceOf(flood, en)).toMatch(
    /^Perhaps a SYN flood on 198\.51\.100\.20 port 80: 60 SYNs from 6 addresses/,
  )
})

describe('ten SYNs, and thousands that the report sums up', () => {
  const summedUp = (count: number) => ({ 'half-open-over-max-flows': count })
  const last = Array.from({ length: 10 }, (_, n) => syn(n, 4.9 + n / 1000))

  it('are a flood, however young the last ones are', () => {
    expect(found(last, 5, summedUp(4990))[0]).toMatchObject({
      id: 'syn-flood',
      certainty: 'assumed',
      args: { flows: 10, more: 4990 },
    })
    expect(ids(found(last, 5))).not.toContain('syn-flood')
  })

  it('are a flood in half a second too, if they are very many', () => {
    const fast = last.map((flow, n) => ({ ...flow, startAt: 0.49 + n / 1000 }))
    expect(ids(found(fast, 0.5, summedUp(4990)))).toContain('syn-flood')
    expect(ids(found(fast, 0.5, summedUp(900)))).not.toContain('syn-flood')
    expect(ids(found(fast, 0.2, summedUp(4990)))).not.toContain('syn-flood')
  })

  it('are none when they were for many ports, or few', () => {
    const ports = last.map((flow, n) => ({ ...flow, server: { ...flow.server, port: 80 + n } }))
    expect(ids(found(ports, 5, summedUp(4990)))).not.toContain('syn-flood')
    const half = last.map((flow, n) => (n < 4 ? flow : { ...flow, server: { ...flow.server, port: 80 + n } }))
    expect(ids(found(half, 5, summedUp(4990)))).not.toContain('syn-flood')
    expect(ids(found(last, 5, summedUp(9)))).not.toContain('syn-flood')
  })
})

it('one SYN at the end of a capture is nothing yet', () => {
  expect(ids(found([syn(0, 0)], 1))).not.toContain('connect-timeout')
  expect(ids(found([syn(0, 0)], 2))).toContain('connect-timeout')
})
