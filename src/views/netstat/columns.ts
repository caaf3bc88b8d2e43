/**
 * netstat's own columns, one table per host (net-tools, netstat.c: `%-5s %6ld %6ld %-23s %-23s %-12s`).
 *
 * In: sockets of a moment. Out: lines. Recv-Q is `?`: no packet tells what an application has read.
 */
import type { State } from '../../report.js'
import type { DetailedSocket } from './sockets.js'
import type { SocketTimer } from './timer.js'

export interface Shape {
  readonly timers: boolean
  readonly spell: (state: State) => string
  readonly strong: (text: string) => string
  readonly faint: (text: string) => string
}

const ADDRESS = 23
const HEAD = 'Proto Recv-Q Send-Q '

export const socketTable = (sockets: readonly DetailedSocket[], at: number, shape: Shape): string[] => {
  const width = (of: (socket: DetailedSocket) => string): number =>
    sockets.reduce((most, socket) => Math.max(most, of(socket).length), ADDRESS)
  const local = width((socket) => socket.local)
  const peer = width((socket) => socket.peer)
  const state = (socket: DetailedSocket): string =>
    shape.spell(socket.state) + (socket.certainty === 'assumed' ? '?' : '')
  const widest = sockets.reduce((most, socket) => Math.max(most, state(socket).length), 11)
  return [
    shape.strong(
      `${HEAD}${'Local Address'.padEnd(local)} ${'Foreign Address'.padEnd(peer)} ${
        shape.timers ? `${'State'.padEnd(widest)} Timer` : 'State'
      }`,
    ),
    ...sockets.map((socket) =>
      [
        (socket.local.startsWith('[') ? 'tcp6' : 'tcp').padEnd(5),
        '?'.padStart(6),
        String(socket.sendQueue).padStart(6),
        socket.local.padEnd(local),
        socket.peer.padEnd(peer),
        state(socket).padEnd(widest),
        ...(shape.timers ? [timerText(socket.timer, at)] : []),
      ]
        .join(' ')
        .trimEnd(),
    ),
  ]
}

/** `timewait (59.98/0/0)`: seconds left, retransmissions, unanswered probes. */
export const timerText = (timer: SocketTimer | null, at: number): string =>
  timer === null
    ? 'off (0.00/0/0)'
    : `${timer.name} (${(timer.expires - at).toFixed(2)}/${timer.retries}/${timer.probes})${timer.certainty === 'assumed' ? '?' : ''}`
