/** English: verdicts, errnos and other single words. */
import type { Language } from '../table.js'

type Words = Pick<
  Language,
  'side' | 'verdicts' | 'verdictNames' | 'errnos' | 'certainty' | 'severity' | 'likelihood'
>

export const words: Words = {
  side: { client: 'client', server: 'server' },
  verdicts: {
    'half-open': 'half-open: one side believed in a connection that the other did not have',
    refused: 'refused: nothing listened',
    'timed-out': 'timed out: no answer to connect',
    unreachable: 'unreachable, says ICMP',
    'given-up': 'no answer any more: given up',
    'no-answer': 'no answer any more: one side tries in vain, and has not given up so far',
    reset: 'reset',
    'not-closed': 'not closed: one side has closed, the other has not',
    unanswered: 'SYN unanswered so far',
    opening: 'handshake not complete',
    open: 'open',
    closing: 'closing',
    closed: 'closed in order',
  },
  verdictNames: {
    'half-open': 'half-open',
    refused: 'refused',
    'timed-out': 'timed-out',
    unreachable: 'unreachable',
    'given-up': 'given-up',
    'no-answer': 'no-answer',
    reset: 'reset',
    'not-closed': 'not-closed',
    unanswered: 'unanswered',
    opening: 'opening',
    open: 'open',
    closing: 'closing',
    closed: 'closed',
  },
  errnos: {
    ECONNREFUSED: 'connection refused',
    ETIMEDOUT: 'connection timed out',
    ECONNRESET: 'connection reset by peer',
    EPIPE: 'broken pipe',
    EHOSTUNREACH: 'no route to host',
    ENETUNREACH: 'network is unreachable',
    ENOPROTOOPT: 'protocol not available',
    EPROTO: 'protocol error',
    EACCES: 'permission denied',
  },
  certainty: { seen: 'seen', implied: 'implied', assumed: 'assumed' },
  severity: { note: 'note', warning: 'warning', problem: 'problem' },
  likelihood: { shown: 'shown', likely: 'likely', possible: 'possible' },
}
