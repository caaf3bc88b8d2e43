/**
 * A RST right after the handshake, before the server said anything of its own.
 *
 * Linux answers the final ACK with a bare RST when the accept queue is full and tcp_abort_on_overflow is 1
 * (tcp_check_req()); closing a listener sends RST+ACK to what waits in its queue (inet_csk_listen_stop()).
 */
import type { Finding, Flow } from '../report.js'
import { carries, has, isReset, isSynAck, rowsFrom } from './evidence.js'
import { lookAt } from './look.js'
import { droppedTogether } from './neighbours.js'
import { about, attempt, inEachFlow, type Rule, type Seen } from './rule.js'

/** Later it is another story: see half-open and handshake-not-completed. */
const SOON = 1

function resetAtOnce(flow: Flow, seen: Seen): Finding<'connect-reset'> | null {
  const { rows, syns, resets } = lookAt(flow)
  const synAck = syns.find(isSynAck)
  const reset = resets.find((row) => row.from === 'server')
  if (synAck === undefined || reset === undefined || reset.at < synAck.at) return null
  const ack = rows.find(
    (row) => row.from === 'client' && row.at >= synAck.at && row.ack !== null && !isReset(row),
  )
  const before = rowsFrom(flow, 'server').filter((row) => row.at < reset.at)
  const spoke = before.some((row) => !isSynAck(row) && (carries(row) || (row.relativeAck ?? 0) > 1))
  const again = before.filter(isSynAck).length > 1
  if (ack === undefined || again || reset.client.was === 'CLOSED') return null
  const bare = !has(reset, 'A')
  const others = !bare && droppedTogether(flow, seen)
  // What waits in the accept queue may have sent its request already, which the kernel acknowledges.
  if (!others && (spoke || reset.at - ack.at > SOON)) return null
  if (before.some(carries)) return null
  if (!others && rows.some((row) => row.from === 'client' && row.len > 0 && row.at < reset.at)) return null
  return about(flow, 'server', 'implied', [synAck, ack, reset], {
    id: 'connect-reset',
    severity: 'problem',
    args: attempt(flow, { seconds: reset.at - ack.at }),
    causes: bare
      ? [
          // The counters of the host tell them apart, the packets do not.
          { code: 'abort-on-overflow', likelihood: 'possible' },
          { code: 'closed-listener', likelihood: 'possible' },
          { code: 'rejecting-middlebox', likelihood: 'possible' },
        ]
      : [
          { code: 'closed-listener', likelihood: others ? 'likely' : 'possible' },
          { code: 'aborting-server', likelihood: 'possible' },
          { code: 'rejecting-middlebox', likelihood: 'possible' },
        ],
  })
}

export const rule: Rule = {
  id: 'connect-reset',
  severity: 'problem',
  ...inEachFlow('connect-reset', resetAtOnce, (_, { causes }) => `${causes[0]?.code}`),
  explains: ['reset', 'half-open'],
}
