/** 中文：写成文件和图表时的用语。Chinese: the words of files and diagrams that others open. */

import type { WrittenWords } from '../written.js'
import { system } from './system.js'

export const written: WrittenWords = {
  key: (version, file) =>
    `每个报文之后两端的状态，由 bothends ${version} 推算。` +
    `C 为客户端，S 为服务端，? 表示从抓包无法确认。报文编号为 ${file} 中的编号。`,
  moreFindings: (n) => `另有 ${n} 项发现`,
  notDrawn: (n) => `还有 ${n} 行未画出，加 --all 可全部画出`,
  oneFlow: (flow) => `流 ${flow}`,
  columns: { packet: '#', segment: '报文段', what: '说明' },
  capture: '抓包文件',
  problems: {
    needsOutput: '请用 -o 指定输出文件',
    needsFolder: '请用 -o 指定输出目录',
    oneCapture: 'write 只能处理一个抓包文件',
    exists: (file) => `${file}：文件已存在，加 --force 可覆盖`,
    isInput: (file) => `${file}：输出不能是抓包文件本身`,
    notRegular: (file) => `${file}：已存在，且不是普通文件`,
    system,
    cannotWrite: (file, why) => `${file}：无法写入：${why}`,
    noFlows: (format) => `--format ${format}：没有可画的 TCP 连接`,
    needsFlow: (format) => `--format ${format} 一次只画一条连接：请用 --flow 指定`,
    notHere: (option, command) => `${option} 不适用于 ${command}`,
    linkType: (n) => `pcapng 无法表示链路类型 ${n}`,
  },
  remarks: {
    withoutPlace: (n) => `${n} 个报文没有注释：Simple Packet Block 没有注释字段`,
    leftOut: (n) => `略去 ${n} 个块：过长，或按规定不得复制到修改过的文件`,
  },
}
