/** Short ways to write events and segments in the machine's tests. */
import type { MachineEvent, MachineSegment, SegmentEvent } from '../../src/rfc9293/event.js'

/** A segment from its flags (letters S A F R U), as in `seg('SA', { seq: 300, ack: 101 })`. */
export const seg = (flags: string, fields: Partial<MachineSegment> = {}): MachineSegment => ({
  seq: 0,
  ack: 0,
  len: 0,
  wnd: 1000,
  syn: flags.includes('S'),
  ackBit: flags.includes('A'),
  fin: flags.includes('F'),
  rst: flags.includes('R'),
  urg: flags.includes('U'),
  ...fields,
})

export const arrives = (
  flags: string,
  fields: Partial<MachineSegment> = {},
  answer?: SegmentEvent['answer'],
): SegmentEvent => ({ kind: 'segment', segment: seg(flags, fields), ...(answer ? { answer } : {}) })

export const openPassive: MachineEvent = { kind: 'call', call: 'open-passive' }
export const openActive = (iss: number, wnd = 1000): MachineEvent => ({
  kind: 'call',
  call: 'open-active',
  iss,
  wnd,
})
export const send = (seq: number, len: number): MachineEvent => ({ kind: 'call', call: 'send', seq, len })
export const close = (fin: number): MachineEvent => ({ kind: 'call', call: 'close', fin })
export const abort: MachineEvent = { kind: 'call', call: 'abort' }
export const window = (wnd: number): MachineEvent => ({ kind: 'window', wnd })
export const timeout = (which: 'user' | 'time-wait' | 'retransmission'): MachineEvent => ({
  kind: 'timeout',
  timeout: which,
})
