/** Only one direction was captured: the other end's packets took another way, or a filter left them out. */
import type { Finding, Flow } from '../report.js'
import { isOneWay } from './evidence.js'
import { about, inEachFlow, type Rule } from './rule.js'

function oneWay(flow: Flow): Finding<'capture-one-way'> | null {
  const side = isOneWay(flow)
  if (side === null) return null
  return about(flow, side, 'implied', flow.rows.slice(0, 4), {
    id: 'capture-one-way',
    severity: 'warning',
    args: { flows: 1, host: flow[side].address },
    causes: [
      { code: 'asymmetric-path', likelihood: 'likely' },
      { code: 'capture-filter', likelihood: 'possible' },
    ],
  })
}

export const rule: Rule = {
  id: 'capture-one-way',
  severity: 'warning',
  ...inEachFlow('capture-one-way', oneWay, () => ''),
  explains: [
    'connect-timeout',
    'handshake-not-completed',
    'packet-loss',
    'dead-peer',
    'idle-dropped',
    'not-captured',
    'half-open',
    'close-wait',
    'fin-wait-2',
    'capture-partial',
    'slow-connect',
  ],
}
