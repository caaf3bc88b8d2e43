/** Send-Q of a socket at a moment, from its flow's packets. In: a flow, a side, its state, a moment. Out: a number. */
import type { Flow, Side, State } from '../../report.js'
import type { Moment } from './moment.js'
import { endOf, isUpTo } from './sent.js'

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
    if (!isUpTo(row, moment)) continue
    if (row.flags.includes('R')) continue
    if (row.from === side) {
      const end = endOf(row)
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
