/** English: what would decide between the causes ('' when nothing is open), and what to do. Full sentences. */
import type { Language } from '../table.js'

export const advice: Language['advice'] = {
  'connect-refused': {
    decide: 'On the server: ss -ltn shows whether something listens on this address and port.',
    act: 'Start the service, or correct address and port; a listener on 127.0.0.1 serves nobody else.',
  },
  'connect-timeout': {
    decide:
      'A capture on the server: does the SYN arrive? If so, nstat -az TcpExtListenDrops TcpExtListenOverflows tells the full queue from the firewall.',
    act: 'Let the firewall pass the port, or make the application accept faster and its backlog larger.',
  },
  'connect-unreachable': {
    decide: 'The router that sent the error knows: its routes, its neighbour table, its filter.',
    act: 'Correct the address, the route or the filter there.',
  },
  'connect-reset': {
    decide: 'On the server: nstat -az TcpExtListenOverflows, sysctl net.ipv4.tcp_abort_on_overflow.',
    act: 'Make the application accept faster, its backlog and net.core.somaxconn larger.',
  },
  'slow-connect': {
    decide: 'A capture on the server: does every SYN arrive, and is every one answered?',
    act: 'Look for loss on the way, or for a full accept queue (ss -ltn: Recv-Q above Send-Q).',
  },
  'handshake-not-completed': {
    decide:
      'On the server: ss -ltn (Recv-Q against Send-Q), nstat -az TcpExtListenOverflows TcpExtTCPReqQFullDoCookies TcpExtTCPDeferAcceptDrop.',
    act: 'Where the ACKs come to the server: make the application accept faster; raise the backlog of listen() and net.core.somaxconn. Where they do not: find what loses them on the way.',
  },
  'syn-flood': {
    decide:
      'Are the source addresses real? A real client repeats its SYN or goes on. On the server: ss -Htn state syn-recv | wc -l, nstat -az TcpExtSyncookiesSent TcpExtTCPReqQFullDrop.',
    act: 'Keep net.ipv4.tcp_syncookies = 1, raise tcp_max_syn_backlog, filter in front of the host.',
  },
  scan: {
    decide: 'Ask who owns the address: a scanner of your own, a monitor, or a stranger.',
    act: 'Block it, or correct its configuration.',
  },
  'close-wait': {
    decide:
      'On that host: ss -tnp state close-wait names the process; strace or a stack dump shows what it waits for.',
    act: 'Correct the application: close the socket when recv() returns 0. No sysctl ends CLOSE_WAIT.',
  },
  'fin-wait-2': {
    decide:
      'On this host: ss -tnpo state fin-wait-2: with a process it is held, with a timer it is an orphan.',
    act: 'Look at the peer: its application has to close (CLOSE_WAIT there).',
  },
  'time-wait': {
    decide: '',
    act: 'None is needed while ports suffice (ss -s counts them). Else reuse connections, or let the other side close first.',
  },
  'port-exhaustion': {
    decide: 'On the client: ss -tn state time-wait | wc -l, and EADDRNOTAVAIL in its log.',
    act: 'Reuse connections; widen net.ipv4.ip_local_port_range; set net.ipv4.tcp_tw_reuse = 1; use more addresses.',
  },
  'time-wait-reuse': {
    decide: '',
    act: 'When it was not taken: turn TCP timestamps on at both ends, or do not bind the client to a fixed port.',
  },
  reset: {
    decide:
      'The log of the application that sent it; nstat -az TcpExtTCPAbortOnClose TcpExtTCPAbortOnData there.',
    act: 'Read all before close(), shut down in order, and leave SO_LINGER alone.',
  },
  'reset-injected': {
    decide: 'A capture at the supposed sender: is the RST there? Compare TTL and IP identification.',
    act: 'Find the device between the two: firewall, IPS, load balancer.',
  },
  'keep-alive-race': {
    decide: '',
    act: "Make the idle time-out of the side that sends requests shorter than the other's, and repeat idempotent requests.",
  },
  'half-open': {
    decide:
      'On the side that lost it: uptime, the start time of the process, its log of that connection. A capture there: was a FIN or RST sent?',
    act: 'Turn keep-alives on for long-lived connections, so that the other side notices.',
  },
  'idle-dropped': {
    decide:
      'Captures at both ends: what one sends does not reach the other. The idle times of the devices between.',
    act: 'Send keep-alives more often than the shortest idle time-out on the way (net.ipv4.tcp_keepalive_time).',
  },
  'dead-peer': {
    decide: 'A capture at the peer: do the tries arrive? Is the host up?',
    act: 'Repair the path or the host; keep-alives or TCP_USER_TIMEOUT let the application notice sooner.',
  },
  'keep-alive': { decide: '', act: 'None is needed.' },
  'packet-loss': {
    decide: 'A second capture at the other end: what is in one and not in the other was lost between them.',
    act: 'Look at the counters of the interfaces on the way (ip -s link, ethtool -S) and at queues and rate limits.',
  },
  'zero-window': {
    decide:
      'On that host: ss -tnm shows Recv-Q filled; a stack dump shows what the application does instead of reading.',
    act: 'Make the application read, or its buffer larger. The network is not the cause.',
  },
  'not-captured': {
    decide: 'The end of tcpdump tells "packets dropped by kernel".',
    act: 'Capture with a larger buffer (-B), a shorter snap length (-s 128) or a filter.',
  },
  'capture-duplicates': {
    decide: '',
    act: 'Capture on one interface; nothing is wrong with the connection.',
  },
  'capture-point': {
    decide: '',
    act: 'One capture shows what passed one point: a second one at the other end tells what was lost between.',
  },
  'capture-partial': { decide: '', act: 'Capture from before the connection opens until after it closed.' },
  'capture-one-way': {
    decide: 'The capture filter; the routes in both directions.',
    act: 'Capture where both directions pass, best on one of the hosts.',
  },
  'capture-drops': {
    decide: '',
    act: 'Capture with a larger buffer (-B), a shorter snap length (-s 128) or a filter.',
  },
  healthy: { decide: '', act: 'None is needed.' },
}

/** Where it depends on the likeliest cause. */
export const adviceByCause: Language['adviceByCause'] = {
  'connect-reset': {
    'closed-listener': {
      decide: 'On the server: was the service stopped or started again at that time?',
      act: 'Let it close its listener only when nothing waits in the queue any more.',
    },
  },
  reset: {
    'application-abort': {
      decide:
        'The log of the application that sent it; strace -f -e trace=setsockopt,close shows SO_LINGER and who closes.',
      act: 'Shut down in order, and leave SO_LINGER alone.',
    },
    'unread-data': {
      decide: 'On the host that sent it: nstat -az TcpExtTCPAbortOnClose; the log of the application there.',
      act: 'Read until recv() returns 0 before close(); a request that is refused has to be read, too.',
    },
    'early-close': {
      decide: 'On the host that sent it: nstat -az TcpExtTCPAbortOnData; the log of the application there.',
      act: 'Say shutdown(SHUT_WR), and read until recv() returns 0 before close().',
    },
    'stale-connection': {
      decide: '',
      act: "Before a kept connection is used again: look whether recv() returns 0, and open a new one then. Make the idle time-out of the side that sends requests shorter than the other's.",
    },
    'late-answer': {
      decide:
        'In the ladder: from the request to its answer. The time-out is in the configuration, or in the log, of the side that sent the RST.',
      act: 'Find out why the answer takes so long; only then make the time-out longer.',
    },
    'idle-time-out': {
      decide:
        'Does it come after the same idle time on other connections, too? The idle time-out of the service or load balancer.',
      act: 'Make the idle time-out of the side that asks shorter than that, or send keep-alives more often.',
    },
    'unanswered-probes': {
      decide: 'A capture at the peer: do the probes arrive? Is the host up?',
      act: 'Repair the path or the host.',
    },
    middlebox: {
      decide:
        'A capture at the host whose address it bears, read together with this one: a RST that is not in it was made on the way.',
      act: 'Find the device between the two: firewall, IPS, load balancer.',
    },
  },
}
