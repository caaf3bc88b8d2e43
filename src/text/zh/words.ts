/** 中文：结论、错误码等词语。Chinese: verdicts, errnos and other single words. */
import type { Language } from '../table.js'

type Words = Pick<
  Language,
  'side' | 'verdicts' | 'verdictNames' | 'errnos' | 'certainty' | 'severity' | 'likelihood'
>

export const words: Words = {
  side: { client: '客户端', server: '服务端' },
  verdicts: {
    'half-open': '半打开：一端以为连接存在，另一端并没有',
    refused: '连接被拒绝：端口没有监听',
    'timed-out': '连接超时：connect 没有得到应答',
    unreachable: '不可达（ICMP 报告）',
    'given-up': '对端不再应答：已放弃',
    'no-answer': '对端不再应答：一端反复尝试未果，尚未放弃',
    reset: '被重置',
    'not-closed': '未关完：一端已关闭，另一端还没有关闭',
    unanswered: 'SYN 尚未得到应答',
    opening: '握手没有完成',
    open: '连接中',
    closing: '正在关闭',
    closed: '正常关闭',
  },
  verdictNames: {
    'half-open': '半打开',
    refused: '被拒绝',
    'timed-out': '超时',
    unreachable: '不可达',
    'given-up': '已放弃',
    'no-answer': '不再应答',
    reset: '被重置',
    'not-closed': '未关完',
    unanswered: '无应答',
    opening: '握手中',
    open: '连接中',
    closing: '关闭中',
    closed: '正常关闭',
  },
  errnos: {
    ECONNREFUSED: '连接被拒绝',
    ETIMEDOUT: '连接超时',
    ECONNRESET: '连接被对端重置',
    EPIPE: '管道已断开',
    EHOSTUNREACH: '主机不可达',
    ENETUNREACH: '网络不可达',
    ENOPROTOOPT: '协议不可用',
    EPROTO: '协议错误',
    EACCES: '权限不足',
  },
  certainty: { seen: '可见', implied: '可推出', assumed: '推定' },
  severity: { note: '提示', warning: '警告', problem: '问题' },
  likelihood: { shown: '已证实', likely: '很可能', possible: '可能' },
}
