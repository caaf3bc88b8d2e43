/**
 * What an end did that made it send a segment: a call, an answer, a timer; or something that happened to it unseen.
 *
 * In: both ends' control blocks as replayed so far, and the row that one of them sends. Out: events for the machine,
 * or states forced upon it with the name of the reason.
 * RFC 9293 sections 3.9.1 (calls), 3.5.2 and 3.10.7.1 (who sends which RST).
 */
import { CLIENT, type End, other, SERVER, type Segment, sequenceLength } from '../flow/segment.js'
import type { Certainty, InferredRule } from '../report.js'
import type { MachineEvent, MachineSegment, Tcb } from '../rfc9293/event.js'
import { adopt, closed } from '../rfc9293/machine.js'
import { add, diff, geq, gt, lt } from '../rfc9293/sequence.js'
import type { State } from '../rfc9293/state.js'
import { isForged, isUnprompted } from './resets.js'
import { nextTryDue } from './timers.js'
import { isGenuine, type Track, windowOf } from './track.js'

/** One thing to put into the replay. `end` and `at` are the sender's own unless given. */
export type Doing = { readonly end?: End; readonly at?: number } & (
  | { readonly kind: 'event'; readonly event: MachineEvent; readonly certainty: Certainty | null }
  | {
      readonly kind: 'force'
      readonly tcb: Tcb
      readonly rule: InferredRule
      readonly certainty: Certainty
      readonly cause?: 'packet' | 'timer' | 'call'
    }
)

export interface Ends {
  readonly [end: number]: { readonly tcb: Tcb }
}

const event = (e: MachineEvent, certainty: Certainty | null = 'seen'): Doing => ({
  kind: 'event',
  event: e,
  certainty,
})

/** No socket is there, or only a listener. */
export const hasNoSocket = (state: State): boolean => state === 'CLOSED' || state === 'LISTEN'

export function explainSending(
  track: Track,
  ends: readonly [{ readonly tcb: Tcb }, { readonly tcb: Tcb }],
  row: number,
): Doing[] {
  const s = track.segments[row] as Segment
  const own = ends[s.from].tcb
  const peer = ends[other(s.from)].tcb
  if (!isGenuine(track, row)) return []
  if (s.rst) return [...aliveBefore(track, own, peer, row), ...reset(track, own, row)]
  if (s.syn && !s.ackBit) return syn(track, own, row)
  if (s.syn) return [...unseenSyn(track, peer, s), ...synAck(track, own, s)]
  return [...caughtUp(track, own, peer, row), ...synchronized(track, own, row)]
}

/** A SYN: an active OPEN (section 3.10.1), or the same one again. */
function syn(track: Track, own: Tcb, row: number): Doing[] {
  const s = track.segments[row] as Segment
  if (track.spoofed || isOldDuplicate(track, row)) return []
  const sameAttempt = !hasNoSocket(own.state) && own.iss === s.seq
  if (sameAttempt) return []
  // A SYN of its own that this end's TCP did not make (old duplicate, forged) leaves it as it is.
  if (!hasNoSocket(own.state) && own.state !== 'TIME_WAIT' && goesOnAsBefore(track, s)) return []
  const open: Doing[] = hasNoSocket(own.state)
    ? []
    : [{ kind: 'force', tcb: closed(), rule: 'infer/gone', certainty: 'implied' }]
  open.push(event({ kind: 'call', call: 'open-active', iss: s.seq, wnd: s.window }))
  if (s.len > 0) open.push(event({ kind: 'call', call: 'send', seq: add(s.seq, 1), len: s.len }))
  return open
}

/** Its sender was past this SYN already: no stack uses the number of a finished attempt again, the network brings it. */
function isOldDuplicate(track: Track, row: number): boolean {
  const s = track.segments[row] as Segment
  const [first] = track.segments
  if (first === undefined || s === first) return false
  let sent = false
  for (let k = 0; k < row; k++) {
    const x = track.segments[k] as Segment
    if (x.from !== s.from) continue
    if (x.syn && !x.ackBit) {
      if (x.seq === s.seq) sent = true
    } else if (sent && !x.rst) {
      return true
    }
  }
  return false
}

/** The sender of this SYN later sends segments that do not belong to it. */
function goesOnAsBefore(track: Track, s: Segment): boolean {
  const later = (x: Segment) => x.from === s.from && x.at > s.at && !x.rst
  const next = track.segments.find((x) => later(x) && !x.syn)
  const earlier = track.segments.findLast((x) => x.from === s.from && x.at < s.at && !x.rst)
  if (next === undefined || earlier === undefined) return false
  return Math.abs(diff(next.seq, earlier.end)) < Math.abs(diff(next.seq, add(s.seq, 1)))
}

/** The SYN that this SYN+ACK answers was not captured: its sender is in SYN_SENT all the same. */
function unseenSyn(track: Track, peer: Tcb, s: Segment): Doing[] {
  if (track.isn[other(s.from)] !== null || track.spoofed || !hasNoSocket(peer.state)) return []
  const tcb = adopt({
    state: 'SYN_SENT',
    origin: 'active',
    iss: add(s.ack, -1),
    sndUna: add(s.ack, -1),
    sndNxt: s.ack,
  })
  return [{ end: other(s.from), kind: 'force', tcb, rule: 'infer/adopted', certainty: 'implied' }]
}

/** A SYN+ACK: its sender has taken a SYN. */
function synAck(track: Track, own: Tcb, s: Segment): Doing[] {
  if (track.cookies && s.from === SERVER && hasNoSocket(own.state)) return []
  if (own.state === 'SYN_RECEIVED') {
    // The first one tells the sequence number that the machine could not know.
    return own.iss === s.seq
      ? []
      : [{ kind: 'force', tcb: received(track, own, s), rule: 'infer/resync', certainty: 'seen' }]
  }
  if (own.state === 'SYN_SENT' || hasNoSocket(own.state) || own.state === 'TIME_WAIT') {
    return [{ kind: 'force', tcb: received(track, own, s), rule: 'infer/adopted', certainty: 'seen' }]
  }
  return []
}

const received = (track: Track, own: Tcb, s: Segment): Tcb =>
  adopt({
    state: 'SYN_RECEIVED',
    origin: own.state === 'SYN_SENT' ? 'active' : 'passive',
    iss: s.seq,
    sndUna: s.seq,
    sndNxt: s.end,
    irs: add(s.ack, -1),
    rcvNxt: s.ack,
    rcvWnd: windowOf(track, s),
  })

/** A segment without SYN and RST: only an end that has a connection sends it. */
function synchronized(track: Track, own: Tcb, row: number): Doing[] {
  const s = track.segments[row] as Segment
  const doings: Doing[] = []
  let tcb = own
  const impossible =
    hasNoSocket(own.state) ||
    own.state === 'SYN_SENT' ||
    (own.state === 'SYN_RECEIVED' && own.origin !== 'active' && provesMore(track, own, s))
  if (impossible) {
    if (hasNoSocket(own.state) && !mayHaveBegunEarlier(track, own, s)) return []
    tcb = adopt({
      state: 'ESTABLISHED',
      origin: own.origin,
      sndUna: own.state === 'SYN_RECEIVED' ? own.sndNxt : s.seq,
      sndNxt: own.state === 'SYN_RECEIVED' ? own.sndNxt : s.seq,
      rcvNxt: s.ackBit ? s.ack : own.rcvNxt,
      rcvWnd: windowOf(track, s),
    })
    const begins = hasNoSocket(own.state) && track.connection.beginsInMiddle
    doings.push({
      kind: 'force',
      tcb,
      rule: begins ? 'infer/adopted' : 'infer/resync',
      certainty: begins ? 'assumed' : 'implied',
    })
  }
  if (s.len > 0 && gt(add(s.seq, s.len), tcb.sndNxt)) {
    doings.push(event({ kind: 'call', call: 'send', seq: s.seq, len: s.len }, null))
  }
  if (s.fin && tcb.fin === null) {
    const earlier = firstSentAt(track, row)
    const close = event({ kind: 'call', call: 'close', fin: add(s.seq, s.len) })
    doings.push(earlier === null ? close : { ...close, at: earlier })
  }
  return doings
}

/**
 * When a FIN was first sent that the capture shows only later: the sender's packet count (IP identification) has a
 * hole before it, and nothing else was due from it. The copies that were lost before the capture point are taken to
 * have been a first one, a tail loss probe (RFC 8985 section 7.2) and time-outs that double. Null: this is the first.
 */
function firstSentAt(track: Track, row: number): number | null {
  const s = track.segments[row] as Segment
  if (s.ipId <= 0) return null
  let missing = Number.POSITIVE_INFINITY
  let last: Segment | undefined
  for (let k = row - 1; k >= Math.max(0, row - LOOK_BACK); k--) {
    const x = track.segments[k] as Segment
    if (x.from !== s.from) {
      // Something came in that it may have acknowledged with one of the missing packets.
      if (sequenceLength(x) > 0 && last === undefined) return null
      continue
    }
    if (!isGenuine(track, k) || x.ipId <= 0) continue
    const between = ((s.ipId - x.ipId) & 0xffff) - 1
    if (between < missing) {
      missing = between
      last = x
    }
  }
  if (last === undefined || last.syn || gt(s.seq, last.end)) return null
  if (missing < 1 || missing > 6) return null
  const wait =
    track.stacks[s.from].minRto + 1.5 * ((track.roundTrip[CLIENT] ?? 0) + (track.roundTrip[SERVER] ?? 0))
  const before = Array.from({ length: missing }, (_, n) => wait * 2 ** Math.max(0, n - 1)).reduce(
    (a, b) => a + b,
    0,
  )
  return Math.max(s.at - before, last.at)
}

/** How many rows to look back for the packet counted before a FIN. */
const LOOK_BACK = 16

/** In SYN_RECEIVED a request answers old segments with a bare ACK; data, a FIN, or an ACK of data shows more. Fast Open may send data. */
function provesMore(track: Track, own: Tcb, s: Segment): boolean {
  const fastOpen = track.segments[0]?.fastOpen ?? -1
  if (fastOpen > 0 && !s.fin && (track.segments[0]?.len ?? 0) > 0) return false
  return sequenceLength(s) > 0 || gt(s.ack, own.rcvNxt)
}

/** An end we believe to be without a socket sends: did the capture begin later, or did it answer from TIME_WAIT's end? */
const mayHaveBegunEarlier = (track: Track, own: Tcb, s: Segment): boolean =>
  own.state === 'LISTEN' || own.iss === 0 || sequenceLength(s) > 0 || track.connection.beginsInMiddle

/** Its ack number says that this end has received more than was delivered to it so far. */
function caughtUp(track: Track, own: Tcb, peer: Tcb, row: number): Doing[] {
  const s = track.segments[row] as Segment
  if (!s.ackBit || hasNoSocket(own.state) || own.state === 'SYN_SENT') return mirrored(track, own, peer, s)
  const missing = diff(s.ack, own.rcvNxt)
  if (missing <= 0 || missing > 1 << 30) return []
  const doings: Doing[] = []
  let fin = peer.fin !== null && geq(s.ack, add(peer.fin, 1))
  if (gt(s.ack, peer.sndNxt)) {
    fin ||= missing === 1 && unseenFin(track, row)
    const len = fin ? missing - 1 : missing
    if (!hasNoSocket(peer.state) && peer.state !== 'SYN_SENT' && len > 0) {
      doings.push({
        end: other(s.from),
        ...event({ kind: 'call', call: 'send', seq: own.rcvNxt, len }, null),
      })
    }
    if (fin && peer.fin === null) {
      doings.push({
        end: other(s.from),
        ...event({ kind: 'call', call: 'close', fin: add(s.ack, -1) }, 'implied'),
      })
    }
  }
  const segment: MachineSegment = {
    seq: own.rcvNxt,
    // With one direction captured, silence means that all went well.
    ack: track.unheard[other(s.from)] ? own.sndNxt : own.sndUna,
    len: fin ? missing - 1 : missing,
    wnd: own.sndWnd,
    syn: false,
    ackBit: true,
    fin,
    rst: false,
  }
  doings.push(event({ kind: 'segment', segment }, 'implied'))
  return doings
}

/** The first segment of a capture that begins in the middle: the other end is there as well. */
function mirrored(track: Track, own: Tcb, peer: Tcb, s: Segment): Doing[] {
  const opened = own.state === 'SYN_SENT'
  const peerHasNothing = hasNoSocket(peer.state)
  if (!peerHasNothing || !s.ackBit) return []
  if (!opened && !track.connection.beginsInMiddle) return []
  const state = opened && s.from !== SERVER ? 'SYN_RECEIVED' : 'ESTABLISHED'
  return [
    {
      end: other(s.from),
      kind: 'force',
      tcb: adopt({
        state,
        origin: state === 'SYN_RECEIVED' ? 'passive' : 'unknown',
        sndUna: state === 'SYN_RECEIVED' ? add(s.ack, -1) : s.ack,
        sndNxt: s.ack,
        iss: add(s.ack, -1),
        rcvNxt: s.seq,
      }),
      rule: 'infer/adopted',
      certainty: opened ? 'implied' : 'assumed',
    },
  ]
}

/** One byte was acknowledged that nobody captured, and nothing follows it: a FIN, likeliest. */
function unseenFin(track: Track, row: number): boolean {
  const s = track.segments[row] as Segment
  for (let j = row + 1; j < track.segments.length; j++) {
    const x = track.segments[j] as Segment
    if (x.from === s.from ? x.ackBit && gt(x.ack, s.ack) : sequenceLength(x) > 0 && geq(x.seq, s.ack))
      return false
  }
  return true
}

/** A capture that begins with a RST: whoever it is for had a connection, and so had its sender if it aborts one. */
function aliveBefore(track: Track, own: Tcb, peer: Tcb, row: number): Doing[] {
  const s = track.segments[row] as Segment
  if (!track.connection.beginsInMiddle || !hasNoSocket(own.state) || !hasNoSocket(peer.state)) return []
  if (track.segments.some((x, k) => k < row && !x.rst)) return []
  const established = (sndNxt: number, rcvNxt: number): Tcb =>
    adopt({ state: 'ESTABLISHED', sndUna: sndNxt, sndNxt, rcvNxt })
  const force = (end: End, tcb: Tcb): Doing => ({
    end,
    kind: 'force',
    tcb,
    rule: 'infer/adopted',
    certainty: 'assumed',
  })
  const receiver = force(other(s.from), established(s.ackBit ? s.ack : 0, s.seq))
  const aborts = s.ackBit && (s.hasOptions || s.window > 0)
  return aborts ? [receiver, force(s.from, established(s.seq, s.ack))] : s.ackBit ? [] : [receiver]
}

/** A RST: an abort, an answer from no socket, or not its sender's at all. */
function reset(track: Track, own: Tcb, row: number): Doing[] {
  const s = track.segments[row] as Segment
  if (hasNoSocket(own.state) || isForged(track, row) || isUnprompted(track, row)) return []
  if (s.ackBit) return [event({ kind: 'call', call: 'abort' })]
  if (answersBadAck(own, s)) return []
  return [{ kind: 'force', tcb: closed(), rule: 'infer/gone', certainty: 'implied' }]
}

/** In SYN_SENT and SYN_RECEIVED an unacceptable ACK draws a bare RST from an end that stays (3.10.7.3 first, 3.10.7.4 step 5). */
const answersBadAck = (own: Tcb, s: Segment): boolean =>
  (own.state === 'SYN_SENT' || own.state === 'SYN_RECEIVED') &&
  (gt(s.seq, own.sndNxt) || lt(s.seq, own.sndNxt))

/** The ACK of a cookie makes the connection: the server had nothing before it (RFC 4987 section 3.6). */
export function explainCookie(track: Track, own: Tcb, row: number): Doing[] {
  const s = track.segments[row] as Segment
  const iss = track.isn[SERVER]
  if (!track.cookies || s.from === SERVER || !hasNoSocket(own.state) || s.syn || s.rst || iss === null)
    return []
  if (!s.ackBit || s.ack !== add(iss, 1)) return []
  const tcb = adopt({
    state: 'ESTABLISHED',
    origin: 'passive',
    iss,
    sndUna: s.ack,
    sndNxt: s.ack,
    rcvNxt: s.seq,
  })
  return [{ kind: 'force', tcb, rule: 'infer/syn-cookie', certainty: 'assumed' }]
}

/** The segment at `row` met no socket: what had become of it. */
export function explainGone(track: Track, own: Tcb, row: number): Doing[] {
  if (hasNoSocket(own.state)) return []
  const [rule, cause] = GONE[own.state] ?? (['infer/gone', 'call'] as const)
  const s = track.segments[row] as Segment
  const arrived = s.at + (track.roundTrip[other(s.from)] ?? 0) / 2
  // Nobody knows when a host forgot a connection: the middle of its silence is the best guess.
  const lost = own.state === 'ESTABLISHED' || own.state === 'CLOSE_WAIT'
  const due = lost ? nextTryDue(track, other(s.from), s.at) : null
  if (due !== null) {
    // It sent the same again and again, and then stopped: it gave up when the next try was due.
    const when = Math.min(due, arrived)
    return [
      { kind: 'force', tcb: closed(), rule: 'infer/gave-up', certainty: 'implied', cause: 'timer', at: when },
    ]
  }
  const at = lost ? (lastHeard(track, row) + arrived) / 2 : arrived
  return [{ kind: 'force', tcb: closed(), rule, certainty: 'implied', cause, at }]
}

const GONE: Partial<Record<State, readonly [InferredRule, 'timer' | 'call']>> = {
  SYN_RECEIVED: ['infer/gave-up', 'timer'],
  FIN_WAIT_1: ['infer/orphan-timeout', 'timer'],
  FIN_WAIT_2: ['infer/orphan-timeout', 'timer'],
}

/** When the receiver of `row` last gave a sign of life before it. */
function lastHeard(track: Track, row: number): number {
  const to = other((track.segments[row] as Segment).from)
  const heard = track.segments.findLast((s, k) => k < row && s.from === to && !s.rst)
  return heard?.at ?? track.segments[0]?.at ?? 0
}
