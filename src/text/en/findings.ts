/** English: what was found, one full sentence or two per finding. A null stands for several. */
import { seconds } from '../amount.js'
import type { FindingSentences, Language } from '../table.js'
import { bytes } from './phrases.js'

const packets = (n: number): string => (n === 1 ? '1 packet' : `${n} packets`)
const many = (flows: number): string => (flows === 1 ? '' : `${flows} flows: `)
const host = (address: string | null, count?: number): string =>
  address ?? (count === undefined || count < 2 ? 'several hosts' : `${count} hosts`)
/** `192.0.2.1 port 80`, which reads the same for IPv6; `port 80 of 12 hosts`. */
const service = (address: string | null, port: number | null, count?: number): string =>
  port === null
    ? host(address, count)
    : address === null
      ? `port ${port} of ${host(address, count)}`
      : `${address} port ${port}`
/** Of several flows a number is the greatest. */
const upTo = (flows: number, text: string): string => (flows === 1 ? text : `up to ${text}`)
const times = (n: number): string => ({ 1: 'once', 2: 'twice' })[n] ?? `${n} times`
const counted = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`
const verb = (n: number, one: string, more: string): string => (n === 1 ? one : more)
/** Three digits at most. */
const percent = (part: number, whole: number): string => `${Number(((100 * part) / whole).toPrecision(2))} %`
/** A percentage of a few says nothing. */
const share = (part: number, whole: number): string => (whole < 50 ? '' : ` (${percent(part, whole)})`)

const RESET = {
  abort: 'the application aborted the connection',
  'data-after-close': 'data arrived after the application had closed',
  'closed-socket': 'the socket was already gone when the last segment came',
  'time-out': 'the probes went unanswered',
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
  both: 'captured at both hosts',
} as const

const LOST = {
  after: 'the loss is behind the capture point',
  before: 'the loss is before the capture point',
  both: 'the loss is on both sides of the capture point',
  between: 'the loss is between the two capture points',
} as const

export const findings: FindingSentences = {
  'connect-refused': ({ flows, client, server, clients, servers, port, by, router }) =>
    `${many(flows)}connect() from ${host(client, clients)} to ${service(server, port, servers)} was refused${
      by === 'icmp'
        ? ` by an ICMP error from ${router === null ? 'several routers' : router === server ? 'the host itself' : router}`
        : by === 'reset'
          ? ' with a RST'
          : ''
    }: ECONNREFUSED.`,
  'connect-timeout': ({
    flows,
    client,
    server,
    clients,
    servers,
    port,
    syns,
    seconds: s,
    gaveUp,
    answered,
  }) =>
    `${many(flows)}${host(client, clients)} got no connection to ${service(server, port, servers)}: ${syns === 1 ? (flows === 1 ? '1 SYN' : '1 SYN each') : upTo(flows, `${syns} SYNs`)} in ${upTo(flows, seconds(s))}, ${
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
  'connect-unreachable': ({ flows, client, server, clients, servers, port, router, name, errno }) =>
    `${many(flows)}${router ?? 'a router'} told ${host(client, clients)} that ${service(server, port, servers)} cannot be reached${name === null ? '' : ` (ICMP ${name})`}: connect() returns ${errno ?? 'an error'}.`,
  'connect-reset': ({ flows, client, server, clients, servers, port, seconds: s }) =>
    `${many(flows)}${service(server, port, servers)} answered the final ACK of ${host(client, clients)} with a RST after ${upTo(flows, seconds(s))}: connect() succeeds, the first recv() or send() returns ECONNRESET.`,
  'slow-connect': ({ flows, client, server, clients, servers, port, seconds: s, syns, lost }) =>
    `${many(flows)}connect() from ${host(client, clients)} to ${service(server, port, servers)} took ${upTo(flows, seconds(s))}: ${upTo(flows, `${syns} SYNs`)}, ${
      lost === 'syn-ack'
        ? 'the first SYN+ACK did not come through'
        : lost === 'syn'
          ? 'the first SYN got no answer'
          : 'the first SYN or SYN+ACK did not come through'
    }.`,
  'handshake-not-completed': (
    { flows, client, server, clients, servers, port, seconds: s, synAcks, completed },
    { state },
  ) => {
    const gone = synAcks === 0 ? 'has nothing' : `is in ${state('SYN_RECEIVED')}`
    return `${many(flows)}${host(client, clients)} ${verb(clients, 'is', 'are')} ${state('ESTABLISHED')}, but ${service(server, port, servers)} ${gone} for ${upTo(flows, seconds(s))}${
      synAcks === 0 ? '' : ` and sent its SYN+ACK again ${upTo(flows, times(synAcks))}`
    }${completed === true ? '; then the connection came about' : completed === false ? '; the server never had this connection' : ''}.`
  },
  'syn-flood': ({ flows, server, port, servers, addresses, seconds: s, answered, more, synsOnly, likely }) =>
    `${likely === false ? 'perhaps a ' : ''}SYN flood on ${service(server, port, servers)}: ${flows} SYNs from ${addresses} address${addresses === 1 ? '' : 'es'} in ${seconds(s)}${
      s >= 0.1 && flows / s >= 10 ? ` (${Math.round(flows / s)} a second)` : ''
    } whose senders never went on${more > 0 ? `, and ${more} more of the same kind before them` : ''}; ${
      answered === 0
        ? 'no answer was captured: the server drops them, or the capture was taken before it'
        : `${answered} of them ${verb(answered, 'was', 'were')} answered`
    }.${
      synsOnly
        ? ' Only packets with SYN were captured on this port: whether connections came about is not known.'
        : ''
    }`,
  scan: ({ flows, client, server, port, hosts, ports, open, refused, silent }) =>
    `${host(client)} tried ${flows} connections to ${ports} port${ports === 1 ? '' : 's'}${port === null ? '' : ` (${port})`} of ${host(server, hosts)} and used none: ${open} open, ${refused} refused, ${silent} silent. A scan.`,
  'close-wait': ({ flows, host: who, peer, hosts, peers, port, seconds: s, ended }, { state }) =>
    `${many(flows)}${host(who, hosts)} ${verb(hosts, 'holds', 'hold')} ${state('CLOSE_WAIT')} towards ${host(peer, peers)}${port === null ? '' : ` (port ${port})`}${
      s < 0.001 && ended === 'still' ? ' when the capture ends' : ` for ${upTo(flows, seconds(s))}`
    }: the peer has closed, its own application ${
      ended === 'closed'
        ? 'closed only then'
        : ended === 'reset'
          ? 'had not when a RST ended it'
          : s < 2
            ? 'had not yet when the capture ended'
            : 'has not'
    }.`,
  // When the kernel dropped it no packet tells: at the latest when the next one met no socket.
  'fin-wait-2': ({ flows, host: who, peer, hosts, peers, seconds: s, owner, timedOut, still }, { state }) =>
    `${many(flows)}${host(who, hosts)} ${still === false ? verb(hosts, 'was', 'were') : verb(hosts, 'is', 'are')} in ${state('FIN_WAIT_2')} for ${upTo(timedOut === true ? 2 : flows, seconds(s))}, waiting for ${host(peer, peers)} to close${
      owner === 'orphan'
        ? `; nobody ${timedOut === true ? 'owned' : 'owns'} the socket any more`
        : owner === 'held'
          ? '; its application still holds the socket and reads'
          : owner === 'unknown'
            ? '; whether its application still holds the socket no packet tells'
            : ''
    }${timedOut === true ? ', and the kernel dropped it by tcp_fin_timeout' : ''}.`,
  'time-wait': ({ flows, host: who, peer, hosts, peers, port, peak, perSecond }, { state, side }) =>
    `${many(flows)}${host(who, hosts)} ${verb(hosts, 'holds', 'hold')} ${state('TIME_WAIT')}, ${hosts > 1 ? 'up to ' : ''}${peak}${hosts > 1 ? ' each' : ''} at one time${
      perSecond >= 1 ? ` and ${hosts > 1 ? 'up to ' : ''}${Math.round(perSecond)} more a second` : ''
    }, towards ${host(peer, peers)}${port === null ? '' : ` (${side === 'server' ? 'own ' : ''}port ${port})`}: ${verb(hosts, 'it is', 'they are')} the side that closes first.`,
  'port-exhaustion': ({ flows, client, server, clients, servers, port, peak, perSecond, range }, { state }) =>
    `${counted(flows, 'connection')} from ${host(client, clients)} to ${service(server, port, servers)}: ${peak} of ${range} ports are taken by ${state('TIME_WAIT')}${
      perSecond * 60 > peak
        ? `; at ${Math.round(perSecond)} connections a second, as here, it would be ${perSecond * 60 >= range ? 'all of them' : Math.round(perSecond * 60)} within a minute`
        : ''
    }. When none is left connect() returns EADDRNOTAVAIL.`,
  'time-wait-reuse': ({ flows, client, server, clients, servers, port, outcome, seconds: s }, { state }) =>
    `${many(flows)}a SYN from ${host(client, clients)} to ${service(server, port, servers)} met ${state('TIME_WAIT')} of the connection before, ${upTo(flows, seconds(s))} after it began: ${
      outcome === 'accepted'
        ? 'it was taken for a new connection, as it should be'
        : outcome === 'refused'
          ? 'it was not taken; the answer belonged to the old connection'
          : 'some were taken, some not'
    }.`,
  reset: ({ flows, host: who, peer, hosts, peers, why, state: was, errno, idle }, { state }) => {
    const long = idle >= 1 && why !== 'time-out' ? upTo(flows, seconds(idle)) : null
    const closed = why === 'data-after-close' || why === 'closed-socket'
    return `${many(flows)}${host(who, hosts)} reset ${flows === 1 ? 'the connection' : 'connections'} with ${host(peer, peers)}${was === null || was === 'CLOSED' ? '' : ` in ${state(was)}`}${long === null || closed ? '' : ` after ${long} of silence`}${why === null ? '' : `: ${RESET[why]}`}.${
      long !== null && closed ? ` Before it closed, nothing had come from either side for ${long}.` : ''
    }${errno === null ? '' : ` ${flows === 1 ? 'The other side' : 'Where somebody is left on the other side, it'} sees ${errno}.`}`
  },
  'reset-injected': ({ flows, host: who, peer, hosts, peers, taken, shown }) =>
    `${many(flows)}a RST in the name of ${host(who, hosts)} is ${shown === 'never-left' ? '' : shown === 'goes-on' ? 'most likely ' : 'perhaps '}forged: ${
      shown === 'never-left'
        ? 'the capture at its supposed sender does not have it'
        : shown === 'goes-on'
          ? 'its supposed sender goes on as if it had sent none'
          : shown === 'both-ends'
            ? 'both ends got one at the same time, and nothing asked for it'
            : 'it does not look like the other packets of its sender'
    }. ${host(peer, peers)} ${taken === true ? 'took it, and its connection is gone' : taken === false ? 'did not take it' : 'took some of them'}.`,
  'keep-alive-race': ({ flows, client, server, clients, servers, port, idle }, { side }) =>
    `${many(flows)}after ${upTo(flows, seconds(idle))} idle ${side === null ? 'one side' : `the ${side}`} closed the connection of ${host(client, clients)} with ${service(server, port, servers)} while a request was already on its way: it was answered with a RST and is lost.`,
  'half-open': ({ flows, host: who, peer, hosts, peers, by, idle }) =>
    `${many(flows)}half-open: ${host(peer, peers)} ${verb(peers, 'believes', 'believe')} in a connection that ${host(who, hosts)} ${verb(hosts, 'does', 'do')} not have any more${
      by === 'syn'
        ? ' and opens anew'
        : by === null
          ? ''
          : `; its ${{ data: 'data', fin: 'FIN', 'keep-alive': 'keep-alive probe' }[by]}${idle >= 1 ? ` after ${upTo(flows, seconds(idle))} of silence` : ''} is answered with a RST`
    }.`,
  'idle-dropped': ({ flows, host: who, peer, hosts, peers, seconds: s, survived }) =>
    `${many(flows)}after ${upTo(flows, seconds(s))} idle nothing comes through any more between ${host(who, hosts)} and ${host(peer, peers)}${survived >= 1 ? `; ${seconds(survived)} idle did no harm` : ''}.`,
  'dead-peer': ({ flows, host: who, peer, hosts, peers, by, tries, seconds: s, gaveUp }) =>
    `${many(flows)}${host(peer, peers)} ${verb(peers, 'does', 'do')} not answer ${host(who, hosts)} any more: ${upTo(flows, String(tries))} ${by === null ? 'tries' : TRIED[by]} in ${seconds(s)}${gaveUp === true ? ', then it gave up' : ''}.`,
  'keep-alive': ({ flows, host: who, peer, hosts, peers, probes, answered, seconds: s }) =>
    `${many(flows)}keep-alives work: ${host(who, hosts)} probed ${upTo(flows, times(probes))}, every ${seconds(s)}, and ${host(peer, peers)} answered${flows === 1 && answered < probes ? ` ${answered} of them` : ''}.`,
  'packet-loss': (args) => {
    const { flows, host: who, peer, hosts, peers, again, sent, acks, captured, stall, where } = args
    const way = `from ${host(who, hosts)} to ${host(peer, peers)}`
    const data =
      flows > 1
        ? `${counted(again, 'segment')} ${way} ${verb(again, 'was', 'were')} sent again (${percent(again, captured)} of all TCP packets)`
        : sent === 1 && again === 1
          ? `the one segment with data ${way} was sent again`
          : `${again} of ${sent} segments ${way} ${verb(again, 'was', 'were')} sent again${share(again, sent)}`
    const ack = `${counted(acks, 'ACK')} ${again > 0 ? '' : `${way} `}${verb(acks, 'was', 'were')} lost, so that the other side sent again what had arrived`
    const late = stall < 0.001 ? '' : `, ${again + acks === 1 ? '' : 'the slowest '}${seconds(stall)} late`
    return `${many(flows)}${[...(again > 0 ? [data] : []), ...(acks > 0 ? [ack] : [])].join('; ')}${late}; ${LOST[where ?? 'both']}.`
  },
  'zero-window': ({ flows, host: who, peer, hosts, peers, seconds: s, still }) =>
    `${many(flows)}the application on ${host(who, hosts)} does not read: its receive window towards ${host(peer, peers)} was shut for ${upTo(flows, seconds(s))}${still === true ? ' and did not open again' : ''}.`,
  'not-captured': ({ flows, bytes: n, holes }) =>
    `${many(flows)}${bytes(n)} in ${counted(holes, 'place')} ${verb(n, 'is', 'are')} missing in the capture only: the receiver acknowledged ${verb(n, 'it', 'them')}, so nothing was lost.`,
  'capture-duplicates': ({ flows, packets: n }) =>
    `${many(flows)}${packets(n)} ${n === 1 ? 'was' : 'were'} captured twice; they are not retransmissions.`,
  'capture-point': ({ flows, where }) => `${many(flows)}${WHERE[where]}.`,
  'capture-partial': ({ begins, ends }) =>
    `${[
      begins > 0 ? `${counted(begins, 'connection')} began before the capture` : '',
      ends > 0
        ? `${begins > 0 ? ends : counted(ends, 'connection')} ${verb(ends, 'was', 'were')} still opening or closing when ${begins > 0 ? 'it' : 'the capture'} ended`
        : '',
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
