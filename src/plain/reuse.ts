/**
 * Ports used again: a connection on the 4-tuple of one that went plainly and is over, TIME_WAIT and all.
 *
 * In: a closed connection's row, a SYN. Out: whether that begins another plain connection. A closed row has room for ten
 * bits of its SYN's number: who shares them may have sent the same SYN again, and the full replay looks at both.
 */
import type { CaptureRecord } from '../capture/record.js'
import type { PacketView } from '../wire/packet.js'
import { ISN_SHIFT, LAST_S, STATE, SYN_SEQ } from './layout.js'
import { isInTime, isPlainSyn, secondsSince } from './opening.js'
import type { PlainFlows } from './plain-flows.js'

/** So much longer than TIME_WAIT lasts must the last packet be past, in seconds: it began a round trip later at most. */
const LATER = 5

/** `page`, `base`: the row of a connection that has closed. */
export const beginsAnother = (
  flows: PlainFlows,
  page: Int32Array,
  base: number,
  view: PacketView,
  record: CaptureRecord,
): boolean =>
  isPlainSyn(view) &&
  isInTime(page, base + LAST_S, record.seconds, record.nanoseconds) &&
  secondsSince(flows, page, base + LAST_S, record) > flows.timeWait + LATER &&
  (page[base + STATE] as number) >>> ISN_SHIFT !== isnBits(view.seq)

/** The ten bits, of the row's SYN, in their place above STATE's others. */
export const isnIn = (page: Int32Array, base: number): number =>
  isnBits(page[base + SYN_SEQ] as number) << ISN_SHIFT

const isnBits = (seq: number): number => Math.imul(seq, 0x9e3779b1) >>> ISN_SHIFT
