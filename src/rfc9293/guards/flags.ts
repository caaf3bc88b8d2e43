/**
 * Guards that look at the control bits and at how the connection was opened (RFC 9293 sections 3.1, 3.5).
 */

import type { IcmpEvent, TimeoutEvent } from '../event.js'
import type { Guard, SegmentGuard } from '../row.js'
import { SEG_LEN } from '../segment.js'

/** "If the RST bit is set". */
export const rst: SegmentGuard = ({ event }) => event.segment.rst

/** "If the SYN bit is set". */
export const syn: SegmentGuard = ({ event }) => event.segment.syn

/** "If the ACK bit is on". */
export const ack: SegmentGuard = ({ event }) => event.segment.ackBit

/** "If the FIN bit is set". */
export const fin: SegmentGuard = ({ event }) => event.segment.fin

/** "If the URG bit is set". */
export const urg: SegmentGuard = ({ event }) => event.segment.urg === true

/** The segment carries text. */
export const text: SegmentGuard = ({ event }) => event.segment.len > 0

/** The segment carries text or a FIN: "other controls or text". */
export const textOrFin: SegmentGuard = ({ event }) => event.segment.len > 0 || event.segment.fin

/** SEG.LEN > 0: text, SYN or FIN. */
export const occupiesSpace: SegmentGuard = ({ event }) => SEG_LEN(event.segment) > 0

/** "Initiated with a passive OPEN (i.e., came from the LISTEN state)"; taken for granted when nobody knows. */
export const passive: SegmentGuard = ({ tcb }) => tcb.origin !== 'active'

/** Nobody can read any more: CLOSE was for both halves (3.6.1, MAY-1). */
export const orphaned: SegmentGuard = ({ tcb }) => tcb.orphan

/** RFC 7323 section 5.3 R1: the timestamp is older than the last one (PAWS). */
export const oldTimestamp: SegmentGuard = ({ event }) => event.segment.paws === true

/** RFC 6191 section 2: the SYN's timestamp is greater than the last one seen in the old incarnation. */
export const newerTimestamp: SegmentGuard = ({ event }) => event.segment.newerTimestamp === true

export const userTimeout: Guard<TimeoutEvent> = ({ event }) => event.timeout === 'user'
export const retransmissionTimeout: Guard<TimeoutEvent> = ({ event }) => event.timeout === 'retransmission'
export const timeWaitTimeout: Guard<TimeoutEvent> = ({ event }) => event.timeout === 'time-wait'

export const hardError: Guard<IcmpEvent> = ({ event }) => event.error === 'hard'
