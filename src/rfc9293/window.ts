/**
 * The receive window that this end announces (RFC 9293 3.8.6).
 */
import { announceWindow } from './effects/send.js'
import type { WindowEvent } from './event.js'
import type { Guard, Rule } from './row.js'
import { OTHER_STATES } from './row.js'

/** The announced window differs from RCV.WND. */
const windowDiffers: Guard<WindowEvent> = ({ tcb, event }) => event.wnd !== tcb.rcvWnd

export const WINDOW = [
  {
    id: '3.8.6/announced',
    section: '3.8.6',
    in: ['SYN_SENT', ...OTHER_STATES],
    when: [windowDiffers],
    does: [announceWindow],
  },
] as const satisfies readonly Rule<WindowEvent>[]
