import { describe, expect, it } from 'vitest'
import type { MachineEvent, Tcb } from '../../src/rfc9293/event.js'
import { adopt, closed, type Outcome, step } from '../../src/rfc9293/machine.js'
import { LINUX, RFC9293, type StackProfile } from '../../src/rfc9293/stack.js'
import { arrives, close, openActive, openPassive, send, window } from './build.js'

const play = (events: readonly MachineEvent[], stack: StackProfile): Outcome =>
  events.reduce<Outcome>((outcome, event) => step(outcome.tcb, event, stack), {
    tcb: closed(),
    rules: [],
    replies: [],
    accepted: true,
  })

const synReceived = (stack: StackProfile): Tcb =>
  play([openPassive, arrives('S', { seq: 100 }, { iss: 300 }), window(1000)], stack).tcb

describe('simultaneous open as Linux 6.18 did it (recording simultaneous-open, client)', () => {
  const [mine, theirs] = [3323347247, 968877121]
  const events = [
    openActive(mine, 64240),
    arrives('S', { seq: theirs }),
    arrives('SA', { seq: theirs, ack: mine + 1 }),
    arrives('A', { seq: theirs + 1, ack: mine + 1 }),
  ]

  it.each([LINUX, RFC9293])('$name: SYN_SENT, SYN_RECEIVED, ESTABLISHED, ESTABLISHED', (stack) => {
    const seen = events.map((_, i) => play(events.slice(0, i + 1), stack).tcb.state)
    expect(seen).toEqual(['SYN_SENT', 'SYN_RECEIVED', 'ESTABLISHED', 'ESTABLISHED'])
  })

  it('answers the SYN by a SYN,ACK with its own ISS', () => {
    expect(play(events.slice(0, 2), LINUX).replies).toEqual([{ kind: 'syn-ack', seq: mine, ack: theirs + 1 }])
  })

  it('is refused, not returned to LISTEN, by a RST', () => {
    const { tcb, rules } = play([...events.slice(0, 2), arrives('R', { seq: theirs + 1 })], LINUX)
    expect([tcb.state, rules]).toEqual(['CLOSED', ['3.10.7.4/2-reset/syn-received/active']])
  })
})

describe('SYN_SENT', () => {
  const synSent = step(closed(), openActive(100), RFC9293).tcb

  it('takes a RST whose ACK acknowledges the SYN: connection refused', () => {
    expect(step(synSent, arrives('RA', { seq: 0, ack: 101 }), RFC9293)).toMatchObject({
      tcb: { state: 'CLOSED' },
      rules: ['3.10.7.3/2-reset'],
    })
  })

  it.each([
    ['R', 0],
    ['RA', 100],
    ['RA', 102],
  ])('drops %s with ACK %i', (flags, ack) => {
    expect(step(synSent, arrives(flags, { ack }), RFC9293)).toMatchObject({
      tcb: { state: 'SYN_SENT' },
      replies: [],
      accepted: false,
    })
  })

  it('goes on with the text and the FIN of a SYN,ACK at the sixth step', () => {
    const { tcb, rules, replies } = step(synSent, arrives('SAF', { seq: 300, ack: 101, len: 4 }), RFC9293)
    expect(tcb).toMatchObject({ state: 'CLOSE_WAIT', rcvNxt: 306, irs: 300 })
    expect(rules).toEqual(['3.10.7.3/4-syn/ack', '3.10.7.4/7-text', '3.10.7.4/8-fin/open'])
    // MUST-59: one ACK for all of it.
    expect(replies).toEqual([{ kind: 'ack', seq: 101, ack: 306 }])
  })

  it('takes an ACK of the SYN without the text on it (never "==")', () => {
    const fastOpen = step(synSent, send(101, 20), RFC9293).tcb
    expect(fastOpen.sndNxt).toBe(121)
    expect(step(fastOpen, arrives('SA', { seq: 300, ack: 101 }), RFC9293).tcb).toMatchObject({
      state: 'ESTABLISHED',
      sndUna: 101,
      sndNxt: 121,
    })
  })
})

describe('LISTEN', () => {
  const listen = step(closed(), openPassive, RFC9293).tcb

  it('keeps the text of a SYN until ESTABLISHED, or throws it away as Linux does', () => {
    const ack = arrives('A', { seq: 101, ack: 301 })
    const syn = arrives('S', { seq: 100, len: 5 }, { iss: 300 })
    const kept = play([openPassive, syn], RFC9293).tcb
    expect(kept).toMatchObject({
      state: 'SYN_RECEIVED',
      rcvNxt: 101,
      held: [{ from: 101, to: 106, fin: false }],
    })
    // The text is taken once the state allows; the ACK itself is empty.
    expect(step(kept, ack, RFC9293)).toMatchObject({
      tcb: { state: 'ESTABLISHED', rcvNxt: 106, held: [] },
      rules: ['3.10.7.4/5-ack/syn-received', '3.10.7.4/7-text/gap-filled'],
    })
    expect(play([openPassive, syn, ack], LINUX).tcb).toMatchObject({ state: 'ESTABLISHED', rcvNxt: 101 })
  })

  it('takes the text of a SYN at once when the SYN,ACK says so (Fast Open), and may send before ESTABLISHED', () => {
    const { tcb, rules } = step(listen, arrives('S', { seq: 100, len: 5 }, { iss: 300, ack: 106 }), LINUX)
    expect(tcb).toMatchObject({ state: 'SYN_RECEIVED', rcvNxt: 106 })
    expect(rules).toEqual(['3.10.7.2/3-syn/fast-open'])
    const sent = step(tcb, send(301, 10), LINUX).tcb
    expect(step(sent, arrives('A', { seq: 106, ack: 311 }), LINUX).tcb.state).toBe('ESTABLISHED')
  })

  it('does not take SYN,FIN on Linux', () => {
    expect(step(listen, arrives('SF', { seq: 100 }), LINUX).tcb.state).toBe('LISTEN')
  })
})

describe('SYN_RECEIVED after a passive OPEN', () => {
  it('answers the SYN again: SYN,ACK on Linux, ACK by the text', () => {
    const again = arrives('S', { seq: 100 })
    expect(step(synReceived(LINUX), again, LINUX).replies).toEqual([{ kind: 'syn-ack', seq: 300, ack: 101 }])
    expect(step(synReceived(RFC9293), again, RFC9293).replies).toEqual([{ kind: 'ack', seq: 301, ack: 101 }])
  })

  it('returns to LISTEN on another SYN in the window; Linux resets it too', () => {
    const other = arrives('S', { seq: 150 })
    expect(step(synReceived(RFC9293), other, RFC9293)).toMatchObject({
      tcb: { state: 'LISTEN' },
      replies: [],
    })
    expect(step(synReceived(LINUX), other, LINUX)).toMatchObject({
      tcb: { state: 'LISTEN' },
      replies: [{ kind: 'rst-ack', seq: 0, ack: 151 }],
    })
  })

  it('returns to LISTEN on a RST at RCV.NXT; inside the window Linux takes it, the text challenges it', () => {
    expect(step(synReceived(RFC9293), arrives('R', { seq: 101 }), RFC9293).tcb.state).toBe('LISTEN')
    expect(step(synReceived(LINUX), arrives('R', { seq: 150 }), LINUX).tcb.state).toBe('LISTEN')
    expect(step(synReceived(RFC9293), arrives('R', { seq: 150 }), RFC9293)).toMatchObject({
      tcb: { state: 'SYN_RECEIVED' },
      replies: [{ kind: 'challenge-ack', seq: 301, ack: 101 }],
    })
  })

  it('resets an ACK of something that was not sent', () => {
    expect(step(synReceived(LINUX), arrives('A', { seq: 101, ack: 999 }), LINUX)).toMatchObject({
      tcb: { state: 'SYN_RECEIVED' },
      replies: [{ kind: 'rst', seq: 999, ack: null }],
      accepted: false,
    })
  })

  it('is ESTABLISHED by data when the bare ACK was lost, and by early data too', () => {
    expect(step(synReceived(LINUX), arrives('A', { seq: 101, ack: 301, len: 5 }), LINUX).tcb).toMatchObject({
      state: 'ESTABLISHED',
      rcvNxt: 106,
    })
    expect(step(synReceived(LINUX), arrives('A', { seq: 111, ack: 301, len: 5 }), LINUX).tcb).toMatchObject({
      state: 'ESTABLISHED',
      rcvNxt: 101,
      held: [{ from: 111, to: 116, fin: false }],
    })
  })

  it('closes into FIN_WAIT_1, where one ACK covers SYN and FIN', () => {
    const finWait1 = step(synReceived(LINUX), close(301), LINUX).tcb
    expect(finWait1.state).toBe('FIN_WAIT_1')
    expect(step(finWait1, arrives('A', { seq: 101, ack: 301 }), LINUX).tcb.state).toBe('FIN_WAIT_1')
    expect(step(finWait1, arrives('A', { seq: 101, ack: 302 }), LINUX).tcb.state).toBe('FIN_WAIT_2')
  })
})

describe('ICMP errors', () => {
  const soft: MachineEvent = { kind: 'icmp', error: 'soft' }
  const hard: MachineEvent = { kind: 'icmp', error: 'hard' }
  const synSent = adopt({ state: 'SYN_SENT' })
  const open = adopt({ state: 'ESTABLISHED' })

  it('abort what is opening on Linux, and leave what is open', () => {
    expect(step(synSent, soft, LINUX).tcb.state).toBe('CLOSED')
    expect(step(open, soft, LINUX).tcb.state).toBe('ESTABLISHED')
    expect(step(open, hard, LINUX).tcb.state).toBe('ESTABLISHED')
  })
  it('abort by the text when hard (SHLD-26), never when soft (MUST-56)', () => {
    expect(step(synSent, soft, RFC9293).tcb.state).toBe('SYN_SENT')
    expect(step(open, hard, RFC9293).tcb.state).toBe('CLOSED')
  })
})
