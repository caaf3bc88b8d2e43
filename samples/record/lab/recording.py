"""Runs one scenario and writes its folder: the captures, truth.json, truth.txt."""
import json
import os
import threading
import time
import zlib

from .frames import write_pcap
from .hosts import Hosts
from .kernel import Poll, Trace
from .sockets import Sock
from .taps import Tap
from .truth import judge, label, view_order
from .wire import DELAY, Wire


class Lab:
    """What a scenario works with: `lab.wire`, sockets, sleep."""

    def __init__(self, hosts, wire):
        self.hosts, self.wire, self.calls, self.socks = hosts, wire, [], []
        self.sleep = time.sleep

    def listen(self, port=80, backlog=16, host='server', prepare=None):
        sock = Sock(self, host).bind(port)
        if prepare:
            prepare(sock)
        sock.listen(backlog)
        self.sleep(0.03)
        return sock

    def socket(self, host='client', port=40001):
        return Sock(self, host).bind(port)

    def open(self, port=40001, to=80, listener=None):
        """Listener, connection, both ends: (client, server, listener)."""
        listener = listener or self.listen(to)
        client = self.socket('client', port).connect(to)
        server = listener.accept()
        self.sleep(0.1)
        return client, server, listener

    def say(self, a, b, size=7):
        """`a` sends, `b` reads."""
        a.send(size)
        self.sleep(0.1)
        b.recv()
        self.sleep(0.06)

    def connected(self, sock):
        """Whether its connect() succeeded."""
        last = next((c for c in reversed(self.calls) if c['local'] == sock.local and c['call'] == 'connect'), None)
        return last is not None and last['errno'] is None

    def parallel(self, *works):
        threads = [threading.Thread(target=w) for w in works]
        for t in threads:
            t.start()
        for t in threads:
            t.join()


def record(name, scenario, directory, seed=0):
    number = zlib.crc32(name.encode()) + seed
    low = number % 120 + 1
    client, server = (f'2001:db8:1::{low:x}', f'2001:db8:2::{low + 10:x}') if scenario.ipv6 else (f'192.0.2.{low}', f'198.51.100.{low + 10}')
    with Hosts(client, server, scenario.sysctls) as hosts:
        trace = Trace()
        wire = Wire(hosts.names['wire'], number)
        taps = {h: Tap(hosts.names[h]) for h in ('client', 'server')}
        poll = Poll(hosts)
        lab = Lab(hosts, wire)
        started = time.time()
        failure = []
        try:
            scenario.run(lab)
        except Exception as e:
            failure.append(f'the scenario failed: {e!r} at line {e.__traceback__.tb_next.tb_lineno}')
        time.sleep(0.15)
        ended = time.time()
        calls = [dict(c) for c in lab.calls]
        rounds, quality = poll.stop()
        fates = wire.stop()
        events = trace.stop()
        seen = {h: t.drain() for h, t in taps.items()}
    events = [e for e in events if e['ts'] <= ended]
    packets, found, listeners, ends, drops, problems = judge(fates, seen, events, rounds, calls, hosts.addresses)
    truth = {'scenario': name, 'set': 'samples', 'title': scenario.title, 'description': scenario.description, 'rfcNotes': scenario.notes,
             'clientAddr': client, 'serverAddr': server, 'sysctls': scenario.sysctls, 'oneWayDelay': DELAY,
             'started': round(started, 6), 'ended': round(ended, 6), 'captures': {}, 'packets': {}}
    home = os.path.join(directory, name)
    os.makedirs(home, exist_ok=True)
    for view in ('client', 'server', 'middle'):
        rows = scenario.trim(view, view_order(packets, view))
        if not rows:
            continue
        file = f'{name}.{view}.pcap'
        write_pcap(os.path.join(home, file), [(ts, p.fate.frame) for ts, p in rows])
        truth['captures'][view] = file
        truth['packets'][view] = label(rows, ends)
    truth.update(summary(found, listeners, calls, events, drops, hosts.addresses))
    ambiguous = sum(bool(e.get('ambiguous')) for rows in truth['packets'].values() for e in rows)
    truth.update(quality=quality, problems=failure + problems, ambiguous=ambiguous)
    with open(os.path.join(home, 'truth.json'), 'w') as f:
        json.dump(truth, f, indent=1)
    with open(os.path.join(home, 'truth.txt'), 'w') as f:
        f.write(as_text(truth))
    return truth


def summary(found, listeners, calls, events, drops, addresses):
    timeline = []
    for n, (ts, host, local, state) in enumerate(listeners):
        end = next((t for t, h, l, s in listeners[n + 1:] if (h, l) == (host, local)), None)
        if state == 'LISTEN':
            timeline.append({'host': host, 'local': local, 'peer': '*', 'state': state, 'from': round(ts, 6), 'to': end and round(end, 6)})
    for h in found:
        for c, after in zip(h.changes, h.changes[1:] + [None]):
            entry = {'host': h.host, 'local': h.local, 'peer': h.peer, 'state': c.state, 'from': round(c.ts, 6), 'to': after and round(after.ts, 6)}
            timeline.append(entry | ({'polled': True} if c.polled else {}))
    timeline.sort(key=lambda t: t['from'])
    connections = {}
    for h in found:
        key = (h.local, h.peer) if h.host == 'client' else (h.peer, h.local)
        entry = connections.setdefault(key, {'client': key[0], 'server': key[1], 'clientStates': [], 'serverStates': [], 'from': h.changes[0].ts})
        entry[f'{h.host}States'] = [c.state for c in h.changes]
        entry['from'] = round(min(entry['from'], h.changes[0].ts), 6)
    for c in calls:
        for field in ('ts', 'endTs'):
            if field in c:
                c[field] = round(c[field], 6)
    kernel = list(drops)
    for e in events:
        if e['event'].startswith('tcp_'):
            kernel.append({'ts': e['ts'], 'event': e['event'], 'text': e['text']})
    for e in kernel:
        e['ts'] = round(e['ts'], 6)
    return {'connections': sorted(connections.values(), key=lambda c: c['from']), 'timeline': timeline, 'calls': calls,
            'kernelEvents': sorted(kernel, key=lambda e: e['ts'])}


def as_text(truth):
    lines = []
    for view, rows in truth['packets'].items():
        lines.append(view)
        base, start = {}, rows[0]['ts']
        for r in rows:
            base.setdefault((r['src'], r['dst']), r['seq'])
            if 'S' in r['flags']:
                base[r['src'], r['dst']] = r['seq']
            seq = (r['seq'] - base[r['src'], r['dst']]) % 2**32
            other = base.get((r['dst'], r['src']))
            ack = '-' if 'A' not in r['flags'] or other is None else (r['ack'] - other) % 2**32
            marks = [m for m in ('ambiguous', 'forged', 'networkDuplicate', 'reordered', 'crossing') if r.get(m)]
            marks += [f'{m}={r[m]}' for m in ('hidden', 'kernelDrop') if r.get(m)]
            lines.append(f"{r['index']:4d} {r['ts'] - start:8.3f} {'c>s' if r['from'] == 'client' else 'c<s'} {r['flags'] or 'icmp':6s} {seq:9d} {ack:>9} {r['len']:5d}"
                         f" {' ' if r['delivered'] else 'X'}  {r['client']:11s} {r['server']:12s} {' '.join(marks)}".rstrip())
        lines.append('')
    for c in truth['calls']:
        if c['errno']:
            lines.append(f"{c['host']} {c['call']} {c['errno']}")
    return '\n'.join(lines) + '\n'
