/** 中文：抓包文件无法读取的原因。Chinese: why a capture can't be read (on). */
import type { FaultArguments, FaultWords, OtherFile, Recording } from '../../faults.js'

const OTHER_FILES: Readonly<Record<OtherFile, string>> = {
  bzip2: '是 bzip2 压缩文件；请经管道解压读入：bzcat 文件 | ... -',
  xz: '是 xz 压缩文件；请经管道解压读入：xzcat 文件 | ... -',
  'legacy-lz4': '是旧格式的 LZ4 文件；请经管道解压读入：lz4 -dc 文件 | ... -',
  zip: '是 ZIP 压缩包，请先解压',
  '7z': '是 7z 压缩包，请先解压',
  tar: '是 tar 归档，请先解包',
  program: '是可执行程序',
  pdf: '是 PDF 文档',
  'git-lfs': '是 Git LFS 指针；请用 git lfs pull 取回文件本身',
  zeros: '内容全是零',
  html: '是 HTML 网页，可能是下载失败所致',
  'tcpdump-text': '是 tcpdump 打印的文本；请让 tcpdump 用 -w 写出报文',
  text: '是文本',
  unknown: '既不是 pcap，也不是 pcapng',
}

const RECORDINGS: Readonly<Record<Recording, string>> = {
  capture: '抓包',
  trace: '跟踪记录',
  log: '日志',
  'pcap variant': '的 pcap 变体',
  'capture as text': '文本格式的抓包',
  dump: '转储',
  journal: '日志',
}

const after = (record: number): string =>
  record === 0 ? '，位于第一条记录之前' : `，位于第 ${record} 条记录之后`
const packetBlock = (record: number): string => `第 ${record} 条记录之后的报文块`
const claims = ({ type, claimed, after: record }: FaultArguments['block-length']): string =>
  `类型为 ${type} 的块自称有 ${claimed} 字节${after(record)}`

export const faults: FaultWords = {
  faults: {
    'no-such-file': () => '文件不存在',
    'no-such-folder': () => '文件不存在：路径中有一段不是目录',
    'no-match': () => '没有匹配的文件',
    'holds-none': () => '其中没有抓包文件',
    'no-permission': () => '没有读取权限',
    'is-directory': () => '是目录',
    'is-terminal': () => '是终端；请给出抓包文件，或经管道输入',
    'no-device': () => '是套接字，或没有对应硬件的设备',
    'too-many-open': () => '打开的文件过多',
    'link-circle': () => '符号链接成环',
    'name-too-long': () => '文件名过长',
    'device-error': () => '设备报告输入输出错误',
    unreadable: ({ why }) => `无法读取：${why}`,
    changed: () => '读取过程中文件被改动',
    'no-room': ({ folder, octets }) =>
      `${folder} 和内存都放不下超过 ${octets < 1e6 ? `${octets} 字节` : `${(octets / 1e6).toFixed(1)} MB`} 的数据`,
    empty: () => '是空文件',
    other: ({ file }) => `不是抓包文件：${OTHER_FILES[file]}`,
    foreign: ({ name, recording, hasTcp }) =>
      `不是 pcap 抓包：是 ${name} ${RECORDINGS[recording]}${hasTcp ? '；可用 editcap 转成 pcapng' : '，其中没有 TCP'}`,
    'compressed-twice': ({ inside }) => `不是抓包文件：压缩了两次，内层是 ${inside}`,
    version: ({ format, major, minor }) =>
      `不认识 ${format} 版本 ${major}.${minor}（通常是 ${format === 'pcap' ? '2.4' : '1.0'}）`,
    'header-cut': ({ missing }) => `文件头不完整：缺 ${missing} 字节`,
    'no-pcap': () => '不是 pcap 文件',
    'no-byte-order': () => '不是抓包文件：pcapng 的节没有字节序标记',
    'compressed-cut': () => '压缩数据不完整，提前结束',
    'compressed-damaged': ({ by, why }) => `${by} 压缩数据已损坏${why === null ? '' : `（${why}）`}`,
    'compressed-more': ({ by }) => `${by} 压缩数据之后还有别的内容`,
    'compressed-dictionary': ({ by }) => `解压 ${by} 数据需要字典`,
    'compressed-window': ({ bytes }) => `zstd 数据需要 ${bytes} 字节的窗口，超过 128 MiB`,
    'record-cut': ({ part, record, missing }) =>
      `文件在第 ${record} 条记录的${part === 'header' ? '头部' : '数据'}处中断：缺 ${missing} 字节`,
    'record-too-long': ({ record, claimed, most }) =>
      `第 ${record} 条记录自称有 ${claimed} 字节，超过上限 ${most}`,
    'record-damaged': ({ record }) => `第 ${record} 条记录已损坏`,
    'block-no-order': (args) => `节头没有字节序标记${after(args.after)}`,
    'block-length': claims,
    'block-too-long': claims,
    'block-differs': ({ start, end, after: record }) =>
      `块的长度前后不一：开头是 ${start} 字节，末尾是 ${end} 字节${after(record)}`,
    'block-cut': ({ missing, after: record }) => `文件在块中间中断：缺 ${missing} 字节${after(record)}`,
    'block-beyond': () => '块自称的长度超出了文件',
    'packet-short': (args) => `${packetBlock(args.after)}过短`,
    'packet-no-interface': (args) => `${packetBlock(args.after)}之前没有接口描述`,
    'packet-interface': ({ after: record, named, there }) =>
      `${packetBlock(record)}属于接口 ${named}，而接口只有 ${there} 个`,
    'packet-beyond': ({ after: record, claimed, has }) =>
      `${packetBlock(record)}自称有 ${claimed} 字节，而块只有 ${has} 字节`,
    'packet-too-long': ({ after: record, claimed, most }) =>
      `${packetBlock(record)}自称有 ${claimed} 字节，超过上限 ${most}`,
    'section-short': () => '节头过短',
    'interface-short': () => '接口描述过短',
    'interfaces-many': ({ most }) => `一节中的接口超过 ${most} 个`,
    'statistics-short': () => '接口统计过短',
    'statistics-interface': ({ named, there }) => `接口统计属于接口 ${named}，而接口只有 ${there} 个`,
  },
  beyond: (beyond) => {
    if (typeof beyond === 'number') return `；跳过 ${beyond} 字节后继续读取`
    return beyond === 'no-record' ? '；其后没有完好的记录' : '；其后没有完好的块'
  },
  atByte: (byte) => `（字节 ${byte}）`,
  of: (file, line) => `${file}：${line}`,
}
