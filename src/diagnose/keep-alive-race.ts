/**
 * A request that crossed the other end's FIN: it was sent before that FIN came, and is answered with a RST. Known from
 * HTTP connections kept open for reuse, which the server closes after a time-out. RFC 9112 section 9.5.
 */
import type { Finding, Flow, PacketRow } from '../report.js'
import { finOf, has, isReset, lengthOf } from './evidence.js'
import { lookAt } from './look.js'
import { about, attempt, inEachFlow, opposite, type Rule } from './rule.js'

/** A connection that lay idle for so long was kept for reuse, in seconds. */
const IDLE = 0.5

function race(flow: Flow): Finding<'keep-alive-race'> | null {
  const { rows, resets } = lookAt(flow)
  if (resets.length === 0) return null
  for (const closer of ['server', 'client'] as const) {
    const fin = finOf(flow, closer)
    if (fin === undefined) continue
    const sender = opposite(closer)
    const request = rows.find(
      (row) => row.from === sender && row.len > 0 && unaware(row, fin) && unaware(fin, row),
    )
    if (request === undefined) continue
    const from = Math.min(fin.at, request.at)
    const before = rows.filter((row) => row.at < from)
    const reset = rows.find((row) => row.from === closer && isReset(row) && row.at > from)
    // Something had been said before: it is a connection that was used and kept.
    const used = before.some((row) => row.len > 0)
    const idle = from - (before.at(-1)?.at ?? from)
    if (reset === undefined || !used || idle < IDLE) continue
    return about(flow, closer, 'implied', [fin, request, reset], {
      id: 'keep-alive-race',
      severity: 'problem',
      args: attempt(flow, { closer: flow[closer].address, idle }),
      causes: [
        { code: 'short-server-timeout', likelihood: 'likely' },
        { code: 'overloaded-server', likelihood: 'possible' },
      ],
    })
  }
  return null
}

/** When `row` was sent, its sender did not know of `other`. */
const unaware = (row: PacketRow, other: PacketRow): boolean =>
  row.ack !== null && ((row.ack - ((other.seq + lengthOf(other)) >>> 0)) | 0) < 0 && !has(row, 'R')

export const rule: Rule = {
  id: 'keep-alive-race',
  severity: 'problem',
  ...inEachFlow('keep-alive-race', race, () => ''),
  explains: ['reset'],
}
