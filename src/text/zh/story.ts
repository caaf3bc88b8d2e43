/** 中文：一条连接的经过。Chinese: the story of a connection. */
import type { Certainty } from '../../report.js'
import { moment, seconds } from '../amount.js'
import type { Reached, StoryWords } from '../story.js'
import { bytes, other, side } from './phrases.js'

const ROLES = {
  syn: '由它发出 SYN',
  'syn-ack': '由另一端发出 SYN+ACK',
  port: '按端口号判断',
  first: '由它发出第一个报文',
} as const

const CERTAIN: Readonly<Record<Certainty, string>> = {
  seen: '报文直接证实的有',
  implied: '由其他报文推断的有',
  assumed: '抓包看不出、只能推测的有',
}

const reached = ({ state, moved }: Reached): string => (moved ? `走到 ${state}` : `一直是 ${state}`)

export const story: StoryWords = {
  opened: (client, server, at, roles) =>
    `${client} 在 ${moment(at)} 向 ${server} 发起连接（客户端：${ROLES[roles]}）。`,
  beganBefore: (client, server, roles) =>
    `${client} 与 ${server} 的连接在抓包开始前就已存在；把 ${client} 当作客户端（${ROLES[roles]}）。`,
  established: (client, server, doubt, state) =>
    client === null && server === null
      ? `两端都没有到达 ${state}。`
      : client !== null && server !== null
        ? `客户端在 ${moment(client)} 进入 ${state}，服务端在 ${moment(server)}${doubt ? '（就报文所见）' : ''}。`
        : client !== null
          ? `客户端在 ${moment(client)} 进入 ${state}，服务端始终没有。`
          : `服务端在 ${moment(server ?? 0)} 进入 ${state}，客户端始终没有。`,
  neverOpen: (syns, client, server) =>
    `发了 ${syns} 个 SYN，连接始终没有建立：客户端${reached(client)}，服务端${reached(server)}。`,
  data: (client, server, packets, again) =>
    `共 ${packets} 个报文，客户端发送 ${bytes(client)}，服务端发送 ${bytes(server)}${again === 0 ? '' : `；其中 ${again} 个是重发`}。`,
  noData: (packets) => `共 ${packets} 个报文，没有传输数据。`,
  wrongAfter: (packet, clientState, serverState) =>
    `问题出现在 #${packet}：此报文之后客户端处于 ${clientState}，服务端处于 ${serverState}。`,
  wrongBefore: (packet, clientState, serverState) =>
    `问题出现在 #${packet}：此前客户端处于 ${clientState}，服务端处于 ${serverState}。`,
  closed: (who, at, answer) =>
    who === 'both'
      ? `两端在 ${moment(at)} 同时关闭。`
      : `${side(who)}在 ${moment(at)} 先关闭${answer === null ? `；${side(other(who))}没有关闭` : `，${side(answer.side)} ${seconds(answer.seconds)} 后关闭`}。`,
  aborted: (who, packet, at) => `${side(who)}在 ${moment(at)} 用 RST（#${packet}）结束了连接。`,
  notClosed: '抓包期间没有任何一端关闭。',
  call: ({ side: who, call, errno, packet, shownBy, certainty }, meaning, at, later) =>
    `${certainty === 'assumed' ? '很可能，' : ''}${side(who)}的 ${call}() ${later ? '将返回' : '返回'} ${errno}（${meaning}），${
      packet !== null
        ? `由 #${packet} 引起`
        : later
          ? `由定时器在 ${moment(at)} 到期引起，除非在此之前有应答`
          : `由定时器在 ${moment(at)} 到期引起${shownBy === undefined ? '' : `（见 #${shownBy}）`}`
    }。`,
  noErrors: '就报文所见，两端应用程序的调用都没有返回错误。',
  timer: (who, name, at, over, state) =>
    `${side(who)}的${name}${over ? '已' : '将'}在 ${moment(at)} 到期，${over ? '结束了' : '若此前没有报文到来，就会结束'} ${state}。`,
  atTheEnd: (clientState, serverState) => `抓包结束时客户端处于 ${clientState}，服务端处于 ${serverState}。`,
  certainty: (known) =>
    `${(['seen', 'implied', 'assumed'] as const)
      .filter((kind) => known[kind].length > 0)
      .map(
        (kind) =>
          `${CERTAIN[kind]}：${known[kind].map(({ side: who, states }) => `${side(who)}的 ${states.join('、')}`).join('，')}`,
      )
      .join('；')}。`,
  timers: {
    syn: ' SYN 定时器',
    'syn-ack': ' SYN+ACK 定时器',
    retransmission: '重传定时器',
    'time-wait': ' 2MSL 定时器',
    'fin-wait-2': '孤儿定时器（tcp_fin_timeout）',
  },
}
