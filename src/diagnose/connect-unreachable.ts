/** An ICMP error ended connect(). RFC 1122 section 4.2.3.9, RFC 5461 section 4; Linux tcp_v4_err(). */
import type { Finding, Flow } from '../report.js'
import { isSyn } from './evidence.js'
import { about, attempt, inEachFlow, type Rule } from './rule.js'

function unreachable(flow: Flow): Finding<'connect-unreachable'> | null {
  const call = flow.calls.find(
    ({ call, side, errno }) =>
      call === 'connect' && side === 'client' && errno !== 'ECONNREFUSED' && errno !== 'ETIMEDOUT',
  )
  const error = flow.icmp.findLast(({ to, packet }) => to === 'client' && (call?.packet ?? packet) === packet)
  if (call === undefined || error === undefined) return null
  const prohibited = /prohibited|policy|rejected/.test(error.name)
  const noRoute = /net|route/.test(error.name)
  return about(flow, 'client', call.certainty, [flow.rows.find(isSyn), error], {
    id: 'connect-unreachable',
    severity: 'problem',
    args: attempt(flow, { router: error.router, name: error.name, errno: call.errno }),
    causes: prohibited
      ? [{ code: 'rejecting-firewall', likelihood: 'likely' }]
      : noRoute
        ? [
            { code: 'missing-route', likelihood: 'likely' },
            { code: 'wrong-address', likelihood: 'possible' },
          ]
        : [
            { code: 'absent-host', likelihood: 'likely' },
            { code: 'wrong-address', likelihood: 'possible' },
            { code: 'rejecting-firewall', likelihood: 'possible' },
          ],
  })
}

export const rule: Rule = {
  id: 'connect-unreachable',
  severity: 'problem',
  ...inEachFlow('connect-unreachable', unreachable, ({ router, name }) => `${router} ${name}`),
}
