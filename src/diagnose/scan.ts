/** One client that tries many ports or hosts and uses none of them. */
import type { Finding, Flow } from '../report.js'
import { isReset, isSyn, isSynAck } from './evidence.js'
import { distinct, quoting, type Rule, type Seen } from './rule.js'

/** So many different ports of one host, or hosts, are no accident. */
const SCAN = 15

type Outcome = 'open' | 'refused' | 'silent' | null

function scans({ flows }: Seen): readonly Finding[] {
  const clients = new Map<string, Flow[]>()
  for (const flow of flows) {
    const list = clients.get(flow.client.address)
    if (list === undefined) clients.set(flow.client.address, [flow])
    else list.push(flow)
  }
  return [...clients].flatMap(([client, all]): Finding<'scan'>[] => {
    // Most clients do not even know so many: what became of their connections need not be looked at.
    if (!isMany(all)) return []
    const tried = all
      .map((flow) => ({ flow, outcome: outcomeOf(flow) }))
      .filter(({ outcome }) => outcome !== null)
    if (tried.length < 0.7 * all.length || !isMany(tried.map(({ flow }) => flow))) return []
    const hosts = distinct(tried.map(({ flow }) => flow.server.address))
    const ports = distinct(tried.map(({ flow }) => flow.server.port))
    const count = (which: Outcome) => tried.filter(({ outcome }) => outcome === which).length
    return [
      {
        id: 'scan',
        severity: 'warning',
        flow: null,
        flows: tried.map(({ flow }) => flow.flow),
        side: 'client',
        certainty: 'implied',
        ...quoting(tried.slice(0, 24).map(({ flow }) => flow.rows[0])),
        args: {
          flows: tried.length,
          client,
          clients: 1,
          servers: hosts.length,
          server: hosts.length === 1 ? (hosts[0] ?? null) : null,
          port: ports.length === 1 ? (ports[0] ?? null) : null,
          hosts: hosts.length,
          ports: ports.length,
          open: count('open'),
          refused: count('refused'),
          silent: count('silent'),
        },
        causes: [
          { code: 'port-scanner', likelihood: 'likely' },
          { code: 'misconfigured-client', likelihood: 'possible' },
        ],
      },
    ]
  })
}

/** They go to so many servers and ports. */
function isMany(flows: readonly Flow[]): boolean {
  const targets = new Set<string>()
  for (const { server } of flows)
    if (targets.add(`${server.address} ${server.port}`).size >= SCAN) return true
  return false
}

/** Null: a connection that was used. */
function outcomeOf(flow: Flow): Outcome {
  if (flow.bytes > 0) return null
  const { rows } = flow
  if (!rows.some((row) => row.from === 'client' && isSyn(row))) return null
  if (rows.some((row) => row.from === 'server' && isSynAck(row))) return 'open'
  return rows.some((row) => row.from === 'server' && isReset(row)) ? 'refused' : 'silent'
}

export const rule: Rule = {
  id: 'scan',
  severity: 'warning',
  find: scans,
  explains: ['connect-refused', 'connect-timeout', 'connect-unreachable', 'reset', 'capture-point'],
}
