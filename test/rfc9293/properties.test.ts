/** Whatever happens, in whatever order, with whatever numbers. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MachineEvent, Tcb } from '../../src/rfc9293/event.js'
import { adopt, closed, step } from '../../src/rfc9293/machine.js'
import { geq, leq } from '../../src/rfc9293/sequence.js'
import { LINUX, RFC9293 } from '../../src/rfc9293/stack.js'
import { STATES } from '../../src/rfc9293/state.js'

/** Numbers near the two windows, near the wrap, and anywhere. */
const BASES = [0, 0xffffff00, 0x7fffffff]
const number = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(...BASES), fc.integer({ min: 0, max: 300 }))
      .map(([b, n]) => (b + n) >>> 0),
  },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 2 ** 32 - 1 }) },
)
const length = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 65535 }))
const wnd = fc.oneof(fc.constant(0), fc.constant(65535 * 2 ** 14), fc.integer({ min: 0, max: 1000 }))
const bool = fc.boolean()

const segment = fc.record({
  seq: number,
  ack: number,
  len: length,
  wnd,
  syn: bool,
  ackBit: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: bool }),
  fin: bool,
  rst: fc.oneof({ weight: 8, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: bool }),
  urg: bool,
  paws: fc.oneof({ weight: 8, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: bool }),
  newerTimestamp: bool,
})

const event: fc.Arbitrary<MachineEvent> = fc.oneof(
  { weight: 10, arbitrary: segment.map((s) => ({ kind: 'segment', segment: s }) as const) },
  fc
    .tuple(segment, number, number)
    .map(
      ([s, iss, ack]) => ({ kind: 'segment', segment: { ...s, syn: true }, answer: { iss, ack } }) as const,
    ),
  fc.constantFrom<MachineEvent>({ kind: 'call', call: 'open-passive' }, { kind: 'call', call: 'abort' }),
  fc.tuple(number, wnd).map(([iss, w]) => ({ kind: 'call', call: 'open-active', iss, wnd: w }) as const),
  fc.tuple(number, length).map(([seq, len]) => ({ kind: 'call', call: 'send', seq, len }) as const),
  fc.tuple(number, bool).map(([fin, queued]) => ({ kind: 'call', call: 'close', fin, queued }) as const),
  fc
    .constantFrom('user', 'time-wait', 'retransmission')
    .map((timeout) => ({ kind: 'timeout', timeout }) as const),
  wnd.map((w) => ({ kind: 'window', wnd: w }) as const),
  fc.constantFrom('hard', 'soft').map((error) => ({ kind: 'icmp', error }) as const),
)

const start: fc.Arbitrary<Tcb> = fc.oneof(
  fc.constant(closed()),
  fc
    .tuple(fc.constantFrom(...STATES), number, number, wnd)
    .map(([state, sndNxt, rcvNxt, rcvWnd]) => adopt({ state, sndNxt, rcvNxt, rcvWnd })),
)

describe.each([RFC9293, LINUX])('any events, $name', (stack) => {
  it('leave one of eleven states, SND.UNA =< SND.NXT, and RCV.NXT not behind', () => {
    fc.assert(
      fc.property(start, fc.array(event, { maxLength: 30 }), (tcb, events) => {
        let before = tcb
        for (const next of events) {
          const { tcb: after, rules } = step(before, next, stack)
          expect(STATES).toContain(after.state)
          expect(leq(after.sndUna, after.sndNxt)).toBe(true)
          const opens = ['CLOSED', 'LISTEN', 'SYN_SENT'].includes(before.state)
          const ends = ['CLOSED', 'LISTEN'].includes(after.state)
          if (!opens && !ends) expect(geq(after.rcvNxt, before.rcvNxt)).toBe(true)
          if (rules.length === 0) expect(after).toEqual(before)
          before = after
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('keep what is held in order, apart, and ahead of RCV.NXT', () => {
    fc.assert(
      fc.property(start, fc.array(event, { maxLength: 30 }), (tcb, events) => {
        let after = tcb
        for (const next of events) {
          after = step(after, next, stack).tcb
          let edge = after.rcvNxt
          for (const { from, to } of after.held) {
            expect(geq(from, edge) && geq(to, from) && from !== to).toBe(true)
            edge = to
          }
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('change nothing that was given', () => {
    fc.assert(
      fc.property(start, event, (tcb, next) => {
        const copy = structuredClone({ tcb, next })
        step(tcb, next, stack)
        expect({ tcb, next }).toEqual(copy)
      }),
    )
  })

  it('mean the same wherever the sequence space is cut', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.constantFrom(...STATES),
        segment,
        (shift, state, s) => {
          const moved = (n: number) => (n + shift) >>> 0
          const at = (move: (n: number) => number) =>
            step(
              adopt({
                state,
                sndUna: move(100),
                sndNxt: move(150),
                rcvNxt: move(200),
                rcvWnd: 500,
                sndWnd: 500,
              }),
              { kind: 'segment', segment: { ...s, seq: move(s.seq), ack: move(s.ack) } },
              stack,
            )
          const here = at((n) => n)
          const there = at(moved)
          expect(there.rules).toEqual(here.rules)
          expect(there.tcb.state).toBe(here.tcb.state)
          if (state !== 'CLOSED' && here.tcb.state !== 'CLOSED' && here.tcb.state !== 'LISTEN')
            expect(there.tcb.rcvNxt).toBe(moved(here.tcb.rcvNxt))
        },
      ),
    )
  })
})
