/**
 * Two hosts that run the machine of RFC 9293 itself, a network between them, and a capture point on it.
 *
 * In: what the owners do and when, delays, and what the network does to single packets. Out: the segments as captured,
 * and the truth: each end's state over time, and which segment reached its receiver. Retransmission is simple: what is
 * not acknowledged is sent again after a time-out that doubles.
 */
import type { Segment } from '../../src/flow/segment.js'
import type { MachineSegment, Tcb } from '../../src/rfc9293/event.js'
import { closed, step } from '../../src/rfc9293/machine.js'
import { add, gt } from '../../src/rfc9293/sequence.js'
import { LINUX } from '../../src/rfc9293/stack.js'
import type { State } from '../../src/rfc9293/state.js'

type End = 0 | 1

/** What becomes of one packet: lost before or behind the capture point, late, or copied by the network behind it. */
export type Mishap = 'lost-before' | 'lost-behind' | 'late' | 'twice'

export interface Plan {
  /** Seconds, one way, from the capture point to client and server. */
  readonly ways: readonly [number, number]
  readonly isn: readonly [number, number]
  /** Who sends how many bytes, after so many seconds. */
  readonly talks: readonly { readonly end: End; readonly length: number; readonly after: number }[]
  /** Who closes after so many seconds of nothing; the second so long after the first. */
  readonly closes: readonly { readonly end: End; readonly after: number }[]
  /** By the number of the packet in order of sending. */
  readonly mishaps: ReadonlyMap<number, Mishap>
  readonly timestamps: boolean
}

export interface Captured {
  readonly segment: Segment
  readonly end: End
  readonly sentAt: number
  /** When it came to its receiver's TCP; null: never. */
  readonly arrivedAt: number | null
  /** State of sender once it was sent, and of receiver once it was processed (or as it was, when it never came). */
  readonly sender: State
  receiver: State
}

interface Host {
  tcb: Tcb
  /** Segments that nobody has acknowledged yet, oldest first. */
  queue: MachineSegment[]
  tries: number
  timer: number
  /** Packets that were sent: the IP identification. */
  sent: number
  heard: number
  closing: boolean
}

interface Event {
  readonly at: number
  readonly order: number
  readonly run: () => void
}

const WINDOW = 60000
const FIRST_RTO = 1
const TICKS = 1000

export interface Run {
  readonly captured: readonly Captured[]
  readonly final: readonly [State, State]
  readonly ended: number
}

export function simulate(plan: Plan): Run {
  const hosts: [Host, Host] = [host(), host()]
  const events: Event[] = []
  const captured: Captured[] = []
  let now = 0
  let order = 0
  let numbered = 0
  const at = (time: number, run: () => void): void => {
    events.push({ at: time, order: order++, run })
  }

  const transmit = (end: End, s: MachineSegment): void => {
    const me = hosts[end]
    const number = numbered++
    const mishap = plan.mishaps.get(number)
    me.sent++
    if (mishap === 'lost-before') return
    const lag = mishap === 'late' ? 0.03 : 0
    const seenAt = now + plan.ways[end] + lag
    const lost = mishap === 'lost-behind'
    const entry: Captured = {
      segment: wire(plan, end, s, seenAt, me.sent, now, me.heard),
      end,
      sentAt: now,
      arrivedAt: lost ? null : seenAt + plan.ways[other(end)],
      sender: me.tcb.state,
      receiver: hosts[other(end)].tcb.state,
    }
    const stamp = Math.floor(now * TICKS)
    at(seenAt, () => {
      captured.push(entry)
      if (lost) entry.receiver = hosts[other(end)].tcb.state
    })
    if (lost) return
    at(entry.arrivedAt as number, () => {
      arrive(other(end), s, stamp)
      entry.receiver = hosts[other(end)].tcb.state
    })
    if (mishap === 'twice') at((entry.arrivedAt as number) + 0.001, () => arrive(other(end), s, stamp))
  }

  /** Sends something that must be acknowledged. */
  const push = (end: End, s: MachineSegment): void => {
    const me = hosts[end]
    me.queue.push(s)
    if (me.queue.length === 1) arm(end)
    transmit(end, s)
  }

  const arm = (end: End): void => {
    const me = hosts[end]
    const timer = ++me.timer
    at(now + FIRST_RTO * 2 ** me.tries, () => {
      const [oldest] = me.queue
      if (me.timer !== timer || oldest === undefined || me.tcb.state === 'CLOSED' || me.tries >= 4) return
      me.tries++
      transmit(end, {
        ...oldest,
        ack: me.tcb.rcvNxt,
        ackBit: oldest.ackBit || me.tcb.state === 'SYN_RECEIVED',
      })
      arm(end)
    })
  }

  const arrive = (end: End, s: MachineSegment, stamp: number): void => {
    const me = hosts[end]
    if (me.tcb.state === 'CLOSED') return
    const iss = plan.isn[end]
    const before = me.tcb
    const answer = s.syn && !s.ackBit ? { answer: { iss, ack: add(s.seq, 1) } } : {}
    const outcome = step(me.tcb, { kind: 'segment', segment: s, ...answer }, LINUX)
    me.tcb = { ...outcome.tcb, rcvWnd: WINDOW }
    if (outcome.accepted || s.seq === before.rcvNxt) me.heard = stamp
    const left = me.queue.length
    me.queue = me.queue.filter((q) => gt(endOf(q), me.tcb.sndUna))
    if (me.queue.length < left) {
      me.tries = 0
      if (me.queue.length > 0) arm(end)
      else me.timer++
    }
    for (const reply of outcome.replies) {
      const segment = { ...bare(me.tcb), seq: reply.seq, ack: reply.ack ?? 0, ackBit: reply.ack !== null }
      if (reply.kind === 'syn-ack') {
        const synAck = { ...segment, syn: true }
        if (me.queue.length === 0) push(end, synAck)
        else transmit(end, synAck)
      } else transmit(end, { ...segment, rst: reply.kind.startsWith('rst') })
    }
  }

  const bare = (tcb: Tcb): MachineSegment => ({
    seq: tcb.sndNxt,
    ack: tcb.rcvNxt,
    len: 0,
    wnd: WINDOW,
    syn: false,
    ackBit: true,
    fin: false,
    rst: false,
  })

  const connected = (end: End): boolean => ['ESTABLISHED', 'CLOSE_WAIT'].includes(hosts[end].tcb.state)

  const send = (end: End, length: number): void => {
    const me = hosts[end]
    if (!connected(end) || me.closing) return
    const segment = { ...bare(me.tcb), len: length }
    me.tcb = step(me.tcb, { kind: 'call', call: 'send', seq: segment.seq, len: length }, LINUX).tcb
    push(end, segment)
  }

  const close = (end: End): void => {
    const me = hosts[end]
    if (!connected(end) || me.closing) return
    me.closing = true
    const segment = { ...bare(me.tcb), fin: true }
    me.tcb = step(me.tcb, { kind: 'call', call: 'close', fin: segment.seq }, LINUX).tcb
    push(end, segment)
  }

  hosts[1].tcb = step(closed(), { kind: 'call', call: 'open-passive' }, LINUX).tcb
  const iss = plan.isn[0]
  hosts[0].tcb = step(closed(), { kind: 'call', call: 'open-active', iss, wnd: WINDOW }, LINUX).tcb
  push(0, { ...bare(hosts[0].tcb), seq: iss, ack: 0, ackBit: false, syn: true })
  let time = 4 * (plan.ways[0] + plan.ways[1]) + 0.01
  for (const talk of plan.talks) {
    time += talk.after
    at(time, () => send(talk.end, talk.length))
  }
  for (const { end, after } of plan.closes) {
    time += after
    at(time, () => close(end))
  }
  for (let steps = 0; events.length > 0 && steps < 2000; steps++) {
    events.sort((a, b) => a.at - b.at || a.order - b.order)
    const next = events.shift() as Event
    now = next.at
    if (now > 55) break
    next.run()
  }
  return { captured: numbers(captured), final: [hosts[0].tcb.state, hosts[1].tcb.state], ended: now }
}

const host = (): Host => ({ tcb: closed(), queue: [], tries: 0, timer: 0, sent: 0, heard: 0, closing: false })

const other = (end: End): End => (end === 0 ? 1 : 0)

const endOf = (s: MachineSegment): number => add(s.seq, s.len + (s.syn ? 1 : 0) + (s.fin ? 1 : 0))

const numbers = (captured: readonly Captured[]): Captured[] =>
  captured.map((entry, row) => ({ ...entry, segment: { ...entry.segment, packet: row + 1 } }))

const bits = (s: MachineSegment): number =>
  (s.fin ? 1 : 0) | (s.syn ? 2 : 0) | (s.rst ? 4 : 0) | (s.len > 0 ? 8 : 0) | (s.ackBit ? 16 : 0)

function wire(
  plan: Plan,
  end: End,
  s: MachineSegment,
  at: number,
  id: number,
  sentAt: number,
  heard: number,
): Segment {
  const epoch = 1_700_000_000
  return {
    packet: 0,
    capture: 0,
    iface: 0,
    seconds: epoch + Math.floor(at),
    nanoseconds: Math.floor((at % 1) * 1e9),
    at,
    from: end,
    flags: bits(s),
    syn: s.syn,
    fin: s.fin,
    rst: s.rst,
    ackBit: s.ackBit,
    seq: s.seq,
    ack: s.ackBit ? s.ack : 0,
    len: s.len,
    end: endOf(s),
    window: s.rst && !s.ackBit ? 0 : WINDOW,
    ttl: end === 0 ? 63 : 57,
    ipId: s.syn && s.ackBit ? 0 : id,
    mss: s.syn ? 1460 : -1,
    windowScale: -1,
    sackPermitted: s.syn,
    sack: [],
    hasTimestamps: plan.timestamps,
    tsVal: plan.timestamps ? Math.floor(sentAt * TICKS) : 0,
    tsEcr: plan.timestamps && s.ackBit ? heard : 0,
    fastOpen: -1,
    hasOptions: s.syn || plan.timestamps,
    captureFlags: 0,
    wireLength: 54 + s.len,
    checksum: 'good',
  }
}
