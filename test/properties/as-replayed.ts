/** A survey must come out as the full replay has it. */
import { expect } from 'vitest'
import { analyze } from '../../src/analyze.js'
import type { Flow, Report } from '../../src/report.js'
import { survey } from '../../src/survey.js'

/** What the table of flows and `flows --json` say. */
const said = (flow: Flow) => ({
  flow: flow.flow,
  outer: flow.outer,
  client: flow.client,
  server: flow.server,
  roles: flow.roles,
  start: flow.start,
  end: flow.end,
  startAt: flow.startAt,
  endAt: flow.endAt,
  packets: flow.packets,
  bytes: flow.bytes,
  communityId: flow.communityId,
  incarnation: flow.incarnation,
  beginsInMiddle: flow.beginsInMiddle,
  capturedNear: flow.capturedNear,
  calls: flow.calls,
  closedFirst: flow.closedFirst,
  verdict: flow.verdict,
})
export const comparable = ({ flows, ...rest }: Report) => ({ ...rest, flows: flows.map(said) })

export const same = async (file: string | readonly string[], options = {}): Promise<Report> => {
  const files = typeof file === 'string' ? [file] : file
  const short = await survey(files, options, 0)
  const whole = comparable(await analyze(files, options))
  expect(comparable(short)).toEqual(whole)
  // The same when no rows may stay once the rules have looked at a connection, and when all files are read again for the odd ones.
  expect(comparable(await survey(files, { ...options, places: 0 }, 0, 0))).toEqual(whole)
  return short
}

/** The same connections each time, unless others are asked for. */
export const seed = () =>
  process.env.PLAIN_SEED === undefined ? { seed: 20_261_123 } : { seed: Number(process.env.PLAIN_SEED) }
