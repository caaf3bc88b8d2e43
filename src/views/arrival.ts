/** Whether an arrow may say that a packet arrived, and that it was thrown away there. In: a row. Out: yes or no. */
import type { PacketRow } from '../report.js'
import { isRefused, otherSide } from '../text/row.js'

const RESENT: ReadonlySet<string> = new Set(['retransmission', 'fin-retransmission'])

/** It came to its receiver's host, which threw it away. */
export const isThrownAway = (row: PacketRow): boolean =>
  isRefused(row) || (row.received === false && row.notes.some(({ code }) => code === 'thrown-away'))

/**
 * Nothing tells whether it arrived, and its like got no answer: a SYN that changed nothing at its receiver, or what was sent
 * again in vain. An arrow up to the receiver would say more than is known.
 */
export const isUnheard = (row: PacketRow): boolean => {
  const receiver = row[otherSide(row.from)]
  if (row.received !== null || receiver.state !== receiver.was) return false
  const opens = row.flags.includes('S') && !row.flags.includes('A')
  return opens || row.notes.some(({ code }) => RESENT.has(code))
}
