/**
 * A client that runs out of ports towards one server: every closed connection keeps its port in TIME_WAIT for 60 s,
 * and net.ipv4.ip_local_port_range has 28232 of them. connect() then returns EADDRNOTAVAIL, and no packet is sent.
 */
import type { Finding, Flow } from '../report.js'
import { peakOf } from './peak.js'
import type { Rule, Seen } from './rule.js'

/** 32768 to 60999, the default of Linux. */
const RANGE = 28_232
/** Length of TIME_WAIT, seconds. */
const TIME_WAIT = 60
/** From this share of the range on, by count or at the rate seen. */
const SHARE = 0.5
/** A rate needs this much to be one. */
const LEAST = { flows: 200, seconds: 1 }

function exhausted({ flows }: Seen): readonly Finding[] {
  const routes = new Map<string, Flow[]>()
  for (const flow of flows) {
    if (!flow.spans.client.some(({ state }) => state === 'TIME_WAIT')) continue
    const key = `${flow.client.address} ${flow.server.address} ${flow.server.port}`
    const list = routes.get(key) ?? []
    list.push(flow)
    routes.set(key, list)
  }
  return [...routes.values()].flatMap((all): Finding<'port-exhaustion'>[] => {
    const [first] = all
    const last = all.at(-1)
    if (first === undefined || last === undefined) return []
    const peak = peakOf(all.flatMap(({ spans }) => spans.client.filter(({ state }) => state === 'TIME_WAIT')))
    const seconds = last.startAt - first.startAt
    const perSecond = all.length >= LEAST.flows && seconds >= LEAST.seconds ? all.length / seconds : 0
    const share = Math.max(peak, perSecond * TIME_WAIT) / RANGE
    if (share < SHARE) return []
    return [
      {
        id: 'port-exhaustion',
        severity: share >= 0.9 ? 'problem' : 'warning',
        flow: null,
        flows: all.map(({ flow }) => flow),
        side: 'client',
        certainty: 'assumed',
        packets: all.slice(-24).flatMap(({ rows }) => rows.slice(0, 1).map(({ packet }) => packet)),
        args: {
          flows: all.length,
          client: first.client.address,
          server: first.server.address,
          port: first.server.port,
          peak,
          perSecond,
          range: RANGE,
        },
        causes: [
          { code: 'short-connections', likelihood: 'likely' },
          { code: 'single-destination', likelihood: 'possible' },
        ],
      },
    ]
  })
}

export const rule: Rule = { id: 'port-exhaustion', severity: 'problem', find: exhausted }
