/** What the page is given, and what is left out of it. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Flow, Report } from '../../../src/report.js'
import { hostCounts } from '../../../src/views/html/counts.js'
import { documentOf, islandOf, policyOf } from '../../../src/views/html/document.js'
import { pack } from '../../../src/views/html/pack.js'
import { unpack } from '../../../src/views/html/page/unpack.js'
import { chosenFlows, chosenRows, LIMITS, rowsEach } from '../../../src/views/html/selection.js'
import { flow, report, rows, span } from '../made.js'
import * as stories from '../stories.js'

const all = Object.values(stories).map((story, index): Flow => ({ ...story, flow: index }))
const options = { language: 'en', spelling: 'netstat', typed: 'a.pcap' } as const

describe('pack and unpack', () => {
  it('give the same report back', () => {
    const whole = report(all, { names: { '192.0.2.10': 'client.example', '203.0.113.9': 'nobody.example' } })
    const back = unpack(JSON.parse(JSON.stringify(pack(whole, options)))).report
    expect(back.flows).toEqual(whole.flows)
    expect({ ...back, flows: [], names: {} }).toMatchObject({ ...whole, flows: [], names: {} })
  })

  it('keep only names of addresses in the page', () => {
    const names = { '192.0.2.10': 'client.example', '203.0.113.9': 'nobody.example' }
    expect(pack(report(all, { names }), options).names).toEqual({ '192.0.2.10': 'client.example' })
  })
})

const data = (packets: number, changedAt: number): Flow =>
  flow({
    rows: rows(
      Array.from({ length: packets }, (_, index) => ({
        at: index / 100,
        from: 'client' as const,
        flags: 'A',
        len: 100,
        client: index === changedAt ? (['ESTABLISHED', 'FIN_WAIT_1'] as const) : ('ESTABLISHED' as const),
        server: 'ESTABLISHED' as const,
      })),
    ),
  })

describe('rows of a long connection', () => {
  it('keep the change and the end, and say where the others stood', () => {
    const { kept, gaps } = chosenRows(data(100, 50).rows, 20)
    // 20 of 100: the change at #51, the last tenth of 20 (two), and the first 17.
    expect(kept.map(({ packet }) => packet)).toEqual([
      ...Array.from({ length: 17 }, (_, n) => n + 1),
      51,
      99,
      100,
    ])
    expect(gaps).toEqual([
      { before: 17, count: 33, first: 18, last: 50 },
      { before: 18, count: 47, first: 52, last: 98 },
    ])
  })

  it('are all there when they fit', () => {
    const { rows: whole } = data(20, 3)
    expect(chosenRows(whole, 20)).toEqual({ kept: whole, gaps: [] })
  })

  it('lose nothing: kept and left out add up, in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1, max: 120 }), (packets, most) => {
        const { kept, gaps } = chosenRows(data(packets, Math.floor(packets / 2)).rows, most)
        const numbers = kept.map(({ packet }) => packet)
        expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
        expect(kept.length).toBe(Math.min(packets, most))
        expect(kept.length + gaps.reduce((sum, { count }) => sum + count, 0)).toBe(packets)
      }),
    )
  })

  it('share what all connections may have; the small ones keep everything', () => {
    const flows = [data(10, 0), data(500, 0), data(800, 0)]
    // 610 in all: 10 for the first, 300 for each of the others.
    expect(rowsEach(flows, { ...LIMITS, allRows: 610 })).toBe(300)
    expect(rowsEach(flows, LIMITS)).toBe(LIMITS.rows)
  })
})

describe('connections of a large capture', () => {
  const quiet = Array.from(
    { length: 9 },
    (_, index): Flow => ({ ...stories.normal, flow: index, verdict: 'closed' }),
  )
  const made = (flows: readonly Flow[], found: Partial<Report> = {}): Report => report(flows, found)

  it('keep the worst verdicts, in their own order', () => {
    const flows = quiet.map((each) => (each.flow === 7 ? { ...each, verdict: 'refused' as const } : each))
    expect(chosenFlows(made(flows), 3).map((each) => each.flow)).toEqual([0, 1, 7])
  })

  it('keep what a finding is about', () => {
    const finding = {
      id: 'half-open',
      severity: 'problem',
      flow: null,
      flows: [5, 8],
      side: null,
      certainty: 'seen',
      packets: [],
      args: {},
      causes: [],
    } as unknown as Report['findings'][number]
    expect(chosenFlows(made(quiet, { findings: [finding] }), 3).map((each) => each.flow)).toEqual([0, 5, 8])
  })

  it('are counted where they are left out', () => {
    const { leftOut, allFlows, flows } = pack(made(quiet), { ...options, limits: { ...LIMITS, flows: 4 } })
    expect([leftOut.flows, allFlows, flows.length]).toEqual([5, 9, 4])
  })
})

describe('sockets over time', () => {
  const one = (from: number, to: number | null, end: Partial<Flow> = {}): Flow =>
    flow({
      rows: [],
      spans: { client: [span('ESTABLISHED', from, to)], server: [span('CLOSED', null, null)] },
      ...end,
    })

  it('count by hand', () => {
    const { hosts } = hostCounts(report([one(1, 3), one(2, 5), one(4, null)], { endAt: 10 }), 9)
    // 1 at 1 s, 2 at 2 s, 1 at 3 s, 2 at 4 s, 1 from 5 s on.
    expect(hosts).toEqual([
      {
        host: '192.0.2.10',
        step: null,
        states: [{ state: 'ESTABLISHED', peak: 2, times: [0, 1, 2, 3, 4, 5], counts: [0, 1, 2, 1, 2, 1] }],
      },
    ])
  })

  it('one that goes on at the same moment is not there twice', () => {
    const { hosts } = hostCounts(report([one(1, 3), one(3, 5)], { endAt: 10 }), 9)
    expect(hosts[0]?.states[0]).toMatchObject({ peak: 1, times: [0, 1, 3, 5], counts: [0, 1, 1, 0] })
  })

  it('with too many steps give the highest number of each part, and say so', () => {
    const many = Array.from({ length: 2000 }, (_, n) => one(n / 2, n / 2 + 0.3))
    const burst = Array.from({ length: 5 }, () => one(500.31, 500.32))
    const { hosts } = hostCounts(report([...many, ...burst], { endAt: 1000 }), 9)
    expect(hosts[0]?.step).toBeCloseTo(1000 / 600)
    expect(hosts[0]?.states[0]?.peak).toBe(5)
    expect(Math.max(...(hosts[0]?.states[0]?.counts ?? []))).toBe(5)
    expect(hosts[0]?.states[0]?.times.length).toBeLessThanOrEqual(600)
  })

  it('begin with the earliest packet, also where a later capture holds it', () => {
    const early = one(-5, -2, { startAt: -5 })
    const { hosts } = hostCounts(report([one(1, 3), early], { endAt: 10 }), 9)
    expect(hosts[0]?.states[0]).toMatchObject({ times: [-5, -2, 1, 3], counts: [1, 0, 1, 0] })
  })

  it('leave out hosts with the fewest sockets', () => {
    const other = { ...one(1, 2), client: { ...stories.normal.client, address: '192.0.2.99' } }
    const { hosts, leftOut } = hostCounts(report([one(1, 3), one(1, 3), other], { endAt: 10 }), 1)
    expect([hosts.map(({ host }) => host), leftOut]).toEqual([['192.0.2.10'], 1])
  })
})

describe('the document', () => {
  const assets = { script: 'console.log("page")', style: 'body{margin:0}' }

  it('holds hostile text only where no markup can come of it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.constantFrom('</script>', '<!--<script>', ']]>', '\u2028'),
        ),
        (text) => {
          const island = islandOf({ text })
          expect(island).not.toMatch(/[<>&\u2028\u2029]/)
          expect(JSON.parse(island)).toEqual({ text: JSON.parse(JSON.stringify(text)) })
        },
      ),
    )
    const [capture] = report(all).captures
    const captures =
      capture === undefined ? [] : [{ ...capture, file: '/tmp/</title><script>alert(1)</script>.pcap' }]
    const html = documentOf(pack(report(all, { captures }), options), assets)
    expect(html.match(/<script/g)).toHaveLength(2)
    expect(html).toContain('<title>script&#62;.pcap - bothends</title>')
  })

  it('allows its own script and style by their hashes, and nothing else', () => {
    const hash = (text: string): string => createHash('sha256').update(text).digest('base64')
    expect(policyOf(assets)).toBe(
      `default-src 'none'; script-src 'sha256-${hash(assets.script)}'; style-src 'sha256-${hash(assets.style)}'; base-uri 'none'; form-action 'none'`,
    )
    expect(documentOf(pack(report(all), options), assets)).not.toMatch(/unsafe|https?:/)
  })
})
