/** 中文：时序图旁边的短语。Chinese: the few words beside a packet in the ladder. */
import { seconds } from '../amount.js'
import type { NoteSentences, Numbered } from '../table.js'
import { HIDDEN, side, THROWN } from './phrases.js'

const see = (packet: Numbered | null): string => (packet === null ? '' : `（#${packet}）`)

export const short: NoteSentences = {
  'syn-retransmission': ({ nth, budget }) => `SYN 重传 ${nth}${budget === null ? '' : `/${budget}`}`,
  'syn-ack-retransmission': ({ nth, budget, answers }) =>
    answers === null
      ? `SYN+ACK 重传 ${nth}${budget === null ? '' : `/${budget}`}`
      : `再发 SYN+ACK，应答 #${answers}`,
  'syn-cookie': () => 'SYN cookie：服务端不保留状态',
  'fast-open': ({ accepted }) => (accepted === false ? 'Fast Open，数据未被接收' : 'Fast Open'),
  'fast-open-cookie': ({ request }) => (request ? '请求 Fast Open cookie' : '下发 Fast Open cookie'),
  'simultaneous-open': ({ with: n }) => `与 #${n} 同时打开`,
  'port-reuse': ({ previousFlow }) => `端口复用（流 ${previousFlow}）`,
  retransmission: ({ of, why }) =>
    `${why === 'probe' ? '尾部丢包探测' : why === 'timeout' ? '超时重传' : '重传'}${see(of)}`,
  'fast-retransmission': ({ of }) => `快速重传${see(of)}`,
  'spurious-retransmission': ({ of }) => `虚假重传${see(of)}`,
  'out-of-order': ({ behind }) => `乱序${behind === null ? '' : `（早于 #${behind}）`}`,
  'duplicate-ack': ({ nth }) => `重复 ACK ${nth}`,
  'zero-window': ({ seconds: s }) => `零窗口${s === null ? '' : ` ${seconds(s)}`}`,
  'zero-window-probe': ({ nth }) => `零窗口探测 ${nth}`,
  'zero-window-probe-ack': () => '窗口仍为零',
  'window-update': ({ bytes }) => `窗口打开到 ${bytes}`,
  'window-full': () => '对端窗口已满',
  'keep-alive': ({ nth }) => `保活探测 ${nth}`,
  'keep-alive-ack': () => '对端仍在',
  'challenge-ack': ({ answers }) => `挑战 ACK${see(answers)}`,
  'previous-segment-missing': ({ bytes, kind }) =>
    `之前 ${bytes} 字节${{ lost: '丢失', 'not-captured': '未抓到', unknown: '缺失' }[kind]}`,
  'ack-of-unseen': ({ bytes }) => `确认了未抓到的 ${bytes} 字节`,
  'capture-duplicate': ({ of }) => `重复抓包${see(of)}`,
  'old-duplicate': ({ of }) => `旧的重复报文${see(of)}`,
  'outside-window': () => '在窗口之外',
  reset: ({ form, taken }) =>
    `${
      {
        refused: '拒绝：端口没有监听',
        'no-socket': '没有对应的套接字',
        abort: '应用程序中止连接',
        'keep-alive-timeout': '保活探测无应答',
        'unread-data': '应用已关闭，数据没有人读',
        'bad-ack': '确认了从未发送的数据',
        forged: '可能是伪造的 RST',
        unknown: '没有报文引起的 RST',
      }[form]
    }${taken === false ? '；未被接受' : ''}`,
  'fin-retransmission': ({ of }) => `FIN 重传${see(of)}`,
  'simultaneous-close': ({ with: n }) => `与 #${n} 同时关闭`,
  'data-after-close': () => '对端已经关闭',
  'time-wait-until': () => '',
  'not-received': ({ shownBy, lost }) =>
    `${lost ? '途中丢失' : '对方没有收下'}${shownBy === null ? '' : `，见 #${shownBy}`}`,
  unanswered: ({ shownBy }) => `没有应答${shownBy === null ? '' : `：见 #${shownBy}`}`,
  'thrown-away': ({ shownBy, why }) => `${THROWN[why]}${shownBy === null ? '' : `，见 #${shownBy}`}`,
  crossing: ({ with: n }) => `与 #${n} 交错`,
  'hidden-change': ({ side: s, from, to, why }, { state }) =>
    `${side(s)}：${state(from)} -> ${state(to)}，${HIDDEN[why]}`,
  'state-unknown-before': () => '抓包从连接中途开始',
  'icmp-error': ({ name, fatal }) => `ICMP ${name}${fatal ? '：连接尝试失败' : ''}`,
  'near-fast-answers': () => '',
  'near-large-frames': () => '',
  'near-partial-checksums': () => '',
  'near-ttl': () => '',
  'near-between': () => '',
  'near-at-most': () => '',
  'near-both': () => '',
  'near-unknown': () => '',
}
