/** 中文：报文行的句子。Chinese: the sentences of a packet row. */
import type { RowWords } from '../table.js'
import { bytes, side } from './phrases.js'

export const row: RowWords = {
  sends: (from, flags, len) =>
    len === 0
      ? `${side(from)}发送 ${flags}。`
      : `${side(from)}发送 ${bytes(len)}数据${flags === '' ? '' : `（${flags}）`}。`,
  changes: (who, was, state, why) => `${side(who)}由 ${was} 变为 ${state}${why === '' ? '' : `：${why}`}。`,
  stays: (who, state, why) => `${side(who)}保持 ${state}：${why}。`,
  rule: (clause, section) => (section === '' ? clause : `${clause}（${section}）`),
  insteadOf: (by, section) => `${by}，而非 ${section}`,
  step: (section, number) => `${section} 第 ${number} 步`,
  hindsight: (who, truth, instead, packet) =>
    `事后看，此时${side(who)}是 ${truth} 而不是 ${instead}：#${packet} 可以证明。`,
  hindsightShort: (who, truth, packet) => `事后看，${side(who)}是 ${truth}，见 #${packet}`,
  taken: (who, packet) => `#${packet} 表明${side(who)}已收下。`,
  notTaken: (who, packet) => `${side(who)}没有收下${packet === null ? '' : `：#${packet} 可以证明`}。`,
  notTakenShort: (packet) => `对方没有收下${packet === null ? '' : `，见 #${packet}`}`,
  numberedIn: (packet, file) => `${packet} (${file})`,
  assumed: (who) => `${side(who)}的状态是推定的，从抓包无法确认。`,
  icmpShort: (router) => `来自 ${router}`,
  icmp: (router, to, name) => `${router} 向${side(to)}返回 ICMP：${name}。`,
  cause: (likelihood, cause) => `${likelihood}：${cause}。`,
}
