"""What the kernel says of its own sockets: tracepoints (exact times) and polls of the socket tables.

The tracepoint sock:inet_sock_set_state is silent about request sockets (SYN_RECV) and TIME_WAIT mini sockets: polls see those.
"""
import multiprocessing
import os
import re
import socket
import struct
import time

from .frames import endpoint
from .hosts import inside

INSTANCES = '/sys/kernel/tracing/instances'
EVENTS = ('sock/inet_sock_set_state', 'skb/kfree_skb', 'tcp/tcp_retransmit_skb', 'tcp/tcp_retransmit_synack', 'tcp/tcp_send_reset',
          'tcp/tcp_receive_reset')
STATES = ('', 'ESTABLISHED', 'SYN_SENT', 'SYN_RECV', 'FIN_WAIT1', 'FIN_WAIT2', 'TIME_WAIT', 'CLOSED', 'CLOSE_WAIT', 'LAST_ACK',
          'LISTEN', 'CLOSING', 'SYN_RECV')
LINE = re.compile(r'\s(\d+\.\d+): (\w+): (.*)$')
FIELD = re.compile(r'(\w+)=(\S+)')


class Trace:
    def __init__(self):
        if not os.path.isdir(INSTANCES):
            os.system('mount -t tracefs none /sys/kernel/tracing')
        self.home = f'{INSTANCES}/bothends-{os.getpid()}'
        os.mkdir(self.home)
        self.write('buffer_size_kb', 8192)
        self.write('trace_clock', 'mono')
        for event in EVENTS:
            self.write(f'events/{event}/enable', 1)
        self.offset = time.time() - time.clock_gettime(time.CLOCK_MONOTONIC)

    def write(self, name, value):
        with open(f'{self.home}/{name}', 'w') as f:
            f.write(str(value))

    def stop(self):
        """Every event as {ts, event, fields, text}."""
        self.write('tracing_on', 0)
        events = []
        with open(f'{self.home}/trace') as f:
            for line in f:
                if (m := LINE.search(line)) and not line.startswith('#'):
                    fields = dict(FIELD.findall(m[3]))
                    events.append({'ts': float(m[1]) + self.offset, 'event': m[2], 'fields': fields, 'text': m[3]})
        os.rmdir(self.home)
        return events


def state_name(name):
    return {'TCP_CLOSE': 'CLOSED', 'TCP_NEW_SYN_RECV': 'SYN_RECV'}.get(name, name.removeprefix('TCP_'))


def dump(netlink, family):
    """{(local, peer): state} of every TCP socket that is not a listener, from the kernel's own tables (sock_diag)."""
    body = struct.pack('=BBBBI', family, 6, 0, 0, 0x1FFF & ~(1 << 10)) + bytes(48)
    netlink.send(struct.pack('=IHHII', 16 + len(body), 20, 0x301, 1, 0) + body)
    found = {}
    while True:
        data, at = netlink.recv(1 << 17), 0
        while at + 16 <= len(data):
            length, kind = struct.unpack_from('=IH', data, at)
            if kind == 3:  # NLMSG_DONE
                return found
            if kind == 20:
                fam, state = data[at + 16], data[at + 17]
                sport, dport = struct.unpack_from('!HH', data, at + 20)
                size = 4 if fam == socket.AF_INET else 16
                src = socket.inet_ntop(fam, data[at + 24:at + 24 + size])
                dst = socket.inet_ntop(fam, data[at + 40:at + 40 + size])
                found[endpoint(src, sport), endpoint(dst, dport)] = STATES[state]
            at += (length + 3) & ~3


def poll(namespaces, family, every, pipe):
    """Child process. At the end it sends the changes (host, last look without it, first look with it, table) and figures about gaps."""
    links = {}
    for host, namespace in namespaces.items():
        with inside(namespace):
            links[host] = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 4)
            links[host].bind((0, 0))
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(5))  # below the wire, above the rest of the machine
    changes, tables, looked, gaps = [], {}, {}, []
    pipe.send('ready')
    while not pipe.poll():
        for host, link in links.items():
            before = time.time()
            table = dump(link, family)
            if table != tables.get(host, {}):
                changes.append((host, looked.get(host, before), time.time(), table))
                tables[host] = table
            if host in looked:
                gaps.append(before - looked[host])
            looked[host] = before
        time.sleep(every)
    quality = {'pollMaxGapMs': round(max(gaps) * 1000, 2), 'pollRounds': len(gaps) // 2, 'pollGapsOver6ms': sum(g > 0.006 for g in gaps)}
    pipe.send((changes, quality))


class Poll:
    def __init__(self, hosts, every=0.001):
        self.pipe, theirs = multiprocessing.Pipe()
        family = socket.AF_INET if hosts.version == 4 else socket.AF_INET6
        namespaces = {h: hosts.names[h] for h in ('client', 'server')}
        self.process = multiprocessing.Process(target=poll, args=(namespaces, family, every, theirs), daemon=True)
        self.process.start()
        self.pipe.recv()

    def stop(self):
        self.pipe.send('stop')
        result = self.pipe.recv()
        self.process.join()
        return result
