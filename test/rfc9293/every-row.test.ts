/**
 * Every row fires in every state that it names. The events are generated: all flags with the numbers that lie on each
 * side of each of the RFC's inequalities, for control blocks of each state; nothing here is picked for a row.
 */
import { describe, expect, it } from 'vitest'
import type { MachineEvent, Tcb } from '../../src/rfc9293/event.js'
import { adopt, closed, RULES, type RuleId, step } from '../../src/rfc9293/machine.js'
import { LINUX, RFC9293, type StackProfile } from '../../src/rfc9293/stack.js'
import { STATES, type State } from '../../src/rfc9293/state.js'
import { abort, close, openActive, openPassive, seg, send, timeout, window } from './build.js'

/** (row, state) pairs that the RFC writes down and nothing can reach. */
const UNREACHABLE: Readonly<Record<string, string>> = {
  '3.10.7.4/8-fin/open in SYN_RECEIVED': 'step 5 enters ESTABLISHED or drops the segment',
  '3.10.7.4/8-fin/fin-wait-1/our-fin in FIN_WAIT_1': 'step 5 enters FIN_WAIT_2 when our FIN is acknowledged',
  '3.10.7.4/8-fin/again in CLOSING':
    'step 5 ends processing in CLOSING, whether our FIN is acknowledged or not',
  '3.10.7.4/6-urgent/ignored in CLOSING': 'step 5 ends processing in CLOSING',
  '3.10.7.4/7-text/ignored in CLOSING': 'step 5 ends processing in CLOSING',
}

const UNA = 1000
const NXT = 1010
const RCV = 5000

const STACKS: readonly StackProfile[] = [
  RFC9293,
  LINUX,
  { ...LINUX, resetEndsTimeWait: false, resetSenderCloses: false },
]

/** Control blocks of a state: windows open and shut, something held, origins, our FIN in flight or not. */
const blocks = (state: State): readonly Tcb[] => {
  if (state === 'CLOSED') return [closed()]
  const base = { state, iss: UNA - 1, sndUna: UNA, sndNxt: NXT, sndWnd: 50, maxSndWnd: 50 } as const
  const finSent = { FIN_WAIT_1: NXT - 1, CLOSING: NXT - 1, LAST_ACK: NXT - 1 }[state as string]
  const usual = {
    ...base,
    rcvNxt: RCV,
    rcvWnd: 100,
    sndWl1: RCV - 1,
    sndWl2: UNA,
    ...(finSent === undefined ? {} : { fin: finSent }),
  }
  return [
    adopt({ ...usual, origin: 'passive' }),
    adopt({ ...usual, origin: 'active' }),
    adopt({ ...usual, rcvWnd: 0 }),
    adopt({ ...usual, orphan: true }),
    adopt({ ...usual, held: [{ from: RCV + 10, to: RCV + 20, fin: false }] }),
  ]
}

const CALLS: readonly MachineEvent[] = [
  openPassive,
  openActive(7),
  send(NXT, 5),
  send(UNA, 5),
  close(NXT),
  abort,
  timeout('user'),
  timeout('time-wait'),
  timeout('retransmission'),
  window(3),
  { kind: 'icmp', error: 'hard' },
  { kind: 'icmp', error: 'soft' },
]

const FLAGS = Array.from({ length: 32 }, (_, bits) => [...'SAFRU'].filter((_, i) => (bits >> i) & 1).join(''))
const SEQS = [RCV - 11, RCV - 1, RCV, RCV + 20, RCV + 100, RCV + 200]
const LENGTHS = [0, 10, 100]
const ACKS = [UNA - 100, UNA - 1, UNA, UNA + 1, NXT, NXT + 1]

function* segments(): Generator<MachineEvent> {
  for (const flags of FLAGS)
    for (const seq of SEQS)
      for (const len of LENGTHS)
        for (const ack of flags.includes('A') ? ACKS : [0])
          for (const wnd of flags.includes('A') ? [50, 60] : [50])
            yield { kind: 'segment', segment: seg(flags, { seq, len, ack, wnd }) }
  for (const flags of ['S', 'A', 'R', 'SA'])
    for (const seq of SEQS) {
      yield { kind: 'segment', segment: seg(flags, { seq, ack: UNA, paws: true }) }
      yield { kind: 'segment', segment: seg(flags, { seq, ack: UNA, newerTimestamp: true }) }
    }
  const answer = { iss: UNA, ack: RCV + 11 }
  yield { kind: 'segment', segment: seg('S', { seq: RCV, len: 10 }), answer }
}

describe('every row', () => {
  const to = new Map<RuleId, State>(RULES.flatMap((row) => (row.to === undefined ? [] : [[row.id, row.to]])))
  const fired = new Set<string>()
  const events = [...CALLS, ...segments()]
  for (const stack of STACKS)
    for (const state of STATES)
      for (const tcb of blocks(state))
        for (const event of events) {
          let at: State = state
          for (const rule of step(tcb, event, stack).rules) {
            fired.add(`${rule} in ${at}`)
            at = to.get(rule) ?? at
          }
        }

  it.each(RULES)('$id fires in every state that it names', ({ id, in: states }) => {
    const silent = states.map((state) => `${id} in ${state}`).filter((pair) => !fired.has(pair))
    expect(silent).toEqual(states.map((state) => `${id} in ${state}`).filter((pair) => pair in UNREACHABLE))
  })

  it('that is called unreachable stands in the tables', () => {
    const pairs = RULES.flatMap(({ id, in: states }) => states.map((state) => `${id} in ${state}`))
    expect(pairs).toEqual(expect.arrayContaining(Object.keys(UNREACHABLE)))
  })
})
