/** English: parts that several sentences share. */
import type { NoteArguments } from '../../notes.js'
import type { Side } from '../../report.js'
import { moment, nth } from '../amount.js'
import type { Numbered } from '../table.js'

export const side = (which: Side): string => `the ${which}`
export const The = (which: Side): string => `The ${which}`
export const other = (which: Side): Side => (which === 'client' ? 'server' : 'client')
export const bytes = (n: number): string => (n === 1 ? '1 byte' : `${n} bytes`)
/** `2 of 6`, or `2nd time` where the budget is not known. */
export const count = (n: number, budget: number | null): string =>
  budget === null ? `${nth(n)} time` : `${n} of ${budget}`
export const evidence = (packet: Numbered | null): string => (packet === null ? '' : `, as #${packet} shows`)
export const gaveUp = (at: number | null): string =>
  at === null ? '' : ` Without an answer it gives up at ${moment(at)}.`

export const RESET: Readonly<Record<NoteArguments['reset']['form'], string>> = {
  refused: 'RST: nothing listens on this port',
  'no-socket': 'RST: its host has no socket for this connection',
  abort: 'RST: the application aborted the connection',
  'keep-alive-timeout': 'RST: keep-alive probes went unanswered',
  'unread-data': 'RST: the application had closed, and nobody reads what came',
  'bad-ack': 'RST: it acknowledged what was never sent',
  forged:
    'RST: it does not look like the other packets of this sender; perhaps a device between them sent it',
  unknown: 'RST: it answers nothing that was captured',
}

export const THROWN: Readonly<Record<NoteArguments['thrown-away']['why'], string>> = {
  'accept-queue-full': 'the accept queue is full',
  'deferred-accept': 'TCP_DEFER_ACCEPT waits for data',
  'old-timestamp': 'its timestamp is too old (PAWS)',
  'no-socket': 'it has no socket for it',
}

export const HIDDEN: Readonly<Record<NoteArguments['hidden-change']['why'], string>> = {
  'gave-up': 'it gave up waiting',
  orphan: 'no process held the socket any more',
  crash: 'the process or the host ended',
  close: 'the application closed it',
  cookie: 'made from the cookie in the ACK',
  'time-wait-over': 'TIME_WAIT ran out',
  unknown: 'no packet tells why',
}
