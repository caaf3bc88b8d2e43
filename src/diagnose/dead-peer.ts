/**
 * The peer does not answer any more: keep-alives, retransmissions, window probes or a FIN in vain.
 * RFC 9293 sections 3.8.3, 3.8.4, 3.8.6.1. Linux gives up after tcp_retries2 or tcp_keepalive_probes with ETIMEDOUT.
 */
import type { Finding, Flow } from '../report.js'
import { isOneWay, isReset, realRows } from './evidence.js'
import { about, held, inEachFlow, opposite, type Rule } from './rule.js'
import { unanswered } from './silence.js'

function silent(flow: Flow): Finding<'dead-peer'> | null {
  const dead = unanswered(flow)
  if (dead === null || isOneWay(flow) !== null) return null
  const [first] = dead.tries
  const last = dead.tries.at(-1)
  const reset = realRows(flow).find((row) => row.from === dead.side && isReset(row) && row.at > dead.heardAt)
  const call = flow.calls.find(({ side, errno }) => side === dead.side && errno === 'ETIMEDOUT')
  const error = flow.icmp.find(({ to, at }) => to === dead.side && at > dead.heardAt)
  const gaveUp = reset !== undefined || (call !== undefined && call.packet !== null)
  return about(flow, opposite(dead.side), 'implied', [...dead.tries.slice(0, 10), error, reset], {
    id: 'dead-peer',
    // A FIN in vain keeps a socket for a while; no application waits for it.
    severity: dead.by === 'fin' ? 'warning' : 'problem',
    args: held(flow, dead.side, {
      by: dead.by,
      // Of data the first copy was sent as usual; only the others are tries.
      tries: dead.tries.length - (dead.by === 'retransmission' ? 1 : 0),
      seconds: (last?.at ?? 0) - (first?.at ?? 0),
      gaveUp,
    }),
    causes: [
      { code: 'path-cut', likelihood: error === undefined ? 'possible' : 'likely' },
      { code: 'absent-host', likelihood: 'possible' },
      { code: 'dropping-firewall', likelihood: 'possible' },
      { code: 'middlebox-timeout', likelihood: 'possible' },
    ],
  })
}

export const rule: Rule = {
  id: 'dead-peer',
  severity: 'problem',
  ...inEachFlow('dead-peer', silent, ({ by }) => `${by}`),
  explains: [
    'packet-loss',
    'keep-alive',
    'fin-wait-2',
    'close-wait',
    'reset',
    'zero-window',
    'capture-partial',
  ],
}
