import { describe, expect, it } from 'vitest'
import type { MachineEvent, Tcb } from '../../src/rfc9293/event.js'
import { closed, step } from '../../src/rfc9293/machine.js'
import { LINUX, RFC9293 } from '../../src/rfc9293/stack.js'
import { arrives, close, openActive, openPassive, send } from './build.js'

/** States after each event, and the rules of the last. */
const states = (events: readonly MachineEvent[], stack = RFC9293): string[] => {
  let tcb: Tcb = closed()
  return events.map((event) => {
    tcb = step(tcb, event, stack).tcb
    return tcb.state
  })
}

describe.each([RFC9293, LINUX])('a whole connection, $name', (stack) => {
  it('client that closes first', () => {
    const events = [
      openActive(100),
      arrives('SA', { seq: 300, ack: 101 }),
      send(101, 7),
      arrives('A', { seq: 301, ack: 108 }),
      arrives('A', { seq: 301, ack: 108, len: 5 }),
      close(108),
      arrives('A', { seq: 306, ack: 109 }),
      arrives('FA', { seq: 306, ack: 109 }),
      { kind: 'timeout', timeout: 'time-wait' } as const,
    ]
    expect(states(events, stack)).toEqual([
      'SYN_SENT',
      'ESTABLISHED',
      'ESTABLISHED',
      'ESTABLISHED',
      'ESTABLISHED',
      'FIN_WAIT_1',
      'FIN_WAIT_2',
      'TIME_WAIT',
      'CLOSED',
    ])
  })

  it('server whose client closes first', () => {
    const events = [
      openPassive,
      arrives('S', { seq: 100 }, { iss: 300 }),
      arrives('A', { seq: 101, ack: 301 }),
      arrives('A', { seq: 101, ack: 301, len: 7 }),
      send(301, 5),
      arrives('FA', { seq: 108, ack: 306 }),
      close(306),
      arrives('A', { seq: 109, ack: 307 }),
    ]
    expect(states(events, stack)).toEqual([
      'LISTEN',
      'SYN_RECEIVED',
      'ESTABLISHED',
      'ESTABLISHED',
      'ESTABLISHED',
      'CLOSE_WAIT',
      'LAST_ACK',
      'CLOSED',
    ])
  })
})
