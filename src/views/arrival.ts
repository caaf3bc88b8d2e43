/** Whether an arrow may say that a packet arrived. In: a row. Out: yes or no. */
import type { PacketRow } from '../report.js'
import { otherSide } from '../text/row.js'

const RESENT: ReadonlySet<string> = new Set(['retransmission', 'fin-retransmission'])

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
