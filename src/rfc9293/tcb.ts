/**
 * Making control blocks (RFC 9293 section 3.3.1).
 *
 * In: what is known of an end. Out: a complete TCB.
 */
import type { Tcb } from './event.js'
import { add } from './sequence.js'
import type { State } from './state.js'

/**
 * The largest window that a header and its scale can say: 65535 * 2^14 bytes (RFC 7323 section 2.3). A window nobody
 * knows is taken to be this wide, so that nothing is dropped for want of knowledge.
 */
export const UNKNOWN_WINDOW = 65535 * 2 ** 14

const CLOSED: Tcb = Object.freeze({
  state: 'CLOSED',
  origin: 'unknown',
  iss: 0,
  sndUna: 0,
  sndNxt: 0,
  sndWnd: UNKNOWN_WINDOW,
  sndWl1: 0,
  sndWl2: 0,
  maxSndWnd: UNKNOWN_WINDOW,
  irs: 0,
  rcvNxt: 0,
  rcvWnd: UNKNOWN_WINDOW,
  fin: null,
  orphan: false,
  held: Object.freeze([]),
})

/** "CLOSED is fictional because it represents the state when there is no TCB." */
export const closed = (): Tcb => CLOSED

const FIN_SENT: readonly State[] = ['FIN_WAIT_1', 'FIN_WAIT_2', 'CLOSING', 'LAST_ACK', 'TIME_WAIT']

/**
 * A TCB in any state, for a capture that begins in the middle. What is not given is made to agree with what is:
 * nothing in flight, windows unknown, our FIN the last number sent in the states that have sent one.
 */
export const adopt = (known: Partial<Tcb> & { readonly state: State }): Tcb => {
  const sndUna = known.sndUna ?? known.sndNxt ?? 0
  const sndNxt = known.sndNxt ?? sndUna
  const rcvNxt = known.rcvNxt ?? 0
  return {
    ...CLOSED,
    iss: add(sndUna, -1),
    irs: add(rcvNxt, -1),
    rcvNxt,
    sndWl1: add(rcvNxt, -1),
    sndWl2: sndUna,
    fin: FIN_SENT.includes(known.state) ? add(sndNxt, -1) : null,
    maxSndWnd: known.sndWnd ?? UNKNOWN_WINDOW,
    ...known,
    sndUna,
    sndNxt,
  }
}
