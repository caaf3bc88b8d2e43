/** The short cut and the rows: the same outcome, or the short cut passes. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MachineEvent } from '../../src/rfc9293/event.js'
import { adopt, step } from '../../src/rfc9293/machine.js'
import { plainStep } from '../../src/rfc9293/plain.js'
import { add } from '../../src/rfc9293/sequence.js'
import { LINUX, RFC9293 } from '../../src/rfc9293/stack.js'

const near = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: -3000, max: 3000 }))
const base = fc.constantFrom(0, 1, 1000, 0x7fffffff, 0xfffffff0)

describe('the short cut', () => {
  for (const stack of [LINUX, RFC9293]) {
    it(`gives what the rows give (${stack.name})`, () => {
      let taken = 0
      fc.assert(
        fc.property(
          base,
          base,
          fc.record({
            inFlight: fc.nat(3000),
            rcvWnd: fc.constantFrom(0, 1, 500, 64240),
            sndWnd: fc.constantFrom(0, 500, 64240),
          }),
          fc.record({
            seq: near,
            ack: near,
            len: fc.constantFrom(0, 0, 1, 500, 1448),
            wnd: fc.constantFrom(0, 500, 64240),
          }),
          fc.constantFrom('ack', 'ack', 'ack', 'fin', 'rst', 'syn', 'none', 'send', 'urg'),
          (snd, rcv, ours, seg, kind) => {
            const tcb = adopt({
              state: 'ESTABLISHED',
              sndUna: snd,
              sndNxt: add(snd, ours.inFlight),
              rcvNxt: rcv,
              rcvWnd: ours.rcvWnd,
              sndWnd: ours.sndWnd,
            })
            const event: MachineEvent =
              kind === 'send'
                ? { kind: 'call', call: 'send', seq: add(tcb.sndNxt, seg.seq), len: seg.len }
                : {
                    kind: 'segment',
                    segment: {
                      seq: add(rcv, seg.seq),
                      ack: add(snd, seg.ack + (ours.inFlight >> 1)),
                      len: seg.len,
                      wnd: seg.wnd,
                      syn: kind === 'syn',
                      ackBit: kind !== 'none',
                      fin: kind === 'fin',
                      rst: kind === 'rst',
                      urg: kind === 'urg',
                    },
                  }
            const short = plainStep(tcb, event)
            if (short === null) return
            taken++
            expect(short).toEqual(step(tcb, event, stack))
          },
        ),
        { numRuns: 4000 },
      )
      expect(taken).toBeGreaterThan(200)
    })
  }
})
