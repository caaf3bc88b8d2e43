/**
 * The client is ESTABLISHED, the server is not: SYN_RECEIVED, or it holds nothing.
 *
 * In: spans of both ends, the times of the SYN+ACKs. Which of the causes it is, time tells: a full accept queue resends
 * the SYN+ACK after 1, 3, 7, 15, 31 s; TCP_DEFER_ACCEPT skips the first ones; a SYN cookie resends nothing.
 * RFC 9293 section 3.10.7.4 step 5; Linux inet_csk_reqsk_queue_prune(), tcp_conn_request(); RFC 4987 section 3.6.
 */
import type { CauseOf } from '../findings.js'
import { type Finding, type Flow, type Likelihood, type PacketRow, watchedUntil } from '../report.js'
import { has, isReset, isSynAck, noteOf, spanIn, wasOpen } from './evidence.js'
import { lookAt } from './look.js'
import { lostElsewhere, provesServer } from './lost-elsewhere.js'
import { about, attempt, inEachFlow, type Rule, type Seen } from './rule.js'

/** A SYN+ACK comes again after 1 s at the earliest: less is only the way there. */
const LATE = 0.7
/** Beyond the resends after 1 s and 3 s: with TCP_DEFER_ACCEPT these two are left out. */
const DEFERRED = 4.5

function notCompleted(flow: Flow, seen: Seen): Finding<'handshake-not-completed'> | null {
  if (flow.beginsInMiddle) return null
  const { rows, syns, resets } = lookAt(flow)
  const synAcks = syns.filter((row) => row.from === 'server' && isSynAck(row))
  const ack = rows.find((row) => row.from === 'client' && row.ack !== null && !has(row, 'S') && !isReset(row))
  const [synAck] = synAcks
  if (
    ack === undefined ||
    synAck === undefined ||
    syns.some((row) => row.from === 'server' && row.ack === null)
  )
    return null
  const again = synAcks.filter((row) => row.at > ack.at)
  const proof = rows.find((row) => provesServer(row))
  const inVain = rows.filter(
    (row) => row.from === 'client' && row.len > 0 && (proof === undefined || row.at < proof.at),
  )
  const reset = resets.find((row) => row.from === 'server')
  const cookie =
    again.length === 0 && proof === undefined && inVain.length > 0 && !has(inVain[0] as PacketRow, 'F')
  const noServer = cookie && (inVain.length > 1 || (reset !== undefined && !has(reset, 'A')))
  if (again.length === 0 && !noServer) return null
  const openAt = spanIn(flow, 'server', 'ESTABLISHED')?.from ?? null
  const completed = proof !== undefined && wasOpen(flow, 'server')
  // The server may have given up before anything showed it.
  const waiting = flow.spans.server.find(({ state }) => state === 'SYN_RECEIVED')
  const until = completed ? (openAt ?? proof.at) : (waiting?.to ?? reset?.at ?? watchedUntil(flow, seen))
  const seconds = until - ack.at
  if (seconds < LATE) return null
  const early = inVain.filter(({ at }) => at < (again[0]?.at ?? Infinity))
  const lastAgain = again.at(-1)?.at ?? until
  const inTime = rows.filter(
    (row) => row.from === 'client' && row.ack !== null && row.at < lastAgain && !has(row, 'S'),
  )
  const causes = inTime.every(neverCame)
    ? NEVER_CAME
    : ranked(flow, synAck, again, early.length, completed, lostElsewhere(flow, seen))
  return about(
    flow,
    'server',
    again.length > 0 ? 'implied' : 'assumed',
    [ack, ...again, ...inVain.slice(0, 3), completed ? proof : reset],
    {
      id: 'handshake-not-completed',
      severity: !completed
        ? 'problem'
        : causes[0]?.code === 'deferred-accept'
          ? 'note'
          : seconds > 2.5
            ? 'problem'
            : 'warning',
      args: attempt(flow, { seconds, synAcks: again.length, completed }),
      causes,
    },
  )
}

type Cause = { readonly code: CauseOf<'handshake-not-completed'>; readonly likelihood: Likelihood }

/** The server's own capture has not this ACK: before the server has the connection nothing else is said to be lost for certain. */
const neverCame = (row: PacketRow): boolean => noteOf(row, 'not-received')?.lost === true

/** Then no queue threw it away. */
const NEVER_CAME: readonly Cause[] = [
  { code: 'lost-ack', likelihood: 'shown' },
  { code: 'dropping-firewall', likelihood: 'possible' },
]

function ranked(
  flow: Flow,
  synAck: PacketRow,
  again: readonly PacketRow[],
  inVain: number,
  completed: boolean,
  /** Segments of this client that an open connection with this server lost for certain. */
  lost: number,
): readonly Cause[] {
  // Its own capture has the ACKs: they came.
  const near = flow.capturedNear.where === 'server' || flow.capturedNear.where === 'both'
  const [first] = again
  if (first === undefined)
    return [
      { code: 'syn-cookie', likelihood: 'likely' },
      { code: 'full-accept-queue', likelihood: 'possible' },
      { code: 'dropping-firewall', likelihood: 'possible' },
    ]
  if (first.at - synAck.at > DEFERRED && inVain === 0)
    return [
      { code: 'deferred-accept', likelihood: 'likely' },
      { code: 'full-accept-queue', likelihood: 'possible' },
    ]
  // What loses text loses ACKs; so often in a row it must be lossy.
  if (!near && lost >= again.length)
    return [
      { code: 'lost-ack', likelihood: 'likely' },
      { code: 'full-accept-queue', likelihood: 'possible' },
      { code: 'dropping-firewall', likelihood: 'possible' },
    ]
  // Each resend draws an ACK of the client. One lost ACK is an accident; several in a row are a queue or a filter.
  if (again.length === 1 && completed && !near)
    return [
      { code: 'lost-ack', likelihood: 'likely' },
      { code: 'full-accept-queue', likelihood: 'possible' },
    ]
  return [
    { code: 'full-accept-queue', likelihood: 'likely' },
    { code: 'dropping-firewall', likelihood: 'possible' },
    ...(near ? [] : ([{ code: 'lost-ack', likelihood: 'possible' }] as const)),
  ]
}

export const rule: Rule = {
  id: 'handshake-not-completed',
  severity: 'problem',
  ...inEachFlow(
    'handshake-not-completed',
    notCompleted,
    ({ completed }, { causes }) => `${completed} ${causes[0]?.code}`,
  ),
  explains: ['half-open', 'packet-loss', 'reset', 'dead-peer', 'slow-connect'],
}
