/** Whether an arrow may say that a packet arrived, and that it was thrown away there. In: a row. Out: yes or no. */
import type { PacketRow, State } from '../report.js'
import { isRefused, otherSide } from '../text/row.js'

const RESENT: ReadonlySet<string> = new Set(['retransmission', 'fin-retransmission', 'unanswered'])

/** Where a RST changes nothing, or need not. */
const NOTHING_TO_RESET: ReadonlySet<State> = new Set<State>(['CLOSED', 'LISTEN', 'TIME_WAIT'])

/** It came to its receiver's host, which threw it away. */
export const isThrownAway = (row: PacketRow): boolean =>
  isRefused(row) || (row.received === false && row.notes.some(({ code }) => code === 'thrown-away'))

/**
 * Nothing tells whether it arrived, and its like got no answer: a SYN or a RST that changed nothing at its receiver, or what
 * was sent again in vain. An arrow up to the receiver would say more than is known.
 */
export const isUnheard = (row: PacketRow): boolean => {
  const receiver = row[otherSide(row.from)]
  // What became of it stands where it was captured first.
  if (row.notes.some(({ code }) => code === 'capture-duplicate')) return false
  if (row.received !== null || receiver.state !== receiver.was) return false
  const opens = row.flags.includes('S') && !row.flags.includes('A')
  const resets = row.flags.includes('R') && !NOTHING_TO_RESET.has(receiver.state)
  return opens || resets || row.notes.some(({ code }) => RESENT.has(code))
}
