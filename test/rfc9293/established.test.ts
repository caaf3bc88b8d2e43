import { describe, expect, it } from 'vitest'
import { adopt, step } from '../../src/rfc9293/machine.js'
import { LINUX, RFC9293 } from '../../src/rfc9293/stack.js'
import { arrives, send, timeout, window } from './build.js'

/** SND.UNA 100, SND.NXT 150, RCV.NXT 200, RCV.WND 50, the peer's window 1000. */
const open = adopt({ state: 'ESTABLISHED', sndUna: 100, sndNxt: 150, sndWnd: 1000, rcvNxt: 200, rcvWnd: 50 })
const shut = { ...open, rcvWnd: 0 }
const ACK = { kind: 'ack', seq: 150, ack: 200 }
const CHALLENGE = { kind: 'challenge-ack', seq: 150, ack: 200 }

describe('the window, table 6', () => {
  it.each([
    // SEG.SEQ, SEG.LEN, RCV.WND, acceptable
    [200, 0, 0, true],
    [201, 0, 0, false],
    [199, 0, 50, false],
    [200, 0, 50, true],
    [249, 0, 50, true],
    [250, 0, 50, false],
    [249, 1, 50, true],
    [190, 10, 50, false],
    [190, 11, 50, true],
    [250, 1, 50, false],
  ])('SEG.SEQ %i, SEG.LEN %i, RCV.WND %i: %s', (seq, len, rcvWnd, acceptable) => {
    const { accepted, replies } = step({ ...open, rcvWnd }, arrives('A', { seq, len, ack: 100 }), RFC9293)
    expect(accepted).toBe(acceptable)
    if (!acceptable) expect(replies).toEqual([ACK])
  })

  it('takes only the new part of what straddles it', () => {
    const outcome = step(open, arrives('FA', { seq: 190, len: 40, ack: 100 }), RFC9293)
    expect(outcome.tcb).toMatchObject({ state: 'CLOSE_WAIT', rcvNxt: 231 })
    expect(outcome.rules).toEqual(['3.10.7.4/1-sequence/trim-old', '3.10.7.4/7-text', '3.10.7.4/8-fin/open'])
  })

  it('takes the whole of what just fits', () => {
    const outcome = step(open, arrives('FA', { seq: 200, len: 49, ack: 100 }), RFC9293)
    expect(outcome.rules).toEqual(['3.10.7.4/7-text', '3.10.7.4/8-fin/open'])
  })

  it('takes only what lies inside: no FIN that lies beyond', () => {
    const outcome = step(open, arrives('FA', { seq: 200, len: 100, ack: 100 }), RFC9293)
    expect(outcome.tcb).toMatchObject({ state: 'ESTABLISHED', rcvNxt: 250 })
    expect(outcome.rules).toEqual(['3.10.7.4/1-sequence/trim-beyond', '3.10.7.4/7-text'])
  })

  it('has a special allowance when it is shut: the ACK counts, the text does not, and a probe is answered', () => {
    const outcome = step(shut, arrives('A', { seq: 200, len: 1, ack: 120 }), RFC9293)
    expect(outcome.tcb).toMatchObject({ sndUna: 120, rcvNxt: 200 })
    expect(outcome.replies).toEqual([ACK])
    expect(step(shut, arrives('R', { seq: 200 }), RFC9293).tcb.state).toBe('CLOSED')
  })

  it('lets a bare FIN in on Linux though it is shut', () => {
    const fin = arrives('FA', { seq: 200, ack: 100 })
    expect(step(shut, fin, LINUX).tcb.state).toBe('CLOSE_WAIT')
    expect(step(shut, fin, RFC9293).tcb.state).toBe('ESTABLISHED')
  })

  it('on Linux ends one later for an empty segment, and begins one earlier for its ACK', () => {
    expect(step(open, arrives('A', { seq: 250, ack: 120 }), LINUX).tcb.sndUna).toBe(120)
    expect(step(open, arrives('A', { seq: 190, len: 10, ack: 120 }), LINUX)).toMatchObject({
      tcb: { sndUna: 120, rcvNxt: 200 },
      replies: [{ ...ACK, ack: 200 }],
    })
    expect(step(open, arrives('A', { seq: 190, len: 10, ack: 120 }), RFC9293).tcb.sndUna).toBe(100)
  })

  it('moves when this end announces it', () => {
    expect(step(shut, window(70), RFC9293).tcb.rcvWnd).toBe(70)
    expect(step(open, window(50), RFC9293).rules).toEqual([])
  })

  it('does not let PAWS failures in, except RST', () => {
    const old = arrives('A', { seq: 200, len: 5, ack: 100, paws: true })
    expect(step(open, old, LINUX)).toMatchObject({
      rules: ['3.10.7.4/1-sequence/paws'],
      replies: [ACK],
      accepted: false,
    })
    expect(step(open, arrives('R', { seq: 200, paws: true }), LINUX).tcb.state).toBe('CLOSED')
  })
})

describe('RST, the three checks of step 2', () => {
  it('outside the window: silently dropped', () => {
    expect(step(open, arrives('R', { seq: 300 }), LINUX)).toMatchObject({
      tcb: { state: 'ESTABLISHED' },
      replies: [],
      accepted: false,
    })
  })
  it('at RCV.NXT: the connection is reset', () => {
    expect(step(open, arrives('R', { seq: 200 }), LINUX).rules).toEqual(['3.10.7.4/2-reset/open'])
  })
  it('elsewhere in the window: challenge ACK', () => {
    expect(step(open, arrives('R', { seq: 210 }), LINUX)).toMatchObject({
      tcb: { state: 'ESTABLISHED' },
      replies: [CHALLENGE],
      accepted: false,
    })
  })
  it('at the end of what is held: taken by Linux only', () => {
    const holding = { ...open, held: [{ from: 210, to: 220, fin: false }] }
    expect(step(holding, arrives('R', { seq: 220 }), LINUX).tcb.state).toBe('CLOSED')
    expect(step(holding, arrives('R', { seq: 220 }), RFC9293).tcb.state).toBe('ESTABLISHED')
  })
  it('with the number of the peer FIN: taken by Linux only', () => {
    const closeWait = adopt({ state: 'CLOSE_WAIT', sndNxt: 150, rcvNxt: 200, rcvWnd: 50 })
    expect(step(closeWait, arrives('R', { seq: 199 }), LINUX).tcb.state).toBe('CLOSED')
    expect(step(closeWait, arrives('R', { seq: 199 }), RFC9293).tcb.state).toBe('CLOSE_WAIT')
  })
})

describe('SYN in a synchronized state', () => {
  it.each([200, 220])('in the window (%i): challenge ACK, by step 4', (seq) => {
    expect(step(open, arrives('S', { seq }), RFC9293)).toMatchObject({
      tcb: open,
      replies: [CHALLENGE],
      accepted: false,
    })
  })
  it('outside: an ACK, by step 1; the SYN,ACK again too', () => {
    expect(step(open, arrives('S', { seq: 900 }), LINUX).replies).toEqual([ACK])
    expect(step(open, arrives('SA', { seq: 199, ack: 100 }), LINUX)).toMatchObject({
      replies: [ACK],
      accepted: false,
    })
  })
})

describe('ACK, step 5', () => {
  const ack = (number: number) => arrives('A', { seq: 200, ack: number, wnd: 1000 })

  it.each([
    // SND.UNA - MAX.SND.WND = 100 - 1000
    [100 - 1000 + 2 ** 32, true],
    [100 - 1001 + 2 ** 32, false],
    [100, true],
    [150, true],
    [151, false],
  ])('%i: %s', (number, acceptable) => {
    const outcome = step(open, ack(number), RFC9293)
    expect(outcome.accepted).toBe(acceptable)
    expect(outcome.tcb.sndUna).toBe(number === 150 ? 150 : 100)
    expect(outcome.replies).toHaveLength(acceptable ? 0 : 1)
  })

  it('sets the send window only from a newer segment', () => {
    const first = step(open, arrives('A', { seq: 210, ack: 120, wnd: 500 }), RFC9293).tcb
    expect(first).toMatchObject({ sndWnd: 500, sndWl1: 210, sndWl2: 120 })
    expect(step(first, arrives('A', { seq: 200, ack: 120, wnd: 900 }), RFC9293).tcb.sndWnd).toBe(500)
    expect(step(first, arrives('A', { seq: 210, ack: 120, wnd: 0 }), RFC9293)).toMatchObject({
      tcb: { sndWnd: 0, maxSndWnd: 1000 },
      rules: ['3.10.7.4/5-ack/window'],
    })
  })

  it('leaves the send window alone when it is older by its ACK', () => {
    const later = { ...open, sndWl1: 200, sndWl2: 101 }
    expect(step(later, arrives('A', { seq: 200, ack: 100, wnd: 5 }), RFC9293).tcb.sndWnd).toBe(1000)
  })

  it('sets the send window with nothing in flight too', () => {
    const idle = { ...open, sndUna: 150 }
    expect(step(idle, arrives('A', { seq: 200, ack: 150, wnd: 5 }), RFC9293).tcb.sndWnd).toBe(5)
  })

  it.each([LINUX, RFC9293])('$name: one that says nothing new fires no rule and draws no reply', (stack) => {
    const outcome = step(open, arrives('A', { seq: 200, ack: 100, wnd: 1000 }), stack)
    expect(outcome).toEqual({ tcb: open, rules: [], replies: [], accepted: true })
  })

  it('is needed', () => {
    expect(step(open, arrives('', { seq: 200, len: 5 }), RFC9293)).toMatchObject({
      rules: ['3.10.7.4/5-ack/no-ack'],
      accepted: false,
    })
  })
})

describe('text out of order', () => {
  it('is held and taken when the gap fills, the FIN too', () => {
    const early = step(open, arrives('FA', { seq: 210, len: 5, ack: 100 }), LINUX)
    expect(early).toMatchObject({
      tcb: { state: 'ESTABLISHED', rcvNxt: 200 },
      replies: [ACK],
      accepted: true,
    })
    const filled = step(early.tcb, arrives('A', { seq: 200, len: 10, ack: 100 }), LINUX)
    expect(filled.tcb).toMatchObject({ state: 'CLOSE_WAIT', rcvNxt: 216, held: [] })
    expect(filled.rules).toEqual(['3.10.7.4/7-text/gap-filled', '3.10.7.4/8-fin/open'])
    expect(filled.replies).toEqual([{ kind: 'ack', seq: 150, ack: 216 }])
  })
})

describe('the retransmission timer', () => {
  it('means nothing with nothing in flight', () => {
    expect(step(open, timeout('retransmission'), RFC9293).rules).toEqual(['3.10.8/retransmission'])
    expect(step({ ...open, sndUna: 150 }, timeout('retransmission'), RFC9293).rules).toEqual([])
  })
})

describe('SEND', () => {
  it('moves SND.NXT over new text, and not for a retransmission', () => {
    expect(step(open, send(150, 30), RFC9293).tcb.sndNxt).toBe(180)
    expect(step(open, send(120, 30), RFC9293).tcb.sndNxt).toBe(150)
  })
})
