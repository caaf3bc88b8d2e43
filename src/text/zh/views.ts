/** 中文：各视图的用语。Chinese: the words of the views. */

import { moment, seconds } from '../amount.js'
import type { CaptureWords, LadderWords, ListWords, ProblemWords, SocketWords } from '../table.js'
import { bytes, side } from './phrases.js'
import { system, usage } from './system.js'

const atByte = (byte: number | null): string => (byte === null ? '' : `（字节 ${byte}）`)

/** 全角括号之后不留空格。Full-width brackets bring their own room. */
const spaced = (text: string): string => (text.endsWith('）') ? text : `${text} `)

export const ladder: LadderWords = {
  time: '时间',
  title: (flow) => `流 ${flow}`,
  size: (n, len) => `${n} 个报文，${bytes(len)}数据`,
  incarnation: (n) => `该四元组的第 ${n + 1} 条连接`,
  beginsInMiddle: '抓包从连接中途开始',
  tunnel: '外层',
  folded: (n, first, last, len) =>
    `${n} 个报文，#${first} 至 #${last}${len > 0 ? `，${bytes(len)}` : ''}：状态不变`,
  noPacket: { timer: '无报文：定时器', call: '无报文：系统调用', packet: '无报文', start: '无报文' },
  silent: (who, was, state, why) => `${side(who)}：${was} -> ${state}${why === '' ? '' : `，${why}`}`,
  legend: {
    changed: '状态改变',
    assumed: '推定，从抓包无法确认',
    hindsight: '由后面的报文才得知',
    lost: '未到达，或未被接受',
    dropped: '到达后被丢弃',
    unheard: '是否到达无从得知',
    crossing: '仍在途中',
  },
  closedFirst: { client: '客户端（主动关闭方）', server: '服务端（主动关闭方）', both: '双方同时' },
  call: ({ side: who, call, errno }, meaning, evidence) =>
    `${side(who)}：${call}() 返回 ${errno}（${meaning}），${evidence}`,
  byTimer: (at, packet) => `定时器于 ${spaced(at)}到期${packet === null ? '' : `，见 #${packet}`}`,
  byTimerLater: (until) => `定时器将于 ${spaced(until)}到期，除非在此之前有应答`,
  captured: (place, why) => `${place}。${why}`,
  capturedNear: {
    client: '靠近客户端',
    server: '靠近服务端',
    between: '在两端之间',
    both: '在两台主机上',
    unknown: '无法从抓包判断',
  },
  runs: (who, state, until) => `${side(who)}的 ${state} 到 ${spaced(until)}结束，在抓包结束之后`,
  givesUp: (who, state, until) => `${side(who)}将于 ${spaced(until)}放弃 ${state}，除非在此之前有应答`,
  findings: '发现',
  labels: {
    states: '状态',
    verdict: '结论',
    closedFirst: '先关闭的一方',
    calls: '系统调用',
    captured: '抓包位置',
    later: '之后',
  },
}

export const list: ListWords = {
  headings: {
    flow: '流',
    client: '客户端',
    server: '服务端',
    packets: '报文数',
    seconds: '秒',
    clientState: '客户端状态',
    serverState: '服务端状态',
    verdict: '结论',
  },
  hint: (flow, file) => `逐个报文查看一条流：bothends --flow ${flow} ${file}`,
  noFlows: (tcp) => (tcp === 0 ? '这个抓包里没有 TCP 连接。' : '没有符合条件的连接。'),
  noSuchFlow: (flow, flows) => {
    const [first = 0] = flows
    const last = flows.at(-1) ?? 0
    if (flows.length === 0) return `没有流 ${flow}：未找到 TCP 连接`
    if (flows.length === 1) return `没有流 ${flow}：只有流 ${first}`
    if (last - first < flows.length) return `没有流 ${flow}：只有流 ${first} 至 ${last}`
    return `没有流 ${flow}：在 ${first} 至 ${last} 之间只有 ${flows.length} 条流`
  },
  more: (n) => `另有 ${n} 条流，用 --all 查看`,
}

export const sockets: SocketWords = {
  title: (host, at, iso) => `${host}，${at}${iso === '' ? '' : `（${iso}）`}`,
  none: (at) => `${spaced(at)}时没有套接字。`,
  legend: '? 表示推定，从抓包无法确认。Recv-Q 无法从抓包得知。',
  end: '抓包结束时',
  outside: {
    before: (at, by, iso) =>
      `${spaced(at)}比第一个报文（${iso}）早 ${seconds(by)}：以下是最初几个报文所能说明的情况。`,
    after: (at, by, iso) =>
      `${spaced(at)}比最后一个报文（${iso}）晚 ${seconds(by)}：以下是此后再无报文时剩下的套接字，定时器照常计时。`,
  },
  onItsWay: (packet, local, state) => `#${packet} 还在去往 ${local} 的路上，到达后该套接字处于 ${state}。`,
  takenForClosed: (n) => `另有 ${n} 个套接字视为 CLOSED：推定，从抓包无法确认。`,
  moreOnTheirWay: (n) => `另有 ${n} 个会改变状态的报文在途中。`,
  countHeading: { time: '时间', host: '主机' },
  leftOut: (at, endAt) =>
    `行数过多：只列到 ${at.toFixed(3)}，而抓包到 ${endAt.toFixed(3)} 才结束。加大间隔或用 --host 可减少行数。`,
}

export const capture: CaptureWords = {
  summedUp: (n) => `另有 ${n} 条连接从未建立，只计入合计；用 --max-flows 可列出更多`,
  other: (n, reasons) => `${n} 个报文不是 TCP 或无法解码：${reasons}`,
  cutHeaders: (n, tcp) => `${tcp} 个 TCP 报文中有 ${n} 个抓得太短，无法跟踪：请加大 snaplen（tcpdump -s 0）`,
  drops: (n) => `抓包主机丢了 ${n} 个报文：看似缺失的报文可能存在过`,
  clockBehind: (by) => `其时钟比另一份抓包慢 ${seconds(by)}：它的所有时间都已推后同样的长度`,
  watchedUntil: (at) => `其中连接的静默只计到 ${moment(at)}：没有别的抓包从它结束处接着抓`,
  timesGoBack: (at) => `时间有倒退：其中连接的静默只计到最后一个报文（${moment(at)}）`,
  watchedApart: (n) => `有 ${n} 份抓包，其中连接的静默只计到其自身（或接着它的抓包）结束处`,
  headerOnly: (byte) => `只有文件头，没有报文${atByte(byte)}`,
  unknownLink: (type, byte) => `链路类型 ${type} 未知：其中的报文都无法解码${atByte(byte)}`,
}

export const problems: ProblemWords = {
  badTime: (text, several) =>
    `--at ${text}：不是时间；请给出距第一个报文的秒数（7.0、500ms）、#n（第 n 个报文之后）、end、ISO 8601 或纪元秒${several ? '；第一个抓包以外的报文写作 "#n (文件)"' : ''}`,
  noPacket: (text, n, file, other) =>
    `--at ${text}：没有这个报文；${file === null ? '抓包' : `${file} `}共有 ${n} 个${other === null ? '' : `；另一个抓包的报文写作 "${other}"`}`,
  noSuchCapture: (text, known) => `--at ${text}：没有这个抓包；只有 ${known}`,
  badChoice: (option, value, choices) => `${option} ${value}：只能是 ${choices}`,
  badNumber: (option, value) => `${option} ${value}：不是从 0 开始的整数`,
  unknownHost: (host, known) => `抓包里没有主机 ${host}，只有 ${known}`,
  badFilter: (filter, at, found, expected) =>
    `${filter}：第 ${at} 个字符处${found === '' ? '缺少内容' : `“${found}”无法理解`}${expected === '' ? '' : `；可以用：${expected}`}`,
  atAndEvery: '--at 与 --every 只能用其一',
  badInterval: (value) => `--every ${value}：不是时间间隔；例如 1s、500ms、2m`,
  cannotRead: (file, why) => `${file}：${why}`,
  system,
  usage,
  didYouMean: (word) => `；您是不是想用 ${word}？`,
  commandFirst: (command) => `；命令要写在文件名之前：bothends ${command} ...`,
  noCapture: '没有给出抓包文件；用法见 bothends --help',
  failOn: (n, severity) => `${n} 条发现达到或超过 ${severity}`,
}
