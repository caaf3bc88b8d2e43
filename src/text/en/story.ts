/** English: the story of a connection. */
import type { Certainty } from '../../report.js'
import { moment, seconds } from '../amount.js'
import type { Reached, StoryWords } from '../story.js'
import { bytes, other, side, The } from './phrases.js'

const ROLES = {
  syn: 'it sent the SYN',
  'syn-ack': 'the other end sent the SYN+ACK',
  port: 'by the port numbers',
  first: 'it sent the first packet',
} as const

const CERTAIN: Readonly<Record<Certainty, string>> = {
  seen: 'Seen in the packets',
  implied: 'Following from other packets',
  assumed: 'Assumed, because the capture cannot tell',
}

const reached = ({ state, moved }: Reached): string =>
  moved ? `got as far as ${state}` : `never left ${state}`

const list = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`

const count = (packets: number): string => (packets === 1 ? 'one packet' : `${packets} packets`)

export const story: StoryWords = {
  opened: (client, server, at, roles) =>
    `${client} connects to ${server} at ${moment(at)} (the client: ${ROLES[roles]}).`,
  beganBefore: (client, server, roles) =>
    `The connection between ${client} and ${server} is older than the capture; ${client} is taken for the client (${ROLES[roles]}).`,
  established: (client, server, doubt, state) =>
    client === null && server === null
      ? `Neither side reaches ${state}.`
      : client !== null && server !== null
        ? `The client is ${state} at ${moment(client)}, the server at ${moment(server)}${doubt ? ', as far as the packets tell' : ''}.`
        : client !== null
          ? `The client is ${state} at ${moment(client)}; the server never is.`
          : `The server is ${state} at ${moment(server ?? 0)}; the client never is.`,
  neverOpen: (syns, client, server) =>
    `After ${syns === 1 ? 'one SYN' : `${syns} SYNs`} it never opens: the client ${reached(client)}, the server ${reached(server)}.`,
  data: (client, server, packets, again) =>
    `In ${count(packets)} the client sends ${bytes(client)}, the server ${bytes(server)}${again === 0 ? '' : `; ${again === 1 ? 'one of them carries' : `${again} of them carry`} something sent before`}.`,
  noData: (packets) => `In ${count(packets)} no data is sent.`,
  wrongAfter: (packet, clientState, serverState) =>
    `It goes wrong at #${packet}: after it the client is in ${clientState} and the server in ${serverState}.`,
  wrongBefore: (packet, clientState, serverState) =>
    `It goes wrong at #${packet}: until then the client was in ${clientState} and the server in ${serverState}.`,
  closed: (who, at, answer) =>
    who === 'both'
      ? `Both sides close at once, at ${moment(at)}.`
      : `${The(who)} closes first, at ${moment(at)}${answer === null ? `; ${side(other(who))} does not close` : `; ${side(answer.side)} closes ${seconds(answer.seconds)} later`}.`,
  aborted: (who, packet, at) => `${The(who)} ends it with a RST (#${packet}) at ${moment(at)}.`,
  notClosed: 'Nobody closes it while the capture lasts.',
  call: ({ side: who, call, errno, packet, shownBy, certainty }, meaning, at, later) =>
    `${certainty === 'assumed' ? 'Likely, ' : ''}${call}() on ${side(who)} ${later ? 'will return' : 'returns'} ${errno} (${meaning}), ${
      packet !== null
        ? `because of #${packet}`
        : later
          ? `when a timer runs out at ${moment(at)}, unless an answer comes first`
          : `because a timer runs out at ${moment(at)}${shownBy === undefined ? '' : `, as #${shownBy} shows`}`
    }.`,
  noErrors: 'No call of either application returned an error, as far as the packets tell.',
  timer: (who, name, at, over, state) =>
    `${The(who)}'s ${name} ${over ? 'ran' : 'runs'} out at ${moment(at)} and ${over ? `ended ${state}` : `will end ${state}, unless a packet comes first`}.`,
  atTheEnd: (clientState, serverState) =>
    `At the end of the capture the client is in ${clientState}, the server in ${serverState}.`,
  certainty: (known) =>
    `${(['seen', 'implied', 'assumed'] as const)
      .filter((kind) => known[kind].length > 0)
      .map(
        (kind) =>
          `${CERTAIN[kind]}: ${known[kind].map(({ side: who, states }) => `${side(who)}'s ${list(states)}`).join('; ')}`,
      )
      .join('. ')}.`,
  timers: {
    syn: 'SYN timer',
    'syn-ack': 'SYN+ACK timer',
    retransmission: 'retransmission timer',
    'time-wait': '2MSL timer',
    'fin-wait-2': 'timer for an orphan (tcp_fin_timeout)',
  },
}
