/** 中文：多个句子共用的短语。Chinese: parts that several sentences share. */
import type { NoteArguments } from '../../notes.js'
import type { Side } from '../../report.js'
import { moment } from '../amount.js'
import type { Numbered } from '../table.js'

export const side = (which: Side): string => (which === 'client' ? '客户端' : '服务端')
export const other = (which: Side): Side => (which === 'client' ? 'server' : 'client')
export const bytes = (n: number): string => `${n} 字节`
export const evidence = (packet: Numbered | null): string => (packet === null ? '' : `（依据 #${packet}）`)
export const gaveUp = (at: number | null): string =>
  at === null ? '' : `若一直无应答，将于 ${moment(at)} 放弃。`

export const RESET: Readonly<Record<NoteArguments['reset']['form'], string>> = {
  refused: 'RST：该端口没有监听',
  'no-socket': 'RST：该主机上已没有这条连接的套接字',
  abort: 'RST：应用程序强制中止连接',
  'keep-alive-timeout': 'RST：保活探测一直无应答',
  'unread-data': 'RST：应用已关闭，到达的数据没有人读',
  'bad-ack': 'RST：对方确认了从未发送过的数据',
  forged: 'RST：与该端其他报文特征不符，可能由中间设备伪造',
  unknown: 'RST：抓包中没有引起它的报文',
}

export const THROWN: Readonly<Record<NoteArguments['thrown-away']['why'], string>> = {
  'accept-queue-full': '全连接队列已满',
  'deferred-accept': 'TCP_DEFER_ACCEPT，要等数据到达',
  'old-timestamp': '时间戳过旧（PAWS）',
  'no-socket': '没有对应的套接字',
}

export const HIDDEN: Readonly<Record<NoteArguments['hidden-change']['why'], string>> = {
  'gave-up': '等不到回应，放弃',
  orphan: '孤儿套接字被内核回收',
  crash: '进程或主机已退出',
  close: '应用程序关闭了连接',
  cookie: '此前未保留任何状态，凭 ACK 中的 cookie 建立连接',
  'time-wait-over': 'TIME_WAIT 到期',
  unknown: '原因无法从报文得知',
}
