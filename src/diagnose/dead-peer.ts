/**
 * The peer does not answer any more: keep-alives, retransmissions, window probes or a FIN in vain.
 * RFC 9293 sections 3.8.3, 3.8.4, 3.8.6.1. Linux gives up after tcp_retries2 or tcp_keepalive_probes with ETIMEDOUT.
 */
import type { Finding, Flow } from '../report.js'
import { isOneWay, isReset, realRows } from './evidence.js'
import { LARGE } from './packet-loss.js'
import { about, held, inEachFlow, opposite, type Rule } from './rule.js'
import { type Unanswered, unanswered } from './silence.js'

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
      ...(onlyLarge(flow, dead) ? [{ code: 'mtu-black-hole', likelihood: 'possible' } as const] : []),
      { code: 'path-cut', likelihood: error === undefined ? 'possible' : 'likely' },
      { code: 'absent-host', likelihood: 'possible' },
      { code: 'dropping-firewall', likelihood: 'possible' },
      // Nobody forgets a connection in the middle of a talk.
      ...(dead.idle >= IDLE ? [{ code: 'middlebox-timeout', likelihood: 'possible' } as const] : []),
    ],
  })
}

/** A silence, in seconds: so much later somebody has to look the connection up again. */
const IDLE = 1

/** All tries are full segments, and none so large of this side had ever come through: the small ones may. */
const onlyLarge = (flow: Flow, { side, by, tries }: Unanswered): boolean =>
  by === 'retransmission' &&
  tries.every(({ len }) => len >= LARGE) &&
  !realRows(flow).some((row) => row.from === side && row.len >= LARGE && row.received === true)

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
