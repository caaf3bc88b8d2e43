/**
 * Parts a conversation into connections: a 4-tuple can be used again.
 *
 * In: a conversation. Out: its connections in order, each with the client decided and every segment's `from`
 * counted from it. Knows sequence numbers of SYNs, no states. RFC 9293 section 3.4.1 (initial sequence numbers).
 */
import { firstThat } from '../bisection.js'
import { add, diff } from '../rfc9293/sequence.js'
import type { Address, Conversation } from './conversation.js'
import { CLIENT, type End, type IcmpError, other, SERVER, type Segment } from './segment.js'

export interface Connection {
  readonly client: Address
  readonly server: Address
  /** The rule that decided who is the client, strongest first. */
  readonly roles: 'syn' | 'syn-ack' | 'port' | 'first'
  readonly ipVersion: 4 | 6
  readonly outer: string
  /** How many connections of the same 4-tuple came before. */
  readonly incarnation: number
  /** No SYN of it was captured. */
  readonly beginsInMiddle: boolean
  readonly segments: readonly Segment[]
  readonly icmp: readonly IcmpError[]
  /** True when the client of this connection is the first end of the conversation. */
  readonly sameEnds: boolean
}

/** The first numbers of the connection that is being collected. */
interface Open {
  readonly segments: Segment[]
  /** Initial sequence number of each end, null until its SYN was seen; and the length of the text on that SYN. */
  readonly isn: [number | null, number | null]
  readonly text: [number, number]
  /** Initial sequence number of each end as the other's SYN+ACK names it: its own SYN may be missing, and come again. */
  readonly named: [number | null, number | null]
  /** Each end has sent something; somebody has sent something other than a SYN without ACK. */
  readonly spoke: [boolean, boolean]
  goesOn: boolean
  /** Its first SYN that is no RST. */
  syn: Segment | null
  /** Each end has sent a SYN without ACK; somebody has sent any SYN at all. */
  readonly opened: [boolean, boolean]
  hasSyn: boolean
}

const newOpen = (): Open => ({
  segments: [],
  isn: [null, null],
  text: [0, 0],
  named: [null, null],
  spoke: [false, false],
  goesOn: false,
  syn: null,
  opened: [false, false],
  hasSyn: false,
})

export function connections(conversation: Conversation): Connection[] {
  const groups: Open[] = []
  let open: Open | null = null
  const all = conversation.segments
  for (let k = 0; k < all.length; k++) {
    const s = all[k] as Segment
    if (open === null || (s.syn && !s.rst && beginsAnother(all, k, open))) {
      open = newOpen()
      groups.push(open)
    }
    if (s.syn) takeSyn(open, s)
    open.spoke[s.from] = true
    open.goesOn ||= !s.syn || s.ackBit
    open.segments.push(s)
  }
  const errors = errorsOf(conversation, groups)
  return groups.map((group, i) => toConnection(conversation, group, i, errors[i] ?? []))
}

function takeSyn(open: Open, s: Segment): void {
  open.hasSyn = true
  if (!s.ackBit) open.opened[s.from] = true
  if (s.rst) return
  open.syn ??= s
  if (s.ackBit) open.named[other(s.from)] ??= add(s.ack, -1)
  if (open.isn[s.from] !== null) return
  open.isn[s.from] = s.seq
  open.text[s.from] = s.len
}

/** Does the SYN or SYN+ACK at `k` belong to a connection other than the one collected so far? */
function beginsAnother(all: readonly Segment[], k: number, open: Open): boolean {
  const s = all[k] as Segment
  const own = open.isn[s.from]
  const peer = open.isn[other(s.from)]
  if ((own ?? open.named[s.from]) === s.seq) return false // sent again
  if (s.ackBit) {
    // A SYN+ACK that answers the SYN we know, or that nobody takes up, stays.
    if (peer !== null && answersSyn(open, s, peer)) return false
    return takenUp(all, k)
  }
  // Two SYNs without ACK that cross: a simultaneous open (section 3.5, figure 7), if somebody goes on with it.
  const onlySyns = !open.goesOn && !open.spoke[s.from]
  const answer = answered(all, k)
  if (onlySyns && answer !== 'refused' && crossedSyns(all, k, peer)) return false
  if (answer !== 'no') return true
  return !goesOnWithOldNumbers(all, k, open)
}

/** It acknowledges the peer's SYN, with or without the text on it (Fast Open). */
function answersSyn(open: Open, s: Segment, peer: number): boolean {
  const text = open.text[other(s.from)]
  return diff(s.ack, add(peer, 1)) >= 0 && diff(s.ack, add(peer, 1 + text)) <= 0
}

/** Somebody acknowledges the sequence number of this SYN+ACK. */
function takenUp(all: readonly Segment[], k: number): boolean {
  const s = all[k] as Segment
  for (let i = k + 1; i < all.length && i < k + AHEAD; i++) {
    const x = all[i] as Segment
    if (x.from !== s.from && x.ackBit && x.ack === add(s.seq, 1)) return true
    if (x.syn && x.from === s.from && x.seq !== s.seq) return false
  }
  return false
}

function crossedSyns(all: readonly Segment[], k: number, peerIsn: number | null): boolean {
  const s = all[k] as Segment
  for (let i = k + 1; i < all.length && i < k + AHEAD; i++) {
    const x = all[i] as Segment
    if (!x.ackBit || x.rst) continue
    if (x.from === s.from && x.syn && x.seq === s.seq && peerIsn !== null && x.ack === add(peerIsn, 1))
      return true
    if (x.from !== s.from && x.syn && x.seq === peerIsn && x.ack === add(s.seq, 1)) return true
    if (!x.syn) return false
  }
  return false
}

/** What the peer says to the SYN at `k`. */
function answered(all: readonly Segment[], k: number): 'accepted' | 'refused' | 'no' {
  const s = all[k] as Segment
  const expected = add(s.seq, 1)
  for (let i = k + 1; i < all.length && i < k + AHEAD; i++) {
    const x = all[i] as Segment
    if (x.from === s.from) {
      if (x.syn && x.seq !== s.seq) return 'no'
      continue
    }
    if (!x.ackBit || (x.ack !== expected && x.ack !== add(expected, s.len))) continue
    if (x.rst) return 'refused'
    if (x.syn) return 'accepted'
  }
  return 'no'
}

/** How far to look ahead for what becomes of a SYN, in rows. */
const AHEAD = 256

/** How far from the old numbers a segment may lie and still belong to them. */
const NEARBY = 1 << 24

/** After a SYN that nobody took: does its sender carry on with the old connection (a forged or an old SYN)? */
function goesOnWithOldNumbers(all: readonly Segment[], k: number, open: Open): boolean {
  const s = all[k] as Segment
  const last = open.segments.slice(-AHEAD).findLast((x) => x.from === s.from && !x.rst)
  if (last === undefined) return false
  const expected = last.end
  for (let i = k + 1; i < all.length && i < k + AHEAD; i++) {
    const x = all[i] as Segment
    if (x.from !== s.from) continue
    if (x.syn) {
      if (x.seq !== s.seq) return false
      continue
    }
    if (x.rst) continue
    const toOld = Math.abs(diff(x.seq, expected))
    const toNew = Math.abs(diff(x.seq, add(s.seq, 1)))
    return toOld < NEARBY && toOld < toNew
  }
  return false
}

/** Each error belongs to the latest connection that had begun when it came, or to the first. */
function errorsOf(conversation: Conversation, groups: readonly Open[]): IcmpError[][] {
  const errors: IcmpError[][] = groups.map(() => [])
  for (const error of conversation.icmp) {
    const later = firstThat(1, groups.length, (n) => {
      const first = groups[n]?.segments[0]
      if (first === undefined) return false
      // Of two packets of one time the one behind came later.
      return (
        first.at > error.at ||
        (first.capture === error.capture
          ? first.packet > error.packet
          : first.at === error.at && first.capture > error.capture)
      )
    })
    errors[later - 1]?.push(error)
  }
  return errors
}

function toConnection(
  conversation: Conversation,
  group: Open,
  incarnation: number,
  errors: readonly IcmpError[],
): Connection {
  const { end: client, rule } = clientOf(conversation, group)
  const turn = (end: End): End => (client === CLIENT ? end : other(end))
  if (client === SERVER) turnAll(group.segments)
  return {
    client: conversation.ends[client],
    server: conversation.ends[other(client)],
    roles: rule,
    ipVersion: conversation.ipVersion,
    outer: conversation.outer,
    incarnation,
    beginsInMiddle: !group.hasSyn,
    segments: group.segments,
    icmp: errors.map((e) => ({ ...e, to: turn(e.to) })),
    sameEnds: client === CLIENT,
  }
}

/** Counts every segment's `from` from the conversation's ends again, as {@link connections} takes it. */
export function unturn(connection: Connection): void {
  if (!connection.sameEnds) turnAll(connection.segments)
}

function turnAll(segments: readonly Segment[]): void {
  for (let row = 0; row < segments.length; row++) {
    const s = segments[row] as Segment
    s.from = other(s.from)
  }
}

/** Ports below this are handed out to services. */
const WELL_KNOWN = 1024
/** Where Linux begins to pick ports for clients (net.ipv4.ip_local_port_range). */
const EPHEMERAL = 32768

/** Which of two ports, of the first and the second end, is the service's; null: nothing tells. */
export function servingEnd(first: number, second: number): End | null {
  const serves = (port: number, peer: number) =>
    (port < WELL_KNOWN && peer >= WELL_KNOWN) || (port < EPHEMERAL && peer >= EPHEMERAL)
  if (serves(first, second)) return CLIENT
  return serves(second, first) ? SERVER : null
}

function clientOf(conversation: Conversation, group: Open): { end: End; rule: Connection['roles'] } {
  const { syn, opened } = group
  // Both ends opened actively: neither is the client by its SYN, so the ports decide first.
  const both = opened[CLIENT] && opened[SERVER]
  if (syn !== null && !both) {
    return syn.ackBit ? { end: other(syn.from), rule: 'syn-ack' } : { end: syn.from, rule: 'syn' }
  }
  const server = servingEnd(conversation.ends[CLIENT].port, conversation.ends[SERVER].port)
  if (server !== null) return { end: other(server), rule: 'port' }
  if (syn !== null) return { end: syn.from, rule: 'syn' }
  return { end: group.segments[0]?.from ?? CLIENT, rule: 'first' }
}

/** When a connection took its 4-tuple at its client (the SYN) and at its server (the SYN+ACK; Infinity: never). */
export function takenOverAt(next: Connection): readonly [number, number] {
  const opened = next.segments.find((s) => s.from === CLIENT)?.at ?? Number.POSITIVE_INFINITY
  const answered =
    next.segments.find((s) => s.from === SERVER && s.syn && !s.rst)?.at ?? Number.POSITIVE_INFINITY
  return [opened, answered]
}
