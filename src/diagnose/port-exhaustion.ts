/**
 * A client that runs out of ports towards one server: every closed connection keeps its port in TIME_WAIT for 60 s,
 * and net.ipv4.ip_local_port_range has 28232 of them. connect() then returns EADDRNOTAVAIL, and no packet is sent.
 */
import type { Finding, Flow } from '../report.js'
import { type Found, foundIn, gathered } from './grouping.js'
import { PORTS, peakOf, perSecond, TIME_WAIT } from './peak.js'
import { quoting, type Rule, type Seen } from './rule.js'

/** From this share of the range on, by count or at the rate seen. */
const SHARE = 0.5
const FULL = 0.9
/** A rate that was seen for so many seconds will last; less may have been a burst. */
const SUSTAINED = 10

function exhausted({ flows }: Seen): readonly Finding[] {
  const routes = new Map<string, Flow[]>()
  for (const flow of flows) {
    if (!flow.spans.client.some(({ state }) => state === 'TIME_WAIT')) continue
    const key = `${flow.client.address} ${flow.server.address} ${flow.server.port}`
    const list = routes.get(key) ?? []
    list.push(flow)
    routes.set(key, list)
  }
  const found = [...routes.values()].flatMap((all): Found<'port-exhaustion'>[] => {
    const [first] = all
    const last = all.at(-1)
    if (first === undefined || last === undefined) return []
    const peak = peakOf(all.flatMap(({ spans }) => spans.client.filter(({ state }) => state === 'TIME_WAIT')))
    const rate = perSecond(all.length, last.startAt - first.startAt)
    const share = Math.max(peak, rate * TIME_WAIT) / PORTS
    if (share < SHARE) return []
    const sure = last.startAt - first.startAt >= SUSTAINED
    const finding: Finding<'port-exhaustion'> = {
      id: 'port-exhaustion',
      severity: (sure ? share : peak / PORTS) >= FULL ? 'problem' : 'warning',
      flow: null,
      flows: all.map(({ flow }) => flow),
      side: 'client',
      certainty: 'assumed',
      ...quoting(all.slice(-24).map(({ rows }) => rows[0])),
      args: {
        flows: all.length,
        client: first.client.address,
        server: first.server.address,
        clients: 1,
        servers: 1,
        port: first.server.port,
        peak,
        perSecond: rate,
        range: PORTS,
      },
      causes: [
        { code: 'short-connections', likelihood: 'likely' },
        { code: 'single-destination', likelihood: 'possible' },
      ],
    }
    return [foundIn(finding, first)]
  })
  return gathered(found, ({ finding }) => finding.severity)
}

export const rule: Rule = {
  id: 'port-exhaustion',
  severity: 'problem',
  find: exhausted,
  explains: ['time-wait'],
}
