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

/** A control block that is being made: the effects of one event assign to it, as the RFC writes it. */
export type Draft = { -readonly [K in keyof Tcb]: Tcb[K] }

/** A copy to assign to. Field by field, so that all control blocks have one shape: there are millions of them. */
export const draftOf = (tcb: Tcb): Draft => ({
  state: tcb.state,
  origin: tcb.origin,
  iss: tcb.iss,
  sndUna: tcb.sndUna,
  sndNxt: tcb.sndNxt,
  sndWnd: tcb.sndWnd,
  sndWl1: tcb.sndWl1,
  sndWl2: tcb.sndWl2,
  maxSndWnd: tcb.maxSndWnd,
  irs: tcb.irs,
  rcvNxt: tcb.rcvNxt,
  rcvWnd: tcb.rcvWnd,
  fin: tcb.fin,
  orphan: tcb.orphan,
  held: tcb.held,
})

// V8 keeps a large number in a box of its object's own while a field has never held anything but numbers, and makes the
// boxes anew with every copy. Once the field has held something else, copies share them: a third less is made.
draftOf({} as Tcb)

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
  return draftOf({
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
  })
}
