/**
 * The edges of RFC 9293 figure 5 with its labels (event / action), written down by hand, and what its notes add.
 */
import type { State } from '../../src/rfc9293/state.js'

export type FigureEdge = readonly [from: State, to: State, label: string]

export const FIGURE_5: readonly FigureEdge[] = [
  ['CLOSED', 'LISTEN', 'passive OPEN / create TCB'],
  ['CLOSED', 'SYN_SENT', 'active OPEN / create TCB, snd SYN'],
  ['LISTEN', 'CLOSED', 'CLOSE / delete TCB'],
  ['LISTEN', 'SYN_RECEIVED', 'rcv SYN / snd SYN,ACK'],
  ['LISTEN', 'SYN_SENT', 'SEND / snd SYN'],
  ['SYN_SENT', 'CLOSED', 'CLOSE / delete TCB'],
  ['SYN_SENT', 'SYN_RECEIVED', 'rcv SYN / snd SYN,ACK'],
  ['SYN_SENT', 'ESTABLISHED', 'rcv SYN,ACK / snd ACK'],
  ['SYN_RECEIVED', 'LISTEN', 'rcv RST (note 1)'],
  ['SYN_RECEIVED', 'ESTABLISHED', 'rcv ACK of SYN / x'],
  ['SYN_RECEIVED', 'FIN_WAIT_1', 'CLOSE / snd FIN'],
  ['ESTABLISHED', 'FIN_WAIT_1', 'CLOSE / snd FIN'],
  ['ESTABLISHED', 'CLOSE_WAIT', 'rcv FIN / snd ACK'],
  ['FIN_WAIT_1', 'FIN_WAIT_2', 'rcv ACK of FIN / x'],
  ['FIN_WAIT_1', 'CLOSING', 'rcv FIN / snd ACK'],
  ['FIN_WAIT_2', 'TIME_WAIT', 'rcv FIN / snd ACK'],
  ['CLOSING', 'TIME_WAIT', 'rcv ACK of FIN / x'],
  ['CLOSE_WAIT', 'LAST_ACK', 'CLOSE / snd FIN'],
  ['LAST_ACK', 'CLOSED', 'rcv ACK of FIN / x'],
  ['TIME_WAIT', 'CLOSED', 'Timeout=2MSL / delete TCB'],
]

/** Note 2: "The figure omits a transition from FIN-WAIT-1 to TIME-WAIT". */
export const NOTE_2: readonly FigureEdge[] = [
  ['FIN_WAIT_1', 'TIME_WAIT', 'rcv FIN, the local FIN is also acknowledged'],
]

/** Note 3: "A RST can be sent from any state with a corresponding transition to TIME-WAIT"; 3.10.5 lists the states. */
export const NOTE_3_SENT: readonly FigureEdge[] = (
  ['SYN_RECEIVED', 'ESTABLISHED', 'FIN_WAIT_1', 'FIN_WAIT_2', 'CLOSE_WAIT'] as const
).map((from) => [from, 'TIME_WAIT', 'snd RST'])

/** Note 3: "receipt of a RST from any state results in a transition to LISTEN or CLOSED". */
export const NOTE_3_RECEIVED: readonly FigureEdge[] = (
  [
    'SYN_SENT',
    'SYN_RECEIVED',
    'ESTABLISHED',
    'FIN_WAIT_1',
    'FIN_WAIT_2',
    'CLOSE_WAIT',
    'CLOSING',
    'LAST_ACK',
    'TIME_WAIT',
  ] as const
).map((from) => [from, 'CLOSED', 'rcv RST'])

/**
 * Section 3.10 has one more that the figure shows in no form: FIN in SYN-RECEIVED (3.10.7.4 step 8). It can be drawn
 * but not walked, because step 5 has left SYN-RECEIVED or dropped the segment.
 */
export const IN_THE_TEXT_ONLY: readonly FigureEdge[] = [['SYN_RECEIVED', 'CLOSE_WAIT', 'rcv FIN']]
