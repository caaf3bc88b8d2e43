/** 中文：长时间运行时的用语。Chinese: the words of long runs. */
import type { RunningWords } from '../running.js'

export const running: RunningWords = {
  task: { reading: '读取', replaying: '推演' },
  rate: {
    reading: (amount) => `${amount.replace(/\d$/, '$& ')}B/s`,
    replaying: (amount) => `每秒 ${amount} 个报文`,
  },
  left: (time) => `剩余 ${time}`,
  interrupted: (packets, flows) => `已中断：只分析了 ${packets} 个报文、${flows} 条连接`,
  beyondKernel: (file, setting, least, most) =>
    `${file}：${setting}：内核只接受 ${least} 至 ${most}；按最接近的值计算`,
  outOfMemory: (mebibytes) =>
    `${mebibytes} MiB 内存不够。只看一个连接（--flow N）、加过滤条件或分段分析，占用更少。`,
  passedOver: (line) => `${line}；已跳过`,
  noCaptures: (files, named) =>
    `${files} 个文件不是抓包，已跳过：${named.join('、')}${files > named.length ? ` 等` : ''}`,
  follow: {
    truncated: (file) => `${file}：文件被截断，从头重新读取`,
    rotated: (file) => `${file}：已换成另一个文件，改读新文件`,
  },
  letGo: (flows) => `同时存在的连接过多，放弃了静默最久的 ${flows} 条`,
  revised: '已修正',
  begins: (flow, client, server) => `流 ${flow}：${client}（客户端），${server}（服务端）`,
  state: {
    notState: (file) => `${file}：不是保存的状态文件`,
    otherVersion: (file, version, known) =>
      `${file}：状态文件的版本是 ${version}，本程序只认版本 ${known}；请重新分析原来的抓包`,
    damaged: (file) => `${file}：状态文件已损坏或不完整；请重新分析原来的抓包`,
    occupied: (file) => `${file}：已存在，且不是保存的状态文件`,
    notSaved: (file) => `${file}：运行被中断，未写入`,
  },
  oneToFollow: '--follow 只能用于一个文件',
}
