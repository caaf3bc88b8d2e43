/** 中文：每个事件一句话。Chinese: one full sentence per note. */
import { moment, seconds } from '../amount.js'
import type { NoteSentences, Numbered } from '../table.js'
import { bytes, evidence, gaveUp, HIDDEN, other, RESET, side, THROWN } from './phrases.js'

const of = (packet: Numbered | null): string => (packet === null ? '' : ` #${packet}`)

export const notes: NoteSentences = {
  'syn-retransmission': ({ nth, budget, givesUpAt, first }) =>
    `第 ${nth} 次重传 #${first} 的 SYN${budget === null ? '' : `（最多 ${budget} 次）`}。${gaveUp(givesUpAt)}`,
  'syn-ack-retransmission': ({ nth, budget, first, answers }) =>
    answers !== null
      ? `再次发送 #${first} 的 SYN+ACK，应答 #${answers} 的 SYN。`
      : `第 ${nth} 次重传 #${first} 的 SYN+ACK${budget === null ? '' : `（最多 ${budget} 次）`}：服务端没有收下第三次握手的 ACK，仍是半连接。`,
  'syn-cookie': ({ answers }) => `以 SYN cookie 应答 #${answers}：服务端不为这条连接保留任何状态。`,
  'fast-open': ({ bytes: n, accepted }) =>
    `TCP Fast Open：SYN 携带 ${bytes(n)}数据${accepted === null ? '' : accepted ? '，已被接收' : '，未被接收'}。`,
  'fast-open-cookie': ({ request }) => (request ? '请求 Fast Open cookie。' : '下发 Fast Open cookie。'),
  'simultaneous-open': ({ with: n }) => `同时打开：与 #${n} 的 SYN 交错。`,
  'port-reuse': ({ previousFlow, inTimeWait }) =>
    `端口复用：四元组与流 ${previousFlow} 相同${inTimeWait ? '，对端当时仍处于 TIME_WAIT' : ''}，是一条新连接。`,
  retransmission: ({ of: n, why }) =>
    `重传${of(n)}：${{ timeout: '超时重传（RTO）', probe: '尾部丢包探测（TLP）', unknown: '原因不明' }[why]}。`,
  'fast-retransmission': ({ of: n, duplicateAcks }) =>
    `快速重传${of(n)}：此前收到 ${duplicateAcks} 个重复 ACK。`,
  'spurious-retransmission': ({ of: n, shownBy }) =>
    `虚假重传${of(n)}：对方其实已经收到${evidence(shownBy)}。`,
  'out-of-order': ({ behind }) => `乱序${behind === null ? '' : `：发送时间早于 #${behind}`}。`,
  'duplicate-ack': ({ nth, of: n }) => `对 #${n} 的第 ${nth} 个重复 ACK：之前有报文段缺失。`,
  'zero-window': ({ seconds: s }) =>
    `零窗口：应用程序没有读取数据${s === null ? '' : `，持续 ${seconds(s)}`}。`,
  'zero-window-probe': ({ nth }) => `第 ${nth} 次零窗口探测。`,
  'zero-window-probe-ack': ({ answers }) => `应答零窗口探测${of(answers)}：窗口仍为零。`,
  'window-update': ({ bytes: n }) => `窗口更新：打开到 ${bytes(n)}。`,
  'window-full': ({ bytes: n }) => `在途数据 ${bytes(n)}，已占满对端窗口，发送方只能等待。`,
  'keep-alive': ({ nth }) => `第 ${nth} 次保活探测。`,
  'keep-alive-ack': ({ answers }) => `应答 #${answers} 的保活探测：对端仍在。`,
  'challenge-ack': ({ answers }) => `挑战 ACK${answers === null ? '' : `，针对 #${answers}`}（RFC 5961）。`,
  'previous-segment-missing': ({ bytes: n, kind }) =>
    `之前缺 ${bytes(n)}：${
      { lost: '在途中丢失', 'not-captured': '抓包漏掉了，对端已收到', unknown: '丢失或未被抓到' }[kind]
    }。`,
  'ack-of-unseen': ({ bytes: n }) => `确认了抓包中没有的 ${bytes(n)}。`,
  'capture-duplicate': ({ of: n }) => `与 #${n} 是同一个报文，被抓了两次。`,
  'old-duplicate': ({ of: n }) => `${n === null ? '' : `#${n} 的`}旧的重复报文。`,
  'outside-window': () => '落在接收窗口之外：被丢弃，并回一个 ACK。',
  reset: ({ form, answers, taken }) =>
    `${RESET[form]}${answers === null ? '' : `，针对 #${answers}`}${taken === false ? '；对端没有接受这个 RST' : ''}。`,
  'fin-retransmission': ({ of: n }) => `重传 #${n} 的 FIN。`,
  'simultaneous-close': ({ with: n }) => `同时关闭：与 #${n} 的 FIN 交错。`,
  'data-after-close': ({ bytes: n }) => `向已经关闭的一端发送了 ${bytes(n)}，已无人读取。`,
  'time-wait-until': ({ side: s, until }) => `${side(s)}的 TIME_WAIT 持续到 ${moment(until)}。`,
  'not-received': ({ side: s, shownBy, lost }) =>
    `${side(s)}没有收到${lost ? '：在途中丢失' : ''}${evidence(shownBy)}。`,
  unanswered: ({ shownBy }) =>
    `没有应答${shownBy === null ? '' : `（见 #${shownBy}）`}：它或它的应答丢失了。`,
  'thrown-away': ({ side: s, shownBy, why }) => `${side(s)}丢弃了它：${THROWN[why]}${evidence(shownBy)}。`,
  crossing: ({ with: n }) => `与 #${n} 在途中交错：双方发送时都还没收到对方的报文。`,
  'hidden-change': ({ side: s, from, to, why }, { state }) =>
    `没有报文可见，${side(s)}由 ${state(from)} 变为 ${state(to)}：${HIDDEN[why]}。`,
  'state-unknown-before': () => '抓包从连接中途开始，之前的状态是推定的。',
  'icmp-error': ({ name, router, fatal }, { from }) =>
    `${router} 返回 ICMP ${name}：${fatal ? `${side(from)}的连接尝试就此失败` : '仅作提示，连接不受影响'}。`,
  'near-fast-answers': ({ side: s, milliseconds, other: far }) =>
    `${side(s)}在 ${seconds(milliseconds / 1000)} 内应答${
      far === null ? '' : `，${side(other(s))}为 ${seconds(far / 1000)}`
    }。`,
  'near-large-frames': ({ side: s, bytes: n }) =>
    `${side(s)}发出的帧长 ${bytes(n)}，超过网络可承载的长度：这是网卡卸载（TSO/GRO），只在本机抓包时可见。`,
  'near-partial-checksums': ({ side: s, packets }) =>
    `${side(s)}发出的 ${packets} 个报文校验和尚未填写：在本机抓包。`,
  'near-ttl': ({ side: s, ttl }) => `${side(s)}报文的 TTL 仍是初始值 ${ttl}。`,
  'near-between': ({ client, server }) =>
    `到客户端往返 ${seconds(client / 1000)}，到服务端往返 ${seconds(server / 1000)}。`,
  'near-at-most': ({ client, server }) =>
    `到客户端往返最多 ${seconds(client / 1000)}，到服务端最多 ${seconds(server / 1000)}：所依据的 ACK 可能是延迟确认。`,
  'near-both': ({ client, server }) =>
    client === null || server === null
      ? '两台主机之间的往返时间未知。'
      : `两台主机之间往返 ${seconds((client + server) / 1000)}。`,
  'near-unknown': () => '从抓包无法判断抓包位置。',
}
