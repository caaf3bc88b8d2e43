/**
 * Drives two machines with the events that a figure draws.
 *
 * In: a figure and a stack. Out: after each line, the states of both peers. A segment departs only when its sender's
 * machine has said so (a reply), or when a user's call explains it; anything else throws.
 */
import type { MachineEvent, MachineSegment, Reply, Tcb } from '../../src/rfc9293/event.js'
import { adopt, closed, step } from '../../src/rfc9293/machine.js'
import type { StackProfile } from '../../src/rfc9293/stack.js'
import type { State } from '../../src/rfc9293/state.js'
import { close, openActive, openPassive, send, timeout } from '../rfc9293/build.js'
import type { Figure, Line, Peer } from './notation.js'

export interface After {
  readonly line: Line
  readonly states: Readonly<Record<Peer, State>>
  readonly rules: readonly string[]
}

const PEERS = ['A', 'B'] as const
const other = (peer: Peer): Peer => (peer === 'A' ? 'B' : 'A')

export const drive = (figure: Figure, stack: StackProfile): readonly After[] => {
  const tcbs: Record<Peer, Tcb> = { A: closed(), B: closed() }
  const owed: Record<Peer, Reply[]> = { A: [], B: [] }
  let fired: string[] = []

  const happens = (peer: Peer, event: MachineEvent): void => {
    const outcome = step(tcbs[peer], event, stack)
    tcbs[peer] = outcome.tcb
    owed[peer].push(...outcome.replies)
    fired.push(...outcome.rules.map((rule) => `${peer} ${rule}`))
  }

  const begin = (peer: Peer, line: Line): void => {
    const { state, comment } = line.columns[peer]
    const numbers = /send (\d+),receive (\d+)/.exec(comment ?? '')
    if (numbers) {
      const [, sndNxt, rcvNxt] = numbers.map(Number)
      tcbs[peer] = adopt({ state: 'ESTABLISHED', sndNxt: sndNxt ?? 0, rcvNxt: rcvNxt ?? 0, rcvWnd: 100 })
    } else if (state === 'LISTEN') happens(peer, openPassive)
    else if (state === 'ESTABLISHED') {
      const first = figure.lines.find(({ segment }) => segment !== null)
      const { seq = 0, ack = 0 } = first?.segment ?? {}
      const [sndNxt, rcvNxt] = first?.from === peer ? [seq, ack] : [ack, seq]
      tcbs[peer] = adopt({ state, sndNxt, rcvNxt, rcvWnd: 100 })
    }
  }

  const departs = (peer: Peer, segment: MachineSegment): void => {
    const tcb = tcbs[peer]
    const due = owed[peer].findIndex((reply) => isThe(reply, segment))
    if (due >= 0) owed[peer].splice(due, 1)
    else if (segment.syn && !segment.ackBit && tcb.state === 'CLOSED')
      happens(peer, openActive(segment.seq, 100))
    else if (segment.syn && tcb.state === 'SYN_SENT') happens(peer, timeout('retransmission'))
    else if (segment.len > 0) happens(peer, send(segment.seq, segment.len))
    else if (!segment.fin || segment.seq !== tcb.fin)
      throw new Error(`nothing sends ${JSON.stringify(segment)}`)
  }

  /** The SYN+ACK that a SYN draws is drawn further down in the figure. */
  const answer = (from: number, peer: Peer): { iss: number } | undefined => {
    const line = figure.lines
      .slice(from)
      .find((next) => next.from === peer && next.segment?.syn && next.segment.ackBit)
    return line?.segment ? { iss: line.segment.seq } : undefined
  }

  return figure.lines.map((line, index) => {
    fired = []
    for (const peer of PEERS) {
      if (index === 0) begin(peer, line)
      else if (line.columns[peer].comment === 'Close') happens(peer, close(tcbs[peer].sndNxt))
      else if (line.columns[peer].comment === '2 MSL') happens(peer, timeout('time-wait'))
    }
    if (line.segment && line.from) {
      const to = other(line.from)
      if (line.departs) departs(line.from, line.segment)
      const drawn = line.segment.syn ? answer(index, to) : undefined
      if (line.arrives)
        happens(to, { kind: 'segment', segment: line.segment, ...(drawn ? { answer: drawn } : {}) })
    }
    return { line, states: { A: tcbs.A.state, B: tcbs.B.state }, rules: fired }
  })
}

const isThe = (reply: Reply, segment: MachineSegment): boolean =>
  reply.seq === segment.seq &&
  (reply.ack === null ? !segment.ackBit : segment.ackBit && reply.ack === segment.ack) &&
  segment.len === 0 &&
  !segment.fin &&
  segment.rst === reply.kind.startsWith('rst') &&
  segment.syn === (reply.kind === 'syn-ack')
