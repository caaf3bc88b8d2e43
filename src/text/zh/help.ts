/** 中文：`--help` 的内容。Chinese: what `--help` says. */
import type { HelpWords } from '../help.js'

export const help: HelpWords = {
  about:
    '根据 tcpdump 抓包，还原每个报文之后两端主机上 netstat 会显示的状态。\n' +
    '只有一条连接时画梯形图，列出两端的状态；有多条连接时列表。',
  captures: 'pcap、pcapng 抓包文件，可压缩；- 表示标准输入',
  annotate: '逐个报文给出两端状态；加 --json 输出 NDJSON',
  flows: '列出连接，问题最严重的在前',
  netstat: '某一时刻各主机上的套接字，格式同 netstat',
  write: '另存为 pcapng，在每个报文的注释里写上两端状态，供 Wireshark 打开',
  export: '把报文、连接、发现和状态变迁导出为表，供 DuckDB 等查询',
  options: {
    flow: '只看这个编号的连接',
    json: '每行一个 JSON 对象',
    stack: '按哪种协议栈的定时器和行为推算：linux 或 rfc9293',
    sysctl: '两端主机的内核参数（sysctl -a），或用 client=FILE、server=FILE 分别指定',
    failOn: '有 note、warning 或 problem 及以上的发现时，退出码为 1',
    lang: '语言：en 或 zh；默认由 locale 决定',
    names: '状态的写法：netstat、rfc 或 ss',
    absolute: '显示原始序号，不从 0 开始',
    all: '列出全部报文和连接，不折叠',
    ascii: '只用 ASCII 字符',
    colour: 'auto、always 或 never',
    time: '时间列：r 距首个报文，d 距上一行，a、ad 本地时间，u、ud 为 UTC，e 纪元秒',
    why: '在每个报文下列出触发的规则及其章节',
    at: '时刻：纪元秒、ISO 8601，或 #n（第 n 个报文之后）；可重复',
    host: '只看这个地址的套接字',
    timers: '显示定时器，同 netstat -o',
    every: '按间隔统计各状态的套接字数：1s、500ms、2m',
    format:
      '不画图，改为输出 mermaid、plantuml、markdown、csv 或 json；用于 export 时为 parquet、ndjson 或 csv',
    output: '输出位置：write 为文件，export 为目录',
    force: '覆盖已有文件',
    version: '显示版本',
    help: '显示帮助',
  },
  headings: {
    usage: '用法：',
    arguments: '参数：',
    options: '选项：',
    common: '各命令通用：',
    commands: '命令：',
  },
  examples: [
    ['tcpdump -w trace.pcap tcp', '抓包'],
    ['bothends trace.pcap', '一条连接画梯形图，多条连接列表'],
    ['bothends --flow 3 --why trace.pcap', '连接 3，并说明每个状态的依据'],
    ['bothends netstat --at "#12" -o trace.pcap', '第 12 个报文之后的两端主机'],
    ['bothends annotate --json trace.pcap | jq .', '供程序使用'],
    ['bothends write trace.pcap -o annotated.pcapng', '供 Wireshark 打开'],
    ['ssh gate tcpdump -U -w - tcp | bothends -', '从管道读取'],
  ],
  exampleHeading: '示例：',
  exits: '退出码：0 正常；1 有发现达到 --fail-on；2 用法错误，或抓包无法完整读取。',
}
