/**
 * The words that a field can hold, so that a slip in one is told and does not look like a capture without any.
 *
 * In: nothing. Out: lists, complete by the types of the report.
 */
import { FINDING_IDS } from '../findings.js'
import type { NoteCode } from '../notes.js'
import { type Certainty, type Errno, type Severity, SIDES, type SocketCall, VERDICTS } from '../report.js'

/** A record is complete by its type, a list is not. */
const wordsOf = <K extends string>(all: Readonly<Record<K, true>>): readonly string[] => Object.keys(all)

export const VOCABULARY = {
  side: SIDES,
  closed: [...SIDES, 'both'],
  verdict: VERDICTS,
  finding: FINDING_IDS,
  severity: wordsOf<Severity>({ problem: true, warning: true, note: true }),
  certainty: wordsOf<Certainty>({ seen: true, implied: true, assumed: true }),
  call: wordsOf<SocketCall['call']>({ connect: true, send: true, recv: true, accept: true }),
  errno: wordsOf<Errno>({
    ECONNREFUSED: true,
    ETIMEDOUT: true,
    ECONNRESET: true,
    EPIPE: true,
    EHOSTUNREACH: true,
    ENETUNREACH: true,
    ENOPROTOOPT: true,
    EPROTO: true,
    EACCES: true,
  }),
  event: wordsOf<NoteCode>({
    'syn-retransmission': true,
    'syn-ack-retransmission': true,
    'syn-cookie': true,
    'fast-open': true,
    'fast-open-cookie': true,
    'simultaneous-open': true,
    'port-reuse': true,
    retransmission: true,
    'fast-retransmission': true,
    'spurious-retransmission': true,
    'out-of-order': true,
    'duplicate-ack': true,
    'zero-window': true,
    'zero-window-probe': true,
    'zero-window-probe-ack': true,
    'window-update': true,
    'window-full': true,
    'keep-alive': true,
    'keep-alive-ack': true,
    'challenge-ack': true,
    'previous-segment-missing': true,
    'ack-of-unseen': true,
    'capture-duplicate': true,
    'old-duplicate': true,
    'outside-window': true,
    reset: true,
    'fin-retransmission': true,
    'simultaneous-close': true,
    'data-after-close': true,
    'time-wait-until': true,
    'not-received': true,
    unanswered: true,
    'thrown-away': true,
    crossing: true,
    'hidden-change': true,
    'state-unknown-before': true,
    'icmp-error': true,
    'near-fast-answers': true,
    'near-large-frames': true,
    'near-partial-checksums': true,
    'near-ttl': true,
    'near-between': true,
    'near-at-most': true,
    'near-both': true,
    'near-unknown': true,
  }),
} as const
