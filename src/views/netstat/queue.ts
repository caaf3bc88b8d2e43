/**
 * Send-Q of a socket at a moment, and how often its oldest segment was sent again: both from the flow's packets.
 *
 * In: a flow, a side, a moment. Out: numbers.
 */
import type { Flow, Side } from '../../report.js'
import type { Moment } from './moment.js'

const isBy = (row: { readonly at: number; readonly packet: number }, { at, packet }: Moment): boolean =>
  row.at <= at && (packet === null || row.packet <= packet)

/** SND.NXT - SND.UNA: the highest byte sent so far minus the highest acknowledged, both as captured. SYN and FIN count none. */
export const sendQueue = (flow: Flow, side: Side, moment: Moment): number => {
  let sent: number | null = null
  let acknowledged: number | null = null
  for (const row of flow.rows) {
    if (!isBy(row, moment)) break
    if (row.flags.includes('R')) continue
    if (row.from === side) {
      const end = (row.seq + row.len + (row.flags.includes('S') ? 1 : 0)) >>> 0
      if (sent === null || ((end - sent) | 0) > 0) sent = end
    } else if (row.ack !== null && row.received !== false) {
      if (acknowledged === null || ((row.ack - acknowledged) | 0) > 0) acknowledged = row.ack
    }
  }
  return sent === null || acknowledged === null ? 0 : Math.max(0, (sent - acknowledged) | 0)
}

const RESENT: ReadonlySet<string> = new Set([
  'syn-retransmission',
  'syn-ack-retransmission',
  'retransmission',
  'fin-retransmission',
])

/** How often the oldest segment has been sent again: resends of this side since its peer last acknowledged something new. */
export const retries = (flow: Flow, side: Side, moment: Moment): number => {
  let count = 0
  let acknowledged: number | null = null
  for (const row of flow.rows) {
    if (!isBy(row, moment)) break
    if (row.from === side) {
      if (row.notes.some(({ code }) => RESENT.has(code))) count += 1
    } else if (row.ack !== null && row.received !== false) {
      if (acknowledged === null || ((row.ack - acknowledged) | 0) > 0) {
        acknowledged = row.ack
        count = 0
      }
    }
  }
  return count
}
