/**
 * A pile of TIME_WAIT: the side that closes first keeps each connection for 2MSL (60 s on Linux).
 * RFC 9293 section 3.6.1; RFC 6191.
 */
import type { Finding, Flow, Side } from '../report.js'
import { finOf } from './evidence.js'
import { peakOf } from './peak.js'
import { distinct, opposite, type Rule, type Seen } from './rule.js'

/** Fewer at one time are nobody's worry. */
const PILE = 10

const SIDES = ['client', 'server'] as const

function piles({ flows }: Seen): readonly Finding[] {
  // By host, then by port and side: there may be a million flows, and no key to make for each.
  const hosts = new Map<string, Map<number, { flow: Flow; side: Side }[]>>()
  const lists: { flow: Flow; side: Side }[][] = []
  for (const flow of flows) {
    for (const side of SIDES) {
      if (!flow.spans[side].some(({ state }) => state === 'TIME_WAIT')) continue
      const { address } = flow[side]
      const ports = hosts.get(address) ?? new Map<number, { flow: Flow; side: Side }[]>()
      if (ports.size === 0) hosts.set(address, ports)
      const key = side === 'client' ? flow.server.port : -1 - flow.server.port
      const list = ports.get(key)
      if (list !== undefined) list.push({ flow, side })
      else {
        const begun = [{ flow, side }]
        ports.set(key, begun)
        lists.push(begun)
      }
    }
  }
  return lists.flatMap((holding): Finding<'time-wait'>[] => {
    const [first] = holding
    const peak = peakOf(
      holding.flatMap(({ flow, side }) => flow.spans[side].filter(({ state }) => state === 'TIME_WAIT')),
    )
    if (first === undefined || peak < PILE) return []
    const peers = distinct(holding.map(({ flow, side }) => flow[opposite(side)].address))
    return [
      {
        id: 'time-wait',
        severity: 'note',
        flow: null,
        flows: holding.map(({ flow }) => flow.flow),
        side: first.side,
        certainty: 'implied',
        packets: holding.slice(0, 24).flatMap(({ flow, side }) => finOf(flow, side)?.packet ?? []),
        args: {
          flows: holding.length,
          host: first.flow[first.side].address,
          peer: peers.length === 1 ? (peers[0] ?? null) : null,
          port: first.flow.server.port,
          peak,
        },
        causes:
          first.side === 'server'
            ? [
                { code: 'server-closes-first', likelihood: 'shown' },
                { code: 'short-connections', likelihood: 'likely' },
              ]
            : [{ code: 'short-connections', likelihood: 'likely' }],
      },
    ]
  })
}

export const rule: Rule = { id: 'time-wait', severity: 'note', find: piles }
