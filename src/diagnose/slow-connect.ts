/** connect() succeeded, but only after a SYN or SYN+ACK came again: a second or more too late. RFC 6298 section 2.1. */
import type { Finding, Flow } from '../report.js'
import { isReset, isSyn, isSynAck, spanIn } from './evidence.js'
import { lookAt } from './look.js'
import { about, attempt, inEachFlow, type Rule } from './rule.js'

/** The least time that a SYN sent again costs, with some slack. */
const LATE = 0.9

function slow(flow: Flow): Finding<'slow-connect'> | null {
  const { rows, syns: all } = lookAt(flow)
  const syns = all.filter((row) => row.from === 'client' && isSyn(row))
  const [first] = syns
  if (first === undefined || syns.length < 2) return null
  // Without an ACK of the client it never came about.
  if (!rows.some((row) => row.from === 'client' && row.ack !== null && !isReset(row))) return null
  const synAck = all.find((row) => row.from === 'server' && isSynAck(row))
  const open = spanIn(flow, 'client', 'ESTABLISHED')
  if (synAck === undefined || open?.from === undefined || open.from === null) return null
  const seconds = open.from - first.at
  if (seconds < LATE) return null
  // Crossing SYNs are a simultaneous open, not a slow one.
  if (all.some((row) => row.from === 'server' && isSyn(row))) return null
  // One SYN+ACK each, and the first of them in time: it was the SYN+ACK that did not come through.
  const second = syns[1]
  const lost = second !== undefined && synAck.at < second.at ? 'syn-ack' : 'syn'
  return about(flow, null, 'seen', [...syns, synAck], {
    id: 'slow-connect',
    severity: 'warning',
    args: attempt(flow, { seconds, syns: syns.length, lost }),
    causes:
      lost === 'syn' && flow.capturedNear.where === 'server'
        ? [
            { code: 'full-accept-queue', likelihood: 'likely' },
            { code: 'dropping-firewall', likelihood: 'possible' },
          ]
        : [
            { code: 'packet-loss', likelihood: 'likely' },
            ...(lost === 'syn' ? ([{ code: 'full-accept-queue', likelihood: 'possible' }] as const) : []),
          ],
  })
}

export const rule: Rule = {
  id: 'slow-connect',
  severity: 'warning',
  ...inEachFlow('slow-connect', slow, ({ lost }) => `${lost}`),
}
