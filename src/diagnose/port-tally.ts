/**
 * How many attempts at one port should have got further by now, and how many of them did not: what tells a flood.
 *
 * In: attempts. Out: counts. Each attempt is looked at once: there may be a million.
 */
import { type PortAttempts, WENT_ON } from './port-attempts.js'

/** Seconds after which a real client would have sent its SYN again (RFC 6298 section 2.1: 1 s). */
export const AGAIN = 1.2

/** Seconds after which an answer, and the ACK for it, would have come. */
export const ANSWER = 0.3

/** Of attempts at one port: how many are old enough that a client would have gone on, or sent its SYN again. */
export interface Tally {
  due: number
  overdue: number
}

/** The same of those whose clients did not go on, and what their server said. */
export interface LoneTally extends Tally {
  /** Which they are. */
  readonly places: number[]
  answered: number
  /** One of them was answered again. */
  again: boolean
}

export function talliesOf(port: PortAttempts): {
  readonly all: Tally
  readonly lone: LoneTally
} {
  const all = { due: 0, overdue: 0 }
  const lone: LoneTally = { places: [], due: 0, overdue: 0, answered: 0, again: false }
  for (let n = 0; n < port.length; n++) {
    const age = port.watched[n] as number
    const synAcks = port.synAcks[n] as number
    if (age > ANSWER) all.due++
    if (age > AGAIN) all.overdue++
    if (synAcks === WENT_ON) continue
    lone.places.push(n)
    if (age > ANSWER) lone.due++
    if (age > AGAIN) lone.overdue++
    if (synAcks > 0) lone.answered++
    if (synAcks > 1) lone.again = true
  }
  return { all, lone }
}

/** Of each client how many attempts are its; how many clients there are. */
export function attemptsBy(clients: readonly number[]): {
  readonly counts: Int32Array
  readonly clients: number
} {
  let most = 0
  for (const client of clients) if (client > most) most = client
  const counts = new Int32Array(most + 1)
  let distinct = 0
  for (const client of clients) {
    const before = counts[client] as number
    if (before === 0) distinct++
    counts[client] = before + 1
  }
  return { counts, clients: distinct }
}
