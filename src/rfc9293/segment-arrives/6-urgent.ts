/**
 * 3.10.7.4 step 6: "Sixth, check the URG bit". RCV.UP decides no state and is not kept.
 */
import type { SegmentEvent } from '../event.js'
import { urg } from '../guards/flags.js'
import { PEER_CLOSED, RECEIVING, type Rule } from '../row.js'

const section = '3.10.7.4 step 6'

export const URGENT = [
  // "Signal the user that the remote side has urgent data".
  {
    id: '3.10.7.4/6-urgent',
    section,
    in: RECEIVING,
    when: [urg],
    next: 'continue',
    signal: 'urgent data',
  },
  // "This should not occur since a FIN has been received from the remote side. Ignore the URG."
  { id: '3.10.7.4/6-urgent/ignored', section, in: PEER_CLOSED, when: [urg], next: 'continue' },
] as const satisfies readonly Rule<SegmentEvent>[]
