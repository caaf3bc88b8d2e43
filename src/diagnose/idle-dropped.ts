/**
 * A connection that lay idle and is dead when somebody uses it again: a firewall, NAT or load balancer has forgotten
 * it meanwhile. RFC 5382 section 5 (REQ-5) asks them to wait 2 h 4 min; many wait a few minutes.
 */
import type { Finding, Flow, PacketRow } from '../report.js'
import { isOneWay } from './evidence.js'
import { lookAt } from './look.js'
import { about, held, inEachFlow, opposite, type Rule } from './rule.js'
import { unanswered } from './silence.js'

/** No device forgets a connection sooner, seconds. */
const IDLE = 30

function dropped(flow: Flow): Finding<'idle-dropped'> | null {
  const dead = unanswered(flow)
  if (dead === null || dead.idle < IDLE || isOneWay(flow) !== null) return null
  const { rows, left } = lookAt(flow)
  const [first] = dead.tries
  const before = first === undefined ? -1 : rows.indexOf(first)
  // The longest silence that it did survive.
  let survived = 0
  for (let k = 1; k < before; k++) {
    const [earlier, row] = [rows[k - 1] as PacketRow, rows[k] as PacketRow]
    if (!left.before.has(row)) survived = Math.max(survived, row.at - earlier.at)
  }
  return about(flow, opposite(dead.side), 'assumed', [rows[before - 1], ...dead.tries.slice(0, 6)], {
    id: 'idle-dropped',
    severity: 'problem',
    args: held(flow, dead.side, { seconds: dead.idle, survived }),
    causes: [
      { code: 'middlebox-timeout', likelihood: 'likely' },
      { code: 'absent-host', likelihood: 'possible' },
      { code: 'path-cut', likelihood: 'possible' },
    ],
  })
}

export const rule: Rule = {
  id: 'idle-dropped',
  severity: 'problem',
  ...inEachFlow('idle-dropped', dropped, () => ''),
  explains: ['dead-peer', 'packet-loss', 'reset', 'fin-wait-2'],
}
