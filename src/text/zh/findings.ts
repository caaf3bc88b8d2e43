/** 中文：诊断结论。Chinese: what was found, one full sentence or two per finding. A null stands for several. */
import { seconds } from '../amount.js'
import type { FindingSentences, Language } from '../table.js'
import { bytes } from './phrases.js'

const many = (flows: number): string => (flows === 1 ? '' : `${flows} 条连接：`)
const host = (address: string | null, count?: number): string =>
  address ?? (count === undefined || count < 2 ? '多台主机' : `${count} 台主机`)
const service = (address: string | null, port: number | null, count?: number): string =>
  `${host(address, count)}${port === null ? '' : ` 的 ${port} 端口`}`
/** Of several flows a number is the greatest. */
const upTo = (flows: number, text: string): string =>
  flows === 1 ? text : `最多${text.startsWith(' ') ? '' : ' '}${text}`
const lasting = (flows: number, s: number): string => (flows === 1 ? seconds(s) : `最长 ${seconds(s)}`)
const percent = (part: number, whole: number): string => `${Number(((100 * part) / whole).toPrecision(2))}%`
/** A percentage of a few says nothing. */
const share = (part: number, whole: number): string => (whole < 50 ? '' : `（${percent(part, whole)}）`)

const RESET = {
  abort: '应用程序强制中止了连接',
  'data-after-close': '应用程序关闭之后又收到了数据',
  'closed-socket': '最后那个报文到达时套接字已不存在',
  'time-out': '探测一直无应答',
  unknown: '原因无法从报文得知',
} as const

const TRIED = {
  'keep-alive': (times: string) => `保活探测${times}，均无应答`,
  retransmission: (times: string) => `把同一段数据重传了${times}`,
  'window-probe': (times: string) => `零窗口探测${times}，均无应答`,
  fin: (times: string) => `发了${times} FIN`,
} as const

const WHERE = {
  client: '抓包点靠近客户端',
  server: '抓包点靠近服务端',
  between: '抓包点在两台主机之间',
  both: '在两台主机上都抓了包',
} as const

const LOST = {
  after: '丢在抓包点之后',
  before: '丢在抓包点之前',
  both: '抓包点前后都有丢包',
  between: '丢在两个抓包点之间',
} as const

export const findings: FindingSentences = {
  'connect-refused': ({ flows, client, server, clients, servers, port, by, router }) =>
    `${many(flows)}${host(client, clients)} 连接 ${service(server, port, servers)} 被拒绝（${
      by === 'icmp'
        ? `${router === null ? '多台路由器' : router === server ? '对端主机自己' : router} 返回 ICMP 差错`
        : by === 'reset'
          ? '收到 RST'
          : '收到 RST 或 ICMP 差错'
    }），connect() 返回 ECONNREFUSED。`,
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
    `${many(flows)}${host(client, clients)} 连不上 ${service(server, port, servers)}：${lasting(flows, s)} 内发了${syns === 1 ? (flows === 1 ? ' 1 个' : '各 1 个') : upTo(flows, ` ${syns} 个`)} SYN，${
      answered === true
        ? 'SYN+ACK 到了抓包点，客户端却没有收下'
        : answered === false
          ? '没有任何应答'
          : '没有客户端收下的应答'
    }。${
      gaveUp === 'application'
        ? '没到 Linux 默认的重试上限就停了：应用程序自己放弃，或 tcp_syn_retries 调小了。'
        : gaveUp === 'kernel'
          ? '内核重试用尽，返回 ETIMEDOUT。'
          : gaveUp === 'not-yet'
            ? '抓包结束时仍在重试。'
            : ''
    }`,
  'connect-unreachable': ({ flows, client, server, clients, servers, port, router, name, errno }) =>
    `${many(flows)}${router ?? '路由器'} 告诉 ${host(client, clients)}：${service(server, port, servers)} 不可达${name === null ? '' : `（ICMP ${name}）`}，connect() 返回 ${errno ?? '错误'}。`,
  'connect-reset': ({ flows, client, server, clients, servers, port, seconds: s }) =>
    `${many(flows)}${service(server, port, servers)} 收到 ${host(client, clients)} 的第三次握手 ACK，${lasting(flows, s)} 后回了 RST：connect() 成功，第一次 recv() 或 send() 返回 ECONNRESET。`,
  'slow-connect': ({ flows, client, server, clients, servers, port, seconds: s, syns, lost }) =>
    `${many(flows)}${host(client, clients)} 连接 ${service(server, port, servers)} 花了 ${lasting(flows, s)}：发了${upTo(flows, ` ${syns} 个`)} SYN，${
      lost === 'syn-ack'
        ? '第一个 SYN+ACK 没有送到'
        : lost === 'syn'
          ? '第一个 SYN 没有应答'
          : '第一个 SYN 或 SYN+ACK 没有送到'
    }。`,
  'handshake-not-completed': (
    { flows, client, server, clients, servers, port, seconds: s, synAcks, completed },
    { state },
  ) => {
    const gone = synAcks === 0 ? '并没有这条连接' : `还停在 ${state('SYN_RECEIVED')}`
    return `${many(flows)}客户端 ${host(client, clients)} 已是 ${state('ESTABLISHED')}，而 ${service(server, port, servers)} ${gone}，持续 ${lasting(flows, s)}${
      synAcks === 0 ? '' : `，其间重发 SYN+ACK ${upTo(flows, `${synAcks} 次`)}`
    }${completed === true ? '；之后连接才真正建立' : completed === false ? '；服务端始终没有建立这条连接' : ''}。`
  },
  'syn-flood': ({ flows, server, port, servers, addresses, seconds: s, answered, more, synsOnly, likely }) =>
    `${service(server, port, servers)} ${likely === false ? '可能' : ''}遭遇 SYN flood：${seconds(s)} 内来自 ${addresses} 个地址的 ${flows} 个 SYN${
      s >= 0.1 && flows / s >= 10 ? `（每秒 ${Math.round(flows / s)} 个）` : ''
    }，发送方都没有下文${more > 0 ? `，此前还有同类的 ${more} 个` : ''}；${
      answered === 0
        ? '没有抓到任何应答：服务端丢弃了它们，或抓包点在服务端之前'
        : `其中 ${answered} 个得到了应答`
    }。${synsOnly ? '该端口只抓到带 SYN 的报文，连接最后是否建立无从得知。' : ''}`,
  scan: ({ flows, client, server, port, hosts, ports, open, refused, silent }) =>
    `扫描：${host(client)} 对 ${hosts === 1 ? `${host(server)} ` : `${hosts} 台主机`}的 ${ports} 个端口${port === null ? '' : `（${port}）`}发起 ${flows} 次连接，一条也没有使用：${open} 个开放，${refused} 个拒绝，${silent} 个无应答。`,
  'close-wait': ({ flows, host: who, peer, hosts, peers, port, seconds: s, ended }, { state }) =>
    `${many(flows)}${host(who, hosts)} 上与 ${host(peer, peers)} 的连接${port === null ? '' : `（端口 ${port}）`}${
      s < 0.001 && ended === 'still' ? '在抓包结束时' : '有 '.concat(lasting(flows, s), ' ')
    }处于 ${state('CLOSE_WAIT')}：对端已经关闭，本机应用程序${
      ended === 'closed'
        ? '这时才关闭'
        : ended === 'reset'
          ? '直到收到 RST 都没有关闭'
          : s < 2
            ? '到抓包结束时还没有关闭'
            : '没有关闭'
    }。`,
  'fin-wait-2': ({ flows, host: who, peer, hosts, peers, seconds: s, owner, timedOut }, { state }) =>
    `${many(flows)}${host(who, hosts)} 处于 ${state('FIN_WAIT_2')} 状态 ${lasting(timedOut === true ? 2 : flows, s)}，等待 ${host(peer, peers)} 关闭${
      owner === 'orphan'
        ? '；套接字已是孤儿，没有进程持有'
        : owner === 'held'
          ? '；应用程序仍持有套接字并在读数据'
          : owner === 'unknown'
            ? '；是否还有进程持有套接字，报文看不出来'
            : ''
    }${timedOut === true ? '，到 tcp_fin_timeout 后由内核回收' : ''}。`,
  'time-wait': ({ flows, host: who, peer, hosts, peers, port, peak, perSecond }, { state, side }) =>
    `${many(flows)}${host(who, hosts)} 上堆积 ${state('TIME_WAIT')}，${hosts > 1 ? '每台' : ''}同时最多 ${peak} 条${
      perSecond >= 1 ? `，每秒${hosts > 1 ? '最多' : ''}新增 ${Math.round(perSecond)} 条` : ''
    }，对端是 ${host(peer, peers)}${port === null ? '' : `（${side === 'server' ? '本机' : ''}端口 ${port}）`}：先关闭的是这一端。`,
  'port-exhaustion': ({ flows, client, server, clients, servers, port, peak, perSecond, range }, { state }) =>
    `${host(client, clients)} 到 ${service(server, port, servers)} 有 ${flows} 条连接：${range} 个本地端口中有 ${peak} 个被 ${state('TIME_WAIT')} 占用${
      perSecond * 60 > peak
        ? `；若一直保持这里每秒 ${Math.round(perSecond)} 条的速度，一分钟内会占用${perSecond * 60 >= range ? '全部端口' : ` ${Math.round(perSecond * 60)} 个`}`
        : ''
    }。用尽后 connect() 返回 EADDRNOTAVAIL。`,
  'time-wait-reuse': ({ flows, client, server, clients, servers, port, outcome, seconds: s }, { state }) =>
    `${many(flows)}${host(client, clients)} 发往 ${service(server, port, servers)} 的 SYN 遇到上一条连接的 ${state('TIME_WAIT')}（已持续 ${lasting(flows, s)}）：${
      outcome === 'accepted'
        ? '被当作新连接接受，属于正常行为'
        : outcome === 'refused'
          ? '没有被接受，得到的应答属于旧连接'
          : '有的被接受，有的没有'
    }。`,
  reset: ({ flows, host: who, peer, hosts, peers, why, state: was, errno, idle }, { state }) => {
    const long = idle >= 1 && why !== 'time-out' ? lasting(flows, idle) : null
    const closed = why === 'data-after-close' || why === 'closed-socket'
    return `${many(flows)}${host(who, hosts)} ${long === null || closed ? '' : `在静默 ${long} 后，`}${was === null || was === 'CLOSED' ? '' : `在 ${state(was)} 状态`}重置了与 ${host(peer, peers)} 的连接${why === null ? '' : `：${RESET[why]}`}。${
      long !== null && closed ? `关闭之前，双方静默${flows === 1 ? '了' : ''} ${long}。` : ''
    }${errno === null ? '' : `${flows === 1 ? '对端' : '对端若仍有应用程序，会'}看到 ${errno}。`}`
  },
  'reset-injected': ({ flows, host: who, peer, hosts, peers, taken, shown }) =>
    `${many(flows)}有一个以 ${host(who, hosts)} 名义发出的 RST ${shown === 'never-left' ? '' : shown === 'goes-on' ? '很可能' : '也许'}是伪造的：${
      shown === 'never-left'
        ? '名义上的发送方自己的抓包里没有它'
        : shown === 'goes-on'
          ? '名义上的发送方之后照常收发，就像没有发过它'
          : shown === 'both-ends'
            ? '两端同时收到 RST，而此前没有会引来 RST 的报文'
            : '它与这个发送方的其他报文特征不符'
    }。${host(peer, peers)} ${taken === true ? '收下了，连接已断' : taken === false ? '没有收下' : '收下了其中一部分'}。`,
  'keep-alive-race': ({ flows, client, server, clients, servers, port, idle }, { side }) =>
    `${many(flows)}${host(client, clients)} 与 ${service(server, port, servers)} 的连接空闲 ${lasting(flows, idle)} 后，${side === null ? '其中一端' : side === 'server' ? '服务端' : '客户端'}关闭连接，而请求这时已在路上：请求得到 RST，丢失了。`,
  'half-open': ({ flows, host: who, peer, hosts, peers, by, idle }) =>
    `${many(flows)}半打开：${host(peer, peers)} 还认为连接存在，${host(who, hosts)} 上已经没有了${
      by === 'syn'
        ? '，又发 SYN 重新连接'
        : by === null
          ? ''
          : `；${idle >= 1 ? `静默 ${lasting(flows, idle)} 后，` : ''}前者发出的${{ data: '数据', fin: ' FIN ', 'keep-alive': '保活探测' }[by]}得到 RST`
    }。`,
  'idle-dropped': ({ flows, host: who, peer, hosts, peers, seconds: s, survived }) =>
    `${many(flows)}空闲 ${lasting(flows, s)} 之后，${host(who, hosts)} 与 ${host(peer, peers)} 之间再也不通${survived >= 1 ? `；此前空闲 ${seconds(survived)} 则没有问题` : ''}。`,
  'dead-peer': ({ flows, host: who, peer, hosts, peers, by, tries, seconds: s, gaveUp }) =>
    `${many(flows)}${host(peer, peers)} 不再应答 ${host(who, hosts)}：${seconds(s)} 内${by === null ? `尝试${upTo(flows, ` ${tries} 次`)}` : TRIED[by](upTo(flows, ` ${tries} 次`))}${gaveUp === true ? '，随后放弃' : ''}。`,
  'keep-alive': ({ flows, host: who, peer, hosts, peers, probes, answered, seconds: s }) =>
    `${many(flows)}保活正常：${host(who, hosts)} 每 ${seconds(s)} 探测一次，共${upTo(flows, ` ${probes} 次`)}，${host(peer, peers)} ${flows === 1 && answered < probes ? `应答了 ${answered} 次` : '都有应答'}。`,
  'packet-loss': (args) => {
    const { flows, host: who, peer, hosts, peers, again, sent, acks, captured, stall, where } = args
    const way = `${host(who, hosts)} 发往 ${host(peer, peers)} 的`
    const data =
      flows > 1
        ? `${way}报文段重传了 ${again} 个（占全部 TCP 报文的 ${percent(again, captured)}）`
        : sent === 1 && again === 1
          ? `${way}唯一一个数据报文段重传过`
          : `${way} ${sent} 个报文段中重传了 ${again} 个${share(again, sent)}`
    const ack = `${again > 0 ? '另有' : way} ${acks} 个 ACK 丢失，对端因此重传了已经送到的数据或 FIN`
    const late =
      stall < 0.001
        ? ''
        : `，${again + acks === 1 ? `晚了 ${seconds(stall)}` : `最慢的晚了 ${seconds(stall)}`}`
    return `${many(flows)}${[...(again > 0 ? [data] : []), ...(acks > 0 ? [ack] : [])].join('；')}${late}；${LOST[where ?? 'both']}。`
  },
  'zero-window': ({ flows, host: who, peer, hosts, peers, seconds: s, still }) =>
    `${many(flows)}${host(who, hosts)} 上的应用程序不读数据：它对 ${host(peer, peers)} 的接收窗口为零，持续 ${lasting(flows, s)}${still === true ? '，没有再打开' : ''}。`,
  'not-captured': ({ flows, bytes: n, holes }) =>
    `${many(flows)}有 ${holes} 处共 ${bytes(n)} 只是没有抓到：它们得到了确认，并没有丢。`,
  'capture-duplicates': ({ flows, packets: n }) => `${many(flows)}${n} 个报文被抓到两次，不是重传。`,
  'capture-point': ({ flows, where }) => `${many(flows)}${WHERE[where]}。`,
  'capture-partial': ({ begins, ends }) =>
    `${[
      begins > 0 ? `${begins} 条连接在抓包开始前就已存在` : '',
      ends > 0 ? `${ends} 条${begins > 0 ? '' : '连接'}在握手或关闭途中抓包就结束了` : '',
    ]
      .filter((part) => part !== '')
      .join('；')}：抓包之外的部分只能推测。`,
  'capture-one-way': ({ flows, host: who }) =>
    `${many(flows)}只抓到了 ${host(who)} 发出的报文；另一个方向只能从它的确认号推断。`,
  'capture-drops': ({ packets: n }) => `抓包主机丢了 ${n} 个报文：看上去丢失的，可能只是没有抓到。`,
  healthy: ({ flows, where }) =>
    `${flows === 1 ? '这条连接' : `${flows} 条连接都`}没有发现问题${where === null ? '' : `；${WHERE[where]}`}。`,
}

export const findingElse: Language['findingElse'] = (id) => `${id}。`
