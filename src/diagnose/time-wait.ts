/**
 * A pile of TIME_WAIT: the side that closes first keeps each connection for 2MSL (60 s on Linux). Told once for each host,
 * and only where the number means something. RFC 9293 section 3.6.1; RFC 6191.
 */
import type { Finding, Flow, Side, StateSpan } from '../report.js'
import { finOf } from './evidence.js'
import { type Found, gathered } from './grouping.js'
import { PORTS, peakOf, perSecond, TIME_WAIT } from './peak.js'
import { opposite, type Rule, type Seen } from './rule.js'

/** A tenth of the ports that a client has: fewer, now or within a minute at the rate seen, are nobody's worry. */
const PILE = PORTS / 10

const SIDES = ['client', 'server'] as const

/** What one host holds on one side. */
interface Holding {
  readonly first: Flow
  readonly side: Side
  readonly flows: number[]
  readonly waits: StateSpan[]
  readonly peers: Set<string>
  readonly ports: Set<number>
  lastAt: number
  /** Evidence: the FINs of the first ones. */
  readonly quoted: number[]
}

/** FINs that are quoted. */
const QUOTED = 24

/** Each flow is looked at once, in order: there may be a million of them, far apart in memory. */
function holdings(flows: readonly Flow[]): Iterable<Holding> {
  const hosts = { client: new Map<string, Holding>(), server: new Map<string, Holding>() }
  for (const flow of flows) {
    for (const side of SIDES) {
      const waits = flow.spans[side].filter(({ state }) => state === 'TIME_WAIT')
      if (waits.length === 0) continue
      const host = flow[side].address
      let holding = hosts[side].get(host)
      if (holding === undefined) {
        holding = {
          first: flow,
          side,
          flows: [],
          waits: [],
          peers: new Set(),
          ports: new Set(),
          lastAt: flow.startAt,
          quoted: [],
        }
        hosts[side].set(host, holding)
      }
      if (holding.flows.length < QUOTED) {
        const fin = finOf(flow, side)
        if (fin !== undefined) holding.quoted.push(fin.packet)
      }
      holding.flows.push(flow.flow)
      holding.waits.push(...waits)
      holding.peers.add(flow[opposite(side)].address)
      holding.ports.add(flow.server.port)
      holding.lastAt = flow.startAt
    }
  }
  return [...hosts.client.values(), ...hosts.server.values()]
}

function piles({ flows }: Seen): readonly Finding[] {
  const found: Found<'time-wait'>[] = []
  for (const { first, side, flows: own, waits, peers, ports, lastAt, quoted } of holdings(flows)) {
    const rate = perSecond(own.length, lastAt - first.startAt)
    const peak = peakOf(waits)
    if (Math.max(peak, rate * TIME_WAIT) < PILE) continue
    const [peer] = peers
    const host = first[side].address
    const finding: Finding<'time-wait'> = {
      id: 'time-wait',
      severity: 'note',
      flow: null,
      flows: own,
      side,
      certainty: 'implied',
      packets: quoted,
      args: {
        flows: own.length,
        host,
        peer: peers.size === 1 ? (peer ?? null) : null,
        hosts: 1,
        peers: peers.size,
        port: ports.size === 1 ? first.server.port : null,
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

export const rule: Rule = { id: 'time-wait', severity: 'note', find: piles }
