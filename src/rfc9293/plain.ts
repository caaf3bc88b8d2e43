/**
 * The short cut: what {@link step} does for most segments of a capture, without looking through the rows.
 *
 * In: a control block in ESTABLISHED, and text or an ACK in order (RFC 9293 section 3.10.7.4 steps 5 and 7), or text
 * that leaves (section 3.10.2). Out: the very outcome of `step`, or null when it is not that plain. A property test
 * holds the two to the same outcome.
 */
import { setWindow } from './effects/receive.js'
import type { MachineEvent, MachineSegment, Tcb } from './event.js'
import type { Outcome } from './machine.js'
import type { RuleId } from './rules.js'
import { bringsNewerWindow } from './segment.js'
import { add, gt, leq } from './sequence.js'
import { draftOf } from './tcb.js'

const NEW: readonly RuleId[] = ['3.10.7.4/5-ack/new']
const TEXT: readonly RuleId[] = ['3.10.7.4/7-text']
const NEW_AND_TEXT: readonly RuleId[] = ['3.10.7.4/5-ack/new', '3.10.7.4/7-text']
const SEND: readonly RuleId[] = ['3.10.2/send']
const NONE: readonly never[] = []

export function plainStep(tcb: Tcb, event: MachineEvent): Outcome | null {
  if (tcb.state !== 'ESTABLISHED') return null
  if (event.kind === 'segment') return event.segment.paws === true ? null : segment(tcb, event.segment)
  if (event.kind !== 'call' || event.call !== 'send') return null
  const end = add(event.seq, event.len)
  if (event.len === 0 || event.seq !== tcb.sndNxt || !gt(end, tcb.sndNxt)) return null
  const after = draftOf(tcb)
  after.sndNxt = end
  return { tcb: after, rules: SEND, replies: NONE, accepted: true }
}

function segment(tcb: Tcb, s: MachineSegment): Outcome | null {
  const inOrder = s.seq === tcb.rcvNxt && s.len <= tcb.rcvWnd && tcb.rcvWnd > 0 && tcb.held.length === 0
  if (!inOrder || !s.ackBit || s.syn || s.fin || s.rst || s.urg === true) return null
  if (!leq(s.ack, tcb.sndNxt)) return null
  const acks = gt(s.ack, tcb.sndUna)
  // An ACK that says nothing new may still move the window, or be too old: that is for the rows.
  if (!acks && (s.ack !== tcb.sndUna || s.wnd !== tcb.sndWnd)) return null
  if (!acks && s.len === 0) return null
  const after = draftOf(tcb)
  after.rcvNxt = add(tcb.rcvNxt, s.len)
  if (acks) {
    after.sndUna = s.ack
    if (bringsNewerWindow(s, tcb)) setWindow(after, s)
  }
  return {
    tcb: after,
    rules: !acks ? TEXT : s.len > 0 ? NEW_AND_TEXT : NEW,
    replies: s.len > 0 ? [{ kind: 'ack', seq: after.sndNxt, ack: after.rcvNxt }] : NONE,
    accepted: true,
  }
}
