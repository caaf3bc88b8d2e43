/** English: what was found, one full sentence or two per finding. A null stands for several. */
import { seconds } from '../amount.js'
import type { FindingSentences, Language } from '../table.js'
import { bytes } from './phrases.js'

const packets = (n: number): string => (n === 1 ? '1 packet' : `${n} packets`)
const many = (flows: number): string => (flows === 1 ? '' : `${flows} flows: `)
const host = (address: string | null): string => address ?? 'several hosts'
/** `192.0.2.1 port 80`, which reads the same for IPv6. */
const service = (address: string | null, port: number | null): string =>
  `${host(address)}${port === null ? '' : ` port ${port}`}`
/** Of several flows a number is the greatest. */
const upTo = (flows: number, text: string): string => (flows === 1 ? text : `up to ${text}`)
const times = (n: number): string => (n === 1 ? 'once' : `${n} times`)
/** A percentage of a few says nothing. */
const share = (part: number, whole: number): string =>
  whole < 50 ? '' : ` (${Number(((100 * part) / whole).toPrecision(2))} %)`

const RESET = {
  abort: 'its application aborted the connection',
  'unread-data': 'it was closed with received data left unread',
  'data-after-close': 'data arrived after its application had closed',
  'closed-socket': 'its socket was already gone when the last segment came',
  'time-out': 'its probes went unanswered',
  'listener-closed': 'its listener was closed before the connection was accepted',
  unknown: 'the packets do not tell why',
} as const

const TRIED = {
  'keep-alive': 'keep-alive probes',
  retransmission: 'retransmissions of the same data',
  'window-probe': 'probes of the shut window',
  fin: 'FINs',
} as const

const WHERE = {
  client: 'captured near the client',
  server: 'captured near the server',
  between: 'captured between the hosts',
} as const

export const findings: FindingSentences = {
  'connect-refused': ({ flows, client, server, port, by, router }) =>
    `${many(flows)}connect() from ${host(client)} to ${service(server, port)} was refused${
      by === 'icmp'
        ? ` by an ICMP error from ${router === null ? 'several routers' : router === server ? 'the host itself' : router}`
        : by === 'reset'
          ? ' with a RST'
          : ''
    }: ECONNREFUSED.`,
  'connect-timeout': ({ flows, client, server, port, syns, seconds: s, gaveUp, answered }) =>
    `${many(flows)}${host(client)} got no connection to ${service(server, port)}: ${upTo(flows, `${syns} SYN${syns === 1 ? '' : 's'}`)} in ${seconds(s)}, ${
      answered === true
        ? 'the SYN+ACKs came as far as the capture point, and the client did not take them'
        : answered === false
          ? 'no answer'
          : 'no answer that the client took'
    }.${
      gaveUp === 'application'
        ? ' It stopped before Linux does by default: the application gave up, or tcp_syn_retries is lower.'
        : gaveUp === 'kernel'
          ? ' The kernel gave up: ETIMEDOUT.'
          : gaveUp === 'not-yet'
            ? ' It was still trying when the capture ended.'
            : ''
    }`,
  'connect-unreachable': ({ flows, client, server, port, router, name, errno }) =>
    `${many(flows)}${router ?? 'a router'} told ${host(client)} that ${service(server, port)} cannot be reached${name === null ? '' : ` (ICMP ${name})`}: connect() returns ${errno ?? 'an error'}.`,
  'connect-reset': ({ flows, client, server, port, seconds: s }) =>
    `${many(flows)}${service(server, port)} answered the final ACK of ${host(client)} with a RST after ${upTo(flows, seconds(s))}: connect() succeeds, the first recv() or send() returns ECONNRESET.`,
  'slow-connect': ({ flows, client, server, port, seconds: s, syns, lost }) =>
    `${many(flows)}connect() from ${host(client)} to ${service(server, port)} took ${upTo(flows, seconds(s))}: ${syns} SYNs, ${
      lost === 'syn-ack'
        ? 'the first SYN+ACK did not come through'
        : lost === 'syn'
          ? 'the first SYN got no answer'
          : 'the first SYN or SYN+ACK did not come through'
    }.`,
  'handshake-not-completed': ({ flows, client, server, port, seconds: s, synAcks, completed }, { state }) => {
    const gone = synAcks === 0 ? 'has nothing' : `is in ${state('SYN_RECEIVED')}`
    return `${many(flows)}${host(client)} is ${state('ESTABLISHED')}, but ${service(server, port)} ${gone} for ${upTo(flows, seconds(s))}${
      synAcks === 0 ? '' : ` and sent its SYN+ACK again ${upTo(flows, times(synAcks))}`
    }${completed === true ? '; then the connection came about' : completed === false ? '; the server never had this connection' : ''}.`
  },
  'syn-flood': ({ flows, server, port, addresses, seconds: s, answered }) =>
    `SYN flood on ${service(server, port)}: ${flows} SYNs from ${addresses} address${addresses === 1 ? '' : 'es'} in ${seconds(s)} whose senders never went on; ${answered} of them were answered.`,
  scan: ({ flows, client, server, port, hosts, ports, open, refused, silent }) =>
    `${host(client)} tried ${flows} connections to ${ports} port${ports === 1 ? '' : 's'}${port === null ? '' : ` (${port})`} of ${hosts === 1 ? host(server) : `${hosts} hosts`} and used none: ${open} open, ${refused} refused, ${silent} silent. A scan.`,
  'close-wait': ({ flows, host: who, peer, port, seconds: s, ended }, { state }) =>
    `${many(flows)}${host(who)} holds ${state('CLOSE_WAIT')} towards ${host(peer)}${port === null ? '' : ` (port ${port})`}${
      s < 0.001 && ended === 'still' ? ' when the capture ends' : ` for ${upTo(flows, seconds(s))}`
    }: the peer has closed, its own application ${
      ended === 'closed' ? 'closed only then' : ended === 'reset' ? 'had not when a RST ended it' : 'has not'
    }.`,
  'fin-wait-2': ({ flows, host: who, peer, seconds: s, owner, timedOut, still }, { state }) =>
    `${many(flows)}${host(who)} ${still === false ? 'was' : 'is'} in ${state('FIN_WAIT_2')} for ${upTo(flows, seconds(s))}, waiting for ${host(peer)} to close${
      owner === 'orphan'
        ? '; nobody owns the socket any more'
        : owner === 'held'
          ? '; its application still holds the socket and reads'
          : owner === 'unknown'
            ? '; whether its application still holds the socket no packet tells'
            : ''
    }${timedOut === true ? ', and the kernel drops it by tcp_fin_timeout' : ''}.`,
  'time-wait': ({ flows, host: who, peer, port, peak }, { state, side }) =>
    `${many(flows)}${host(who)} holds ${state('TIME_WAIT')}, ${peak} at one time, towards ${host(peer)}${port === null ? '' : ` (${side === 'server' ? 'its own ' : ''}port ${port})`}: it is the side that closes first.`,
  'port-exhaustion': ({ flows, client, server, port, peak, perSecond, range }, { state }) =>
    `${flows} connections from ${host(client)} to ${service(server, port)}${perSecond > 0 ? `, ${Math.round(perSecond)} a second` : ''}: ${Math.max(peak, Math.min(range, Math.round(perSecond * 60)))} of ${range} ports are taken by ${state('TIME_WAIT')}; then connect() returns EADDRNOTAVAIL.`,
  'time-wait-reuse': ({ flows, client, server, port, outcome, seconds: s }, { state }) =>
    `${many(flows)}a SYN from ${host(client)} to ${service(server, port)} met ${state('TIME_WAIT')} of the connection before, ${upTo(flows, seconds(s))} after it began: ${
      outcome === 'accepted'
        ? 'it was taken for a new connection, as it should be'
        : outcome === 'refused'
          ? 'it was not taken; the answer belonged to the old connection'
          : 'some were taken, some not'
    }.`,
  reset: ({ flows, host: who, peer, why, state: was, errno }, { state }) =>
    `${many(flows)}${host(who)} reset the connection with ${host(peer)}${was === null || was === 'CLOSED' ? '' : ` in ${state(was)}`}${why === null ? '' : `: ${RESET[why]}`}.${errno === null ? '' : ` The other side sees ${errno}.`}`,
  'reset-injected': ({ flows, host: who, peer, taken }) =>
    `${many(flows)}a RST in the name of ${host(who)} does not come from it; ${host(peer)} ${taken === true ? 'took it, and its connection is gone' : taken === false ? 'did not take it' : 'took some of them'}.`,
  'keep-alive-race': ({ flows, client, server, port, closer, idle }) =>
    `${many(flows)}after ${upTo(flows, seconds(idle))} idle ${closer === null ? 'one side' : closer === server ? 'the server' : 'the client'} closed the connection of ${host(client)} with ${service(server, port)} while a request was already on its way: it was answered with a RST and is lost.`,
  'half-open': ({ flows, host: who, peer, by, idle }) =>
    `${many(flows)}half-open: ${host(peer)} believes in a connection that ${host(who)} does not have any more${
      by === 'syn'
        ? ' and opens anew'
        : by === null
          ? ''
          : `; its ${{ data: 'data', fin: 'FIN', 'keep-alive': 'keep-alive probe' }[by]}${idle >= 1 ? ` after ${upTo(flows, seconds(idle))} of silence` : ''} is answered with a RST`
    }.`,
  'idle-dropped': ({ flows, host: who, peer, seconds: s, survived }) =>
    `${many(flows)}after ${upTo(flows, seconds(s))} idle nothing comes through any more between ${host(who)} and ${host(peer)}${survived >= 1 ? `; ${seconds(survived)} idle did no harm` : ''}.`,
  'dead-peer': ({ flows, host: who, peer, by, tries, seconds: s, gaveUp }) =>
    `${many(flows)}${host(peer)} does not answer ${host(who)} any more: ${upTo(flows, String(tries))} ${by === null ? 'tries' : TRIED[by]} in ${seconds(s)}${gaveUp === true ? ', then it gave up' : ''}.`,
  'keep-alive': ({ flows, host: who, peer, probes, seconds: s }) =>
    `${many(flows)}keep-alives work: ${host(who)} probed ${upTo(flows, times(probes))}, every ${seconds(s)}, and ${host(peer)} answered.`,
  'packet-loss': ({ flows, host: who, peer, again, sent, stall, where }) =>
    `${many(flows)}${again} of ${sent} segments from ${host(who)} to ${host(peer)} were sent again${share(again, sent)}${stall >= 0.001 ? `, the slowest ${seconds(stall)} late` : ''}; ${
      where === 'after'
        ? 'the loss is behind the capture point'
        : where === 'before'
          ? 'the loss is before the capture point'
          : 'the loss is on both sides of the capture point'
    }.`,
  'zero-window': ({ flows, host: who, peer, seconds: s, still }) =>
    `${many(flows)}the application on ${host(who)} does not read: its receive window towards ${host(peer)} was shut for ${upTo(flows, seconds(s))}${still === true ? ' and did not open again' : ''}.`,
  'not-captured': ({ flows, bytes: n, holes }) =>
    `${many(flows)}${bytes(n)} in ${holes} place${holes === 1 ? '' : 's'} are missing in the capture only: they were acknowledged, so they were not lost.`,
  'capture-duplicates': ({ flows, packets: n }) =>
    `${many(flows)}${packets(n)} ${n === 1 ? 'was' : 'were'} captured twice; they are not retransmissions.`,
  'capture-point': ({ flows, where }) => `${many(flows)}${WHERE[where]}.`,
  'capture-partial': ({ begins, ends }) =>
    `${[
      begins > 0 ? `${begins} connection${begins === 1 ? '' : 's'} began before the capture` : '',
      ends > 0 ? `${ends} ended after it, in the middle of opening or closing` : '',
    ]
      .filter((part) => part !== '')
      .join('; ')}: what is not in it is assumed.`,
  'capture-one-way': ({ flows, host: who }) =>
    `${many(flows)}only packets from ${host(who)} were captured; what the other side sent is concluded from its acknowledgments.`,
  'capture-drops': ({ packets: n }) =>
    `The capturing host lost ${packets(n)}: what looks lost may only not have been captured.`,
  healthy: ({ flows, where }) =>
    `Nothing wrong in ${flows === 1 ? 'this connection' : `${flows} connections`}${where === null ? '' : `; ${WHERE[where]}`}.`,
}

export const findingElse: Language['findingElse'] = (id) => `${id.replaceAll('-', ' ')}.`
