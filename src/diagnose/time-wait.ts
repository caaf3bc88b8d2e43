/**
 * A pile of TIME_WAIT: the side that closes first keeps each connection for 2MSL (60 s on Linux).
 * RFC 9293 section 3.6.1; RFC 6191.
 */
import type { Finding, Flow, Side, StateSpan } from '../report.js'
import { finOf } from './evidence.js'
import { peakOf } from './peak.js'
import { opposite, type Rule, type Seen } from './rule.js'

/** Fewer at one time are nobody's worry. */
const PILE = 10

const SIDES = ['client', 'server'] as const

/** What one host holds for one port, on one side. */
interface Holding {
  readonly first: Flow
  readonly side: Side
  readonly flows: number[]
  readonly waits: StateSpan[]
  readonly peers: Set<string>
  /** Evidence: the FINs of the first ones. */
  readonly quoted: number[]
}

/** FINs that are quoted. */
const QUOTED = 24

/** Each flow is looked at once, in order: there may be a million of them, far apart in memory. */
function holdings(flows: readonly Flow[]): Holding[] {
  const hosts = new Map<string, Map<number, Holding>>()
  const all: Holding[] = []
  for (const flow of flows) {
    for (const side of SIDES) {
      const waits = flow.spans[side].filter(({ state }) => state === 'TIME_WAIT')
      if (waits.length === 0) continue
      const ports = hosts.get(flow[side].address) ?? new Map<number, Holding>()
      if (ports.size === 0) hosts.set(flow[side].address, ports)
      const key = side === 'client' ? flow.server.port : -1 - flow.server.port
      let holding = ports.get(key)
      if (holding === undefined) {
        holding = { first: flow, side, flows: [], waits: [], peers: new Set(), quoted: [] }
        ports.set(key, holding)
        all.push(holding)
      }
      if (holding.flows.length < QUOTED) {
        const fin = finOf(flow, side)
        if (fin !== undefined) holding.quoted.push(fin.packet)
      }
      holding.flows.push(flow.flow)
      holding.waits.push(...waits)
      holding.peers.add(flow[opposite(side)].address)
    }
  }
  return all
}

function piles({ flows }: Seen): readonly Finding[] {
  return holdings(flows).flatMap(({ first, side, flows, waits, peers, quoted }): Finding<'time-wait'>[] => {
    const peak = peakOf(waits)
    if (peak < PILE) return []
    const [peer] = peers
    return [
      {
        id: 'time-wait',
        severity: 'note',
        flow: null,
        flows,
        side,
        certainty: 'implied',
        packets: quoted,
        args: {
          flows: flows.length,
          host: first[side].address,
          peer: peers.size === 1 ? (peer ?? null) : null,
          port: first.server.port,
          peak,
        },
        causes:
          side === 'server'
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
