/** connect() returned ECONNREFUSED: somebody said no. RFC 9293 section 3.10.7.1; Linux tcp_reset(), icmp_err_convert[]. */
import type { Finding, Flow } from '../report.js'
import { isReset, isSyn } from './evidence.js'
import { othersGotThrough } from './neighbours.js'
import { about, attempt, inEachFlow, type Rule, type Seen } from './rule.js'

function refused(flow: Flow, seen: Seen): Finding<'connect-refused'> | null {
  const call = flow.calls.find(({ call, errno }) => call === 'connect' && errno === 'ECONNREFUSED')
  if (call === undefined) return null
  const syn = flow.rows.find(isSyn)
  const error = flow.icmp.find(({ packet }) => packet === call.packet)
  const reset = flow.rows.find((row) => row.packet === call.packet && isReset(row))
  const by = error !== undefined ? 'icmp' : reset !== undefined ? 'reset' : null
  const served = othersGotThrough(flow, seen)
  return about(flow, 'client', call.certainty, [syn, call], {
    id: 'connect-refused',
    severity: 'problem',
    args: attempt(flow, { by, router: error?.router ?? null }),
    causes:
      by === 'icmp'
        ? [{ code: 'rejecting-firewall', likelihood: 'likely' }]
        : served
          ? [
              { code: 'restarting-service', likelihood: 'likely' },
              { code: 'rejecting-firewall', likelihood: 'possible' },
            ]
          : [
              { code: 'closed-port', likelihood: 'likely' },
              { code: 'wrong-address', likelihood: 'possible' },
              { code: 'rejecting-firewall', likelihood: 'possible' },
            ],
  })
}

export const rule: Rule = {
  id: 'connect-refused',
  severity: 'problem',
  ...inEachFlow('connect-refused', refused, ({ by, router }) => `${by} ${router}`),
}
