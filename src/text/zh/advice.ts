/** 中文：怎样判定原因、怎样处理。Chinese: what would decide between the causes, and what to do. Full sentences. */
import type { Language } from '../table.js'

export const advice: Language['advice'] = {
  'connect-refused': {
    decide: '在服务端执行 ss -ltn，看该地址和端口上有没有监听。',
    act: '启动服务，或改正地址和端口；只监听 127.0.0.1 时外面连不上。',
  },
  'connect-timeout': {
    decide:
      '在服务端抓包，看 SYN 是否到达；若到达，用 nstat -az TcpExtListenDrops TcpExtListenOverflows 区分队列溢出与防火墙丢弃。',
    act: '在防火墙上放行该端口，或让应用程序更快地 accept，并调大 backlog。',
  },
  'connect-unreachable': {
    decide: '去看发出 ICMP 差错的那台路由器：路由表、邻居表、过滤规则。',
    act: '改正地址，或修正那里的路由、过滤规则。',
  },
  'connect-reset': {
    decide: '在服务端执行 nstat -az TcpExtListenOverflows 和 sysctl net.ipv4.tcp_abort_on_overflow。',
    act: '让应用程序更快地 accept，调大 backlog 和 net.core.somaxconn。',
  },
  'slow-connect': {
    decide: '在服务端抓包：每个 SYN 是否都到达，是否都有应答？',
    act: '查沿途丢包，或查全连接队列是否已满（ss -ltn 中 Recv-Q 大于 Send-Q）。',
  },
  'handshake-not-completed': {
    decide:
      '在服务端执行 ss -ltn（比较 Recv-Q 与 Send-Q）和 nstat -az TcpExtListenOverflows TcpExtTCPReqQFullDoCookies TcpExtTCPDeferAcceptDrop。',
    act: '如果这些 ACK 到了服务端：让应用程序更快地 accept；调大 listen() 的 backlog 和 net.core.somaxconn。如果没有到：查清路上是什么把它们丢了。',
  },
  'syn-flood': {
    decide:
      '源地址是否真实？真实客户端会重发 SYN，或者继续往下走。在服务端执行 ss -Htn state syn-recv | wc -l 和 nstat -az TcpExtSyncookiesSent TcpExtTCPReqQFullDrop。',
    act: '保持 net.ipv4.tcp_syncookies = 1，调大 tcp_max_syn_backlog，并在主机之前过滤。',
  },
  scan: {
    decide: '查这个地址归谁：自己的扫描器、监控，还是外人。',
    act: '封禁它，或改正它的配置。',
  },
  'close-wait': {
    decide: '在该主机执行 ss -tnp state close-wait 找到进程，再用 strace 或线程栈看它在等什么。',
    act: '修改程序：recv() 返回 0 时要关闭套接字。没有哪个 sysctl 能结束 CLOSE_WAIT。',
  },
  'fin-wait-2': {
    decide: '在本机执行 ss -tnpo state fin-wait-2：显示进程的是被持有，带定时器的是孤儿。',
    act: '去看对端：那边的应用程序要关闭（状态是 CLOSE_WAIT）。',
  },
  'time-wait': {
    decide: '',
    act: '端口够用就不必处理（ss -s 可看总数）；否则复用连接，或让另一端先关闭。',
  },
  'port-exhaustion': {
    decide: '在客户端执行 ss -tn state time-wait | wc -l，并在日志里找 EADDRNOTAVAIL。',
    act: '复用连接；放宽 net.ipv4.ip_local_port_range；设置 net.ipv4.tcp_tw_reuse = 1；增加地址。',
  },
  'time-wait-reuse': {
    decide: '',
    act: '若没有被接受：两端都打开 TCP 时间戳，或不要让客户端绑定固定端口。',
  },
  reset: {
    decide: '看发 RST 一方的应用日志，以及那边的 nstat -az TcpExtTCPAbortOnClose TcpExtTCPAbortOnData。',
    act: 'close() 之前把数据读完，按顺序关闭，不要动 SO_LINGER。',
  },
  'reset-injected': {
    decide: '在名义上的发送方抓包，看有没有这个 RST；比较 TTL 和 IP 标识。',
    act: '找出中间的设备：防火墙、IPS、负载均衡。',
  },
  'keep-alive-race': {
    decide: '',
    act: '让发请求一方的空闲超时短于对方，并对幂等请求做重试。',
  },
  'half-open': {
    decide:
      '在丢失连接的一端查看 uptime、进程启动时间和关于这条连接的日志；在那里抓包，看有没有发过 FIN 或 RST。',
    act: '长连接要打开保活，让另一端能发现。',
  },
  'idle-dropped': {
    decide: '两端同时抓包：一端发出的到不了另一端。再核对中间设备的空闲超时。',
    act: '保活间隔要短于沿途最短的空闲超时（net.ipv4.tcp_keepalive_time）。',
  },
  'dead-peer': {
    decide: '在对端抓包：这些报文到了没有？主机还在运行吗？',
    act: '修复链路或主机；用保活或 TCP_USER_TIMEOUT 让应用程序更早发现。',
  },
  'keep-alive': { decide: '', act: '不需要处理。' },
  'packet-loss': {
    decide: '在另一端再抓一份：这边有而那边没有的，就丢在两点之间。',
    act: '查沿途接口计数（ip -s link、ethtool -S）、队列和限速。',
  },
  'zero-window': {
    decide: '在该主机执行 ss -tnm，可见 Recv-Q 堆满；看线程栈，应用程序不读数据时在做什么。',
    act: '让应用程序及时读取，或加大接收缓冲区。问题不在网络。',
  },
  'not-captured': {
    decide: 'tcpdump 结束时会显示 packets dropped by kernel。',
    act: '加大缓冲区（-B），缩短抓取长度（-s 128），或加过滤条件。',
  },
  'capture-duplicates': { decide: '', act: '只在一个接口上抓包即可；连接本身没有问题。' },
  'capture-point': { decide: '', act: '单份抓包只反映一个点：在另一端再抓一份，就能看出两点之间丢了什么。' },
  'capture-partial': { decide: '', act: '在连接建立之前开始抓包，到关闭之后再停。' },
  'capture-one-way': {
    decide: '检查抓包过滤条件，以及来回两个方向的路由。',
    act: '在两个方向都经过的位置抓包，最好就在其中一台主机上。',
  },
  'capture-drops': {
    decide: '',
    act: '加大缓冲区（-B），缩短抓取长度（-s 128），或加过滤条件。',
  },
  healthy: { decide: '', act: '不需要处理。' },
}

/** 取决于最可能的原因。Where it depends on the likeliest cause. */
export const adviceByCause: Language['adviceByCause'] = {
  'connect-reset': {
    'closed-listener': {
      decide: '在服务端看：当时服务是否停止或重启过。',
      act: '等队列里没有连接了，再关闭监听套接字。',
    },
  },
  reset: {
    'application-abort': {
      decide: '看发 RST 一方的应用日志；strace -f -e trace=setsockopt,close 能看到 SO_LINGER 和是谁关闭的。',
      act: '按顺序关闭，不要动 SO_LINGER。',
    },
    'unread-data': {
      decide: '在发 RST 的主机上看 nstat -az TcpExtTCPAbortOnClose 和应用日志。',
      act: '读到 recv() 返回 0 再 close()；拒绝的请求也要读完。',
    },
    'early-close': {
      decide: '在发 RST 的主机上看 nstat -az TcpExtTCPAbortOnData 和应用日志。',
      act: '先 shutdown(SHUT_WR)，读到 recv() 返回 0 再 close()。',
    },
    'stale-connection': {
      decide: '',
      act: '复用保留的连接之前先看 recv() 是否返回 0，返回 0 就新建连接。发请求一方的空闲超时要短于另一方。',
    },
    'late-answer': {
      decide: '在梯形图中看从请求到应答用了多久；超时在发 RST 一方的配置或日志里。',
      act: '先查明应答为什么这么慢，再考虑加长超时。',
    },
    'idle-time-out': {
      decide: '别的连接也在同样的空闲时间后被重置吗？看服务或负载均衡的空闲超时设置。',
      act: '让发请求一方的空闲超时比它短，或更频繁地发保活探测。',
    },
    'unanswered-probes': {
      decide: '在对端抓包：探测报文到了吗？主机在运行吗？',
      act: '修复路径或主机。',
    },
    middlebox: {
      decide: '在 RST 所用地址的主机上抓包，与这份一起读：那里没有的 RST 是途中产生的。',
      act: '找出中间的设备：防火墙、IPS、负载均衡。',
    },
  },
}
