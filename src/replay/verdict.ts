/**
 * How a connection went, in one code, and who closed it first.
 *
 * In: a track, replayed, with calls and final states. Out: verdict and closer.
 */
import { CLIENT, SERVER, type Segment } from '../flow/segment.js'
import type { Fate } from '../infer/fate.js'
import { triesInVain } from '../infer/in-vain.js'
import type { Track } from '../infer/track.js'
import { type Flow, SIDES, type Side, type SocketCall, type StateSpan, type Verdict } from '../report.js'
import type { State } from '../rfc9293/state.js'
import type { Cell } from './end.js'
import type { Replayed } from './replay.js'

const CONNECTED: readonly State[] = ['ESTABLISHED', 'CLOSE_WAIT', 'FIN_WAIT_1', 'FIN_WAIT_2']
const NOTHING: readonly State[] = ['CLOSED', 'LISTEN', 'SYN_RECEIVED']
const DONE: readonly State[] = ['CLOSED', 'TIME_WAIT', 'LISTEN']

export function verdictOf(
  spans: { readonly client: readonly StateSpan[]; readonly server: readonly StateSpan[] },
  calls: readonly SocketCall[],
  replayed: Replayed,
  track: Track,
): Verdict {
  const client = final(spans.client)
  const server = final(spans.server)
  const errno = (call: SocketCall['call']) => calls.find((c) => c.call === call && c.side === 'client')?.errno
  const connect = errno('connect')
  if (connect === 'ECONNREFUSED' && replayed.fatalErrors.length === 0) return 'refused'
  if (replayed.fatalErrors.length > 0) return 'unreachable'
  // Nobody was ESTABLISHED: only an established connection is half-open (RFC 9293 section 3.5.1).
  if (track.spoofed) return 'opening'
  // Until an ACK of the client is captured in vain it may just be on its way.
  const onItsWay = track.segments.every((s) => s.syn && !s.rst)
  if (neverMet(spans)) return onItsWay ? 'opening' : 'half-open'
  if (connect === 'ETIMEDOUT' && client === 'CLOSED') return 'timed-out'
  if (
    client === 'SYN_SENT' ||
    wasAbandoned(spans.client) ||
    (spans.client.length === 1 && track.segments.every((s) => s.syn && !s.ackBit))
  )
    return 'unanswered'
  if (server === 'SYN_RECEIVED' || client === 'SYN_RECEIVED')
    return CONNECTED.includes(client) ? 'half-open' : 'opening'
  const opened = track.segments.findIndex((s) => s.syn && s.ackBit)
  const resetTaken = track.segments.some((s, row) => {
    // What a RST does to the socket of the connection before is that one's end.
    if (!s.rst || (track.connection.incarnation > 0 && row < opened)) return false
    const cell = replayed.cells[s.from === CLIENT ? SERVER : CLIENT][row] as Cell
    return cell.was !== cell.state && cell.state === 'CLOSED'
  })
  const aborted = replayed.logs.some((log) =>
    log.some(({ rules }) => rules.some((rule) => rule.startsWith('3.10.5'))),
  )
  const over = { client: client === 'CLOSED', server: server === 'CLOSED' }
  if (calls.some((c) => c.errno === 'ETIMEDOUT' && c.call !== 'connect' && over[c.side])) return 'given-up'
  if (resetTaken || aborted) return 'reset'
  if (forgotten(spans.client) || forgotten(spans.server)) return 'half-open'
  if (client === 'ESTABLISHED' && server === 'ESTABLISHED')
    return triesInVain(track, CLIENT) || triesInVain(track, SERVER) ? 'no-answer' : 'open'
  if (client === 'CLOSE_WAIT' || server === 'CLOSE_WAIT') return 'not-closed'
  const lonely = (a: State, b: State) => CONNECTED.includes(a) && NOTHING.includes(b)
  if (lonely(client, server) || lonely(server, client)) return 'half-open'
  if (!DONE.includes(client) || !DONE.includes(server)) return 'closing'
  // The client gave up, without a word or with a RST: there was nothing that could have been closed in order.
  if (neverCameAbout(spans)) return track.segments.some((s) => s.rst) ? 'reset' : 'unanswered'
  return 'closed'
}

/** Neither end was ever further than the handshake. */
const neverCameAbout = (spans: Flow['spans']): boolean =>
  [...spans.client, ...spans.server].every(({ state }) => BEFORE.includes(state))
const BEFORE: readonly State[] = ['CLOSED', 'LISTEN', 'SYN_SENT', 'SYN_RECEIVED']

/** Its application did not wait any longer for an answer. */
const wasAbandoned = (list: readonly StateSpan[]): boolean =>
  list[list.length - 1]?.rules[0] === '3.10.4/syn-sent'

/** An end forgot a connection that it had: its host crashed, or opened the same one anew. */
const forgotten = (list: readonly StateSpan[]): boolean =>
  list.some((span, k) => span.rules[0] === 'infer/gone' && CONNECTED.includes(list[k - 1]?.state ?? 'CLOSED'))

/** The client believed in a connection that the server never had. */
function neverMet(spans: {
  readonly client: readonly StateSpan[]
  readonly server: readonly StateSpan[]
}): boolean {
  const had = (list: readonly StateSpan[]) => list.some((s) => s.state === 'ESTABLISHED')
  return had(spans.client) && !had(spans.server) && spans.server.some((s) => s.state === 'SYN_RECEIVED')
}

const final = (spans: readonly StateSpan[]): State => spans[spans.length - 1]?.state ?? 'CLOSED'

/** Whose FIN, or abort, came first on the ends' own order; both when neither had the other's when it left. */
export function closedFirst(track: Track, fates: readonly Fate[]): Flow['closedFirst'] {
  const row = track.segments.findIndex((s) => s.fin && !s.rst)
  const abort = track.segments.findIndex((s) => s.rst && s.ackBit && s.seq !== 0)
  if (row < 0 || (abort >= 0 && abort < row)) {
    return abort < 0 ? null : sideOf(track.segments[abort] as Segment)
  }
  const first = track.segments[row] as Segment
  const answer = track.segments.findIndex((s, k) => k > row && s.fin && !s.rst && s.from !== first.from)
  if (answer >= 0) {
    const other = track.segments[answer] as Segment
    const unaware = (fates[row]?.after ?? -1) >= answer || ((other.ack - first.end) | 0) < 0
    if (unaware && other.at - first.at < 1) return 'both'
  }
  return sideOf(first)
}

const sideOf = (s: Segment): Side => SIDES[s.from]
