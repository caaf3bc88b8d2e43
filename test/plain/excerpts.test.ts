/** What rules over many flows ask of one must be the same when most of its rows are gone: on every sample. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { analyze } from '../../src/analyze.js'
import { DIAGNOSES } from '../../src/diagnose/index.js'
import { lostWhileOpen } from '../../src/diagnose/lost-elsewhere.js'
import { Excerpts } from '../../src/plain/excerpts.js'
import type { Flow } from '../../src/report.js'

const samples = readdirSync('samples', { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.pcap(ng)?$/.test(name),
)

/** Rules that look at all flows together. */
const OVER_ALL = DIAGNOSES.filter(({ each }) => each === undefined)

const restOf = (flow: Flow): string => {
  const { calls, capturedNear, client, closedFirst, communityId, icmp, server, spans, timers, verdict } = flow
  const { bytes, end, endAt, incarnation, outer, packets, roles, start, startAt, beginsInMiddle } = flow
  const ends = { client, server, spans, timers, calls, capturedNear, closedFirst, verdict, icmp, communityId }
  return JSON.stringify({
    ...ends,
    bytes,
    end,
    endAt,
    incarnation,
    outer,
    packets,
    roles,
    start,
    startAt,
    beginsInMiddle,
  })
}

it.each(samples)('%s', async (name) => {
  const report = await analyze([join('samples', name)])
  const excerpts = new Excerpts()
  const brief = { ...report, flows: report.flows.map((flow) => excerpts.of(flow)) }
  for (const rule of OVER_ALL) expect(rule.find(brief)).toEqual(rule.find(report))
  expect(brief.flows.map(lostWhileOpen)).toEqual(report.flows.map(lostWhileOpen))
  // All but the rows is what it was, to the order of members.
  expect(brief.flows.map(restOf)).toEqual(report.flows.map(restOf))
})

it('there are such rules, and rows that go', async () => {
  expect(OVER_ALL.length).toBeGreaterThan(4)
  const { flows } = await analyze(['samples/data-loss-rto.pcap'])
  const [flow] = flows
  if (flow === undefined) throw new Error('no flow')
  expect(new Excerpts().of(flow).rows.length).toBeLessThan(flow.rows.length)
})
