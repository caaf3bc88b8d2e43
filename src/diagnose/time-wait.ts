/**
 * A pile of TIME_WAIT: the side that closes first keeps each connection for 2MSL (60 s on Linux). Told once for each host,
 * and only where the number means something. RFC 9293 section 3.6.1; RFC 6191.
 */
import { type Finding, type Flow, SIDES } from '../report.js'
import { finOf } from './evidence.js'
import { type Found, gathered } from './grouping.js'
import { type Held, Holding } from './holding.js'
import { PORTS, perSecond, TIME_WAIT } from './peak.js'
import { opposite, quoting, type Rule } from './rule.js'

/** A tenth of the ports that a client has: fewer, now or within a minute at the rate seen, are nobody's worry. */
const PILE = PORTS / 10

/** Each flow is looked at once, in order: there may be a million of them, far apart in memory. */
function holdings(flows: readonly Flow[]): Iterable<Holding> {
  const hosts = { client: new Map<string, Holding>(), server: new Map<string, Holding>() }
  for (const flow of flows) {
    for (const side of SIDES) {
      const waits = flow.spans[side].filter(({ state }) => state === 'TIME_WAIT')
      if (waits.length === 0) continue
      const host = flow[side].address
      const peer = flow[opposite(side)].address
      let holding = hosts[side].get(host)
      if (holding === undefined) {
        holding = new Holding(host, side, peer)
        hosts[side].set(host, holding)
      }
      holding.add(flow.flow, flow.startAt, peer, flow.server.port)
      for (const { from, to } of waits) holding.wait(from, to)
      const fin = holding.quotes ? finOf(flow, side) : undefined
      if (fin !== undefined) holding.quote(fin)
    }
  }
  return [...hosts.client.values(), ...hosts.server.values()]
}

/** What is worth a word of what hosts hold: those of clients first, each in the order of its first connection. */
export function pilesOf(all: Iterable<Held>): readonly Finding[] {
  const found: Found<'time-wait'>[] = []
  for (const { host, side, flows, peer, peers, port, seconds, peak, quoted } of all) {
    const rate = perSecond(flows.length, seconds)
    if (Math.max(peak, rate * TIME_WAIT) < PILE) continue
    const finding: Finding<'time-wait'> = {
      id: 'time-wait',
      severity: 'note',
      flow: null,
      flows,
      side,
      certainty: 'implied',
      ...quoting(quoted),
      args: {
        flows: flows.length,
        host,
        peer,
        hosts: 1,
        peers,
        port,
        peak,
        perSecond: rate,
      },
      causes:
        side === 'server'
          ? [
              { code: 'server-closes-first', likelihood: 'shown' },
              { code: 'short-connections', likelihood: 'likely' },
            ]
          : [{ code: 'short-connections', likelihood: 'likely' }],
    }
    found.push({ finding, client: host, service: host })
  }
  return gathered(found, ({ finding }) => `${finding.side}`)
}

export const rule: Rule = { id: 'time-wait', severity: 'note', find: ({ flows }) => pilesOf(holdings(flows)) }
