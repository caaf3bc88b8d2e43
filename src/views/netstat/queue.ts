/**
 * Send-Q of a socket at a moment, and how often its oldest segment was sent again: both from the flow's packets.
 *
 * In: a flow, a side, a moment. Out: numbers.
 */
import type { Flow, Side, State } from '../../report.js'
import type { Moment } from './moment.js'

const isBy = (row: { readonly at: number; readonly packet: number }, { at, packet }: Moment): boolean =>
  row.at <= at && (packet === null || row.packet <= packet)

/** Their own SYN or FIN is not acknowledged: the ACK that is captured may not have reached them yet. */
const WAITS_FOR_ACK: ReadonlySet<State> = new Set(['SYN_SENT', 'FIN_WAIT_1', 'CLOSING', 'LAST_ACK'])

/**
 * SND.NXT - SND.UNA as captured, with SYN and FIN: Linux prints `write_seq - snd_una`, so that a lone SYN shows as 1. Its
 * SYN_RECV and TIME_WAIT are no full sockets, and show 0.
 */
export const sendQueue = (flow: Flow, side: Side, state: State, moment: Moment): number => {
  if (state === 'SYN_RECEIVED' || state === 'TIME_WAIT') return 0
  let sent: number | null = null
  let acknowledged: number | null = null
  for (const row of flow.rows) {
    if (!isBy(row, moment)) break
    if (row.flags.includes('R')) continue
    if (row.from === side) {
      const end = (row.seq + row.len + (/S/.test(row.flags) ? 1 : 0) + (/F/.test(row.flags) ? 1 : 0)) >>> 0
      // What this side sends first was acknowledged up to there, as far as the capture tells.
      acknowledged ??= row.seq
      if (sent === null || ((end - sent) | 0) > 0) sent = end
    } else if (row.ack !== null && row.received !== false) {
      if (acknowledged === null || ((row.ack - acknowledged) | 0) > 0) acknowledged = row.ack
    }
  }
  const least = WAITS_FOR_ACK.has(state) ? 1 : 0
  return sent === null || acknowledged === null ? least : Math.max(least, (sent - acknowledged) | 0)
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
