/**
 * Many SYNs for one port whose senders never go on: nobody stands behind them. RFC 4987 section 2.
 *
 * A real client whose SYN+ACK is lost sends its SYN again; a spoofed one sends one SYN and nothing more.
 */
import type { Finding, Flow } from '../report.js'
import { isSyn, isSynAck, realRows } from './evidence.js'
import { distinct, type Rule, type Seen } from './rule.js'

/** Fewer are an accident. */
const FLOOD = 20

function floods({ flows, endAt }: Seen): readonly Finding[] {
  const ports = new Map<string, Flow[]>()
  for (const flow of flows) {
    const key = `${flow.server.address} ${flow.server.port}`
    const list = ports.get(key)
    if (list === undefined) ports.set(key, [flow])
    else list.push(flow)
  }
  return [...ports.values()].flatMap((all): Finding<'syn-flood'>[] => {
    const lone = all.filter((flow) => isLoneSyn(flow, endAt))
    const [first] = lone
    const last = lone.at(-1)
    if (lone.length < FLOOD || lone.length < all.length / 2 || first === undefined || last === undefined)
      return []
    const answered = lone.filter((flow) => flow.rows.some(isSynAck)).length
    const clients = distinct(lone.map(({ client }) => client.address))
    return [
      {
        id: 'syn-flood',
        severity: 'problem',
        flow: null,
        flows: lone.map(({ flow }) => flow),
        side: 'server',
        certainty: answered > 0 ? 'implied' : 'assumed',
        packets: lone.slice(0, 24).flatMap(({ rows }) => rows.slice(0, 1).map(({ packet }) => packet)),
        args: {
          flows: lone.length,
          client: clients.length === 1 ? (clients[0] ?? null) : null,
          server: first.server.address,
          port: first.server.port,
          addresses: clients.length,
          seconds: last.startAt - first.startAt,
          answered,
        },
        causes: [
          { code: 'attack', likelihood: 'likely' },
          { code: 'broken-return-path', likelihood: 'possible' },
          { code: 'load-test', likelihood: 'possible' },
        ],
      },
    ]
  })
}

/**
 * One SYN and, for as long as a client takes to send it again, nothing more from it; or SYN+ACKs alone, for an address
 * that somebody else has used.
 */
function isLoneSyn(flow: Flow, endAt: number): boolean {
  const rows = realRows(flow)
  const own = rows.filter(({ from }) => from === 'client')
  const [first] = rows
  return (
    first !== undefined &&
    endAt - first.at > 1.2 &&
    flow.icmp.length === 0 &&
    own.length <= 1 &&
    own.every(isSyn) &&
    rows.every((row) => row.from === 'client' || isSynAck(row))
  )
}

export const rule: Rule = {
  id: 'syn-flood',
  severity: 'problem',
  find: floods,
  explains: ['connect-timeout', 'capture-partial', 'scan'],
}
