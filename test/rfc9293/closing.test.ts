import { describe, expect, it } from 'vitest'
import type { MachineEvent } from '../../src/rfc9293/event.js'
import { adopt, RULES, step } from '../../src/rfc9293/machine.js'
import { LINUX, RFC9293 } from '../../src/rfc9293/stack.js'
import { abort, arrives, close, openActive, send, timeout } from './build.js'

/** Our FIN has number 149, RCV.NXT 200. */
const numbers = { sndUna: 149, sndNxt: 150, rcvNxt: 200, rcvWnd: 50, sndWnd: 1000, fin: 149 }
const finWait1 = adopt({ state: 'FIN_WAIT_1', ...numbers })
const finWait2 = adopt({ state: 'FIN_WAIT_2', ...numbers, sndUna: 150 })
const closing = adopt({ state: 'CLOSING', ...numbers })
const lastAck = adopt({ state: 'LAST_ACK', ...numbers })
const timeWait = adopt({ state: 'TIME_WAIT', ...numbers, sndUna: 150 })

describe('FIN_WAIT_1', () => {
  it('FIN with the ACK of ours: step 5 and then step 8, note 2 of figure 5', () => {
    expect(step(finWait1, arrives('FA', { seq: 200, ack: 150 }), RFC9293)).toMatchObject({
      tcb: { state: 'TIME_WAIT', rcvNxt: 201 },
      rules: ['3.10.7.4/5-ack/fin-wait-1/our-fin', '3.10.7.4/8-fin/fin-wait-2'],
      replies: [{ kind: 'ack', seq: 150, ack: 201 }],
    })
  })
  it('FIN without it: CLOSING', () => {
    expect(step(finWait1, arrives('FA', { seq: 200, ack: 149 }), RFC9293).rules).toEqual([
      '3.10.7.4/8-fin/fin-wait-1',
    ])
  })
  it('an early FIN with the ACK of ours: FIN_WAIT_2, and the FIN waits for the gap', () => {
    const early = step(finWait1, arrives('FA', { seq: 210, ack: 150 }), LINUX).tcb
    expect(early).toMatchObject({ state: 'FIN_WAIT_2', rcvNxt: 200 })
    expect(step(early, arrives('A', { seq: 200, len: 10, ack: 150 }), LINUX).tcb).toMatchObject({
      state: 'TIME_WAIT',
      rcvNxt: 211,
    })
  })
  it('text that was queued before CLOSE still leaves; nothing new does', () => {
    const queued: MachineEvent = { kind: 'call', call: 'close', fin: 180, queued: true }
    const waiting = step(adopt({ state: 'ESTABLISHED', sndNxt: 150, rcvNxt: 200 }), queued, LINUX).tcb
    expect(waiting).toMatchObject({ state: 'FIN_WAIT_1', sndNxt: 150, fin: 180 })
    const sent = step(waiting, send(150, 30), LINUX).tcb
    expect(sent.sndNxt).toBe(180)
    // All text is acknowledged, the FIN has not left.
    expect(step(sent, arrives('A', { seq: 200, ack: 180 }), LINUX).tcb.state).toBe('FIN_WAIT_1')
    const left = step(sent, close(180), LINUX).tcb
    expect(step(left, arrives('A', { seq: 200, ack: 181 }), LINUX).tcb.state).toBe('FIN_WAIT_2')
    // As far as the FIN, which a retransmission may carry, and no further.
    expect(step(left, send(150, 31), LINUX).accepted).toBe(true)
    expect(step(left, send(150, 32), LINUX).accepted).toBe(false)
    expect(step(left, send(181, 5), LINUX).accepted).toBe(false)
  })
})

describe('an orphan', () => {
  const established = adopt({ state: 'ESTABLISHED', sndNxt: 150, rcvNxt: 200 })
  const orphan = (isOrphan: boolean): MachineEvent => ({
    kind: 'call',
    call: 'close',
    fin: 150,
    orphan: isOrphan,
  })
  const text = arrives('A', { seq: 200, len: 5, ack: 151 })

  it('resets text that nobody can read (3.6.1 SHLD-3)', () => {
    expect(step(step(established, orphan(true), LINUX).tcb, text, LINUX)).toMatchObject({
      tcb: { state: 'CLOSED' },
      rules: ['3.10.7.4/5-ack/fin-wait-1/our-fin', '3.10.7.4/7-text/orphan'],
      replies: [{ kind: 'rst', seq: 151, ack: null }],
      accepted: false,
    })
  })
  it('resets a FIN with a hole before it, and takes one that is next', () => {
    const closedTcb = step(established, orphan(true), LINUX).tcb
    const fin = (seq: number) => step(closedTcb, arrives('FA', { seq, ack: 151 }), LINUX)
    expect(fin(205)).toMatchObject({ tcb: { state: 'CLOSED' }, replies: [{ kind: 'rst', seq: 151 }] })
    expect(fin(200).tcb.state).toBe('TIME_WAIT')
  })
  it('only acknowledges text that it has', () => {
    const closedTcb = step(established, orphan(true), LINUX).tcb
    expect(step(closedTcb, arrives('A', { seq: 190, len: 10, ack: 151 }), LINUX)).toMatchObject({
      tcb: { state: 'FIN_WAIT_2' },
      replies: [{ kind: 'ack' }],
    })
  })
  it('is not one after shutdown(SHUT_WR)', () => {
    expect(step(step(established, orphan(false), LINUX).tcb, text, LINUX).tcb).toMatchObject({
      state: 'FIN_WAIT_2',
      rcvNxt: 205,
    })
  })
})

describe('CLOSING and LAST_ACK', () => {
  it('end with the ACK of our FIN only', () => {
    expect(step(closing, arrives('A', { seq: 200, ack: 149 }), RFC9293).tcb.state).toBe('CLOSING')
    expect(step(closing, arrives('A', { seq: 200, ack: 150 }), RFC9293).tcb.state).toBe('TIME_WAIT')
    expect(step(lastAck, arrives('A', { seq: 200, ack: 149 }), RFC9293).tcb.state).toBe('LAST_ACK')
    expect(step(lastAck, arrives('A', { seq: 200, ack: 150 }), RFC9293).tcb.state).toBe('CLOSED')
  })
  it('LAST_ACK reads the ACK of a FIN that comes again on Linux (appendix A.2), not by table 6', () => {
    const finAgain = arrives('FA', { seq: 199, ack: 150 })
    expect(step(lastAck, finAgain, LINUX).tcb.state).toBe('CLOSED')
    expect(step(lastAck, finAgain, RFC9293).tcb.state).toBe('LAST_ACK')
  })
})

describe('TIME_WAIT', () => {
  const timer = (rules: readonly string[]) => RULES.find(({ id }) => id === rules.at(-1))?.timeWaitTimer

  it.each([RFC9293, LINUX])('$name: the FIN again is acknowledged and restarts 2MSL', (stack) => {
    const outcome = step(timeWait, arrives('FA', { seq: 199, ack: 150 }), stack)
    expect(outcome.replies).toEqual([{ kind: 'ack', seq: 150, ack: 200 }])
    expect(timer(outcome.rules)).toBe('restart')
  })
  it('starts 2MSL when it is entered', () => {
    expect(timer(step(finWait2, arrives('FA', { seq: 200, ack: 150 }), LINUX).rules)).toBe('start')
    expect(timer(step(closing, arrives('A', { seq: 200, ack: 150 }), LINUX).rules)).toBe('start')
  })
  it('ends by the timer', () => {
    expect(step(timeWait, timeout('time-wait'), LINUX).tcb.state).toBe('CLOSED')
  })
  it('is ended by a RST, unless the stack follows RFC 1337', () => {
    expect(step(timeWait, arrives('R', { seq: 200 }), LINUX).tcb.state).toBe('CLOSED')
    const rfc1337 = { ...LINUX, resetEndsTimeWait: false }
    expect(step(timeWait, arrives('R', { seq: 200 }), rfc1337).tcb.state).toBe('TIME_WAIT')
  })
  it('passes over a RST elsewhere in the window on Linux, challenges it by the text', () => {
    expect(step(timeWait, arrives('R', { seq: 210 }), LINUX).replies).toEqual([])
    expect(step(timeWait, arrives('R', { seq: 210 }), RFC9293).replies).toHaveLength(1)
  })
  it.each([
    ['greater than RCV.NXT', { seq: 5000 }, '3.10.7.4/1-sequence/time-wait/new-syn'],
    [
      'lower, with a newer timestamp',
      { seq: 10, newerTimestamp: true },
      '3.10.7.4/1-sequence/time-wait/new-syn-timestamp',
    ],
  ])('ends for a new SYN: %s', (_, fields, rule) => {
    expect(step(timeWait, arrives('S', fields), LINUX)).toMatchObject({
      tcb: { state: 'CLOSED' },
      rules: [rule],
      replies: [],
      accepted: true,
    })
  })
  it('acknowledges an old SYN', () => {
    expect(step(timeWait, arrives('S', { seq: 10 }), LINUX)).toMatchObject({
      tcb: { state: 'TIME_WAIT' },
      replies: [{ kind: 'ack', seq: 150, ack: 200 }],
      accepted: false,
    })
  })
})

describe('ABORT', () => {
  it('sends <SEQ=SND.NXT><CTL=RST> and closes; Linux adds the ACK', () => {
    expect(step(finWait1, abort, RFC9293)).toMatchObject({
      tcb: { state: 'CLOSED' },
      replies: [{ kind: 'rst', seq: 150, ack: null }],
    })
    expect(step(finWait1, abort, LINUX).replies).toEqual([{ kind: 'rst-ack', seq: 150, ack: 200 }])
  })
  it('enters TIME_WAIT where 3.5.2 is followed', () => {
    expect(step(finWait1, abort, { ...RFC9293, resetSenderCloses: false }).tcb.state).toBe('TIME_WAIT')
  })
  it('sends nothing when both sides have closed', () => {
    expect(step(lastAck, abort, LINUX)).toMatchObject({ tcb: { state: 'CLOSED' }, replies: [] })
  })
})

describe('calls that are refused', () => {
  it.each([
    [openActive(1), 'ESTABLISHED'],
    [send(150, 5), 'TIME_WAIT'],
    [close(1), 'CLOSED'],
    [abort, 'CLOSED'],
  ] as const)('%j in %s', (event, state) => {
    const tcb = adopt({ state })
    expect(step(tcb, event, RFC9293)).toMatchObject({ tcb, accepted: false, replies: [] })
  })
  it('CLOSE before the connection is open deletes it', () => {
    expect(step(adopt({ state: 'SYN_SENT' }), close(1), LINUX).tcb.state).toBe('CLOSED')
    expect(step(adopt({ state: 'LISTEN' }), close(1), LINUX).tcb.state).toBe('CLOSED')
  })
})
