"""The truth of one recording: for every packet of every capture, what became of it and the states of both sides after it."""
from dataclasses import dataclass, field

from .frames import dissect
from .timeline import histories
from .wire import OTHER

SETTLE = 0.003     # what a kernel does at once, it does within this time of an arrival (the wire keeps arrivals further apart)
# Reasons that a host's TCP or its packet filter gives; others come from taps and from the wire's own interfaces.
REASONS = ('TCP_', 'NO_SOCKET', 'NETFILTER_DROP', 'SOCKET_RCVBUFF', 'SOCKET_BACKLOG', 'PROTO_MEM', 'PKT_TOO_SMALL')


@dataclass
class Packet:
    """A fate, with the times of the interfaces."""

    fate: object
    seg: object
    about: object               # the TCP segment that names the connection: itself, or the one an ICMP error quotes
    sent_ts: float | None
    arrived_ts: float | None
    drop: str | None = None

    @property
    def sender(self):
        return self.fate.sender

    @property
    def receiver(self):
        return OTHER[self.sender]

    def moment(self, host):
        """When `host` had to do with it: sent it, got it, or would have got it."""
        if host == self.sender:
            return self.sent_ts if self.sent_ts is not None else self.fate.middle
        return self.arrived_ts if self.arrived_ts is not None else self.fate.nominal or self.fate.due

    def key(self, host):
        """(local, peer) of the connection at `host`."""
        ends = (self.about.source, self.about.destination)
        mine = host == self.sender if self.about is self.seg else host == self.receiver
        return ends if mine else ends[::-1]


def quoted(frame, seg):
    """What an ICMP error is about."""
    if not seg.icmp:
        return seg
    start = 14 + (28 if seg.version == 4 else 48)
    kind = b'\x08\x00' if seg.version == 4 else b'\x86\xdd'
    return dissect(bytes(12) + kind + frame[start:])


def packets_of(fates, taps, problems):
    """Join what the wire knows with what the taps saw: n-th out, n-th in."""
    out = {h: [s for s in taps[h] if s.outgoing] for h in taps}
    in_ = {h: [s for s in taps[h] if not s.outgoing] for h in taps}
    packets = []
    for f in fates:
        sent = out[f.sender][f.sent] if f.sent is not None else None
        arrived = in_[f.receiver][f.arrived] if f.arrived is not None else None
        for seen in (sent, arrived):
            if seen and seen.frame[14:] != f.frame[14:]:
                problems.append(f'a tap and the wire do not agree about a packet of the {f.sender}')
        seg = dissect(f.frame)
        packets.append(Packet(f, seg, quoted(f.frame, seg), sent and sent.ts, arrived and arrived.ts))
    for h in taps:
        if len(out[h]) != sum(f.sent is not None and f.sender == h for f in fates):
            problems.append(f'the wire did not get every packet of the {h}')
    return packets


def name_drops(packets, events):
    """The reason why a kernel threw an arrived packet away: the drop that follows its arrival."""
    arrived = sorted((p for p in packets if p.arrived_ts is not None), key=lambda p: p.arrived_ts)
    named = []
    for e in events:
        if e['event'] != 'kfree_skb':
            continue
        reason = e['text'].rpartition('reason: ')[2]
        if not reason.startswith(REASONS) or e['fields'].get('protocol') not in ('2048', '34525'):
            continue
        p = next((p for p in reversed(arrived) if p.arrived_ts <= e['ts'] + 0.00001), None)
        if p and e['ts'] - p.arrived_ts < SETTLE and p.drop is None:
            p.drop = reason
            at = e['text'].partition('location=')[2].partition('+')[0]
            named.append({'ts': e['ts'], 'event': 'drop', 'reason': reason, 'at': at})
    return named


@dataclass
class Side:
    """One host's end of one connection: its history and the packets that it sent or got."""

    history: object
    listens: object             # function of time: 'LISTEN' or 'CLOSED'
    calls: list                 # times of calls on this host that can change a state
    packets: list = field(default_factory=list)

    def state(self, ts):
        state = self.history.at(ts) if self.history else 'CLOSED'
        return self.listens(ts) if state == 'CLOSED' and not self.changed_before(ts) else state

    def changed_before(self, ts):
        return self.history is not None and bool(self.history.changes) and self.history.changes[0].ts <= ts

    def after(self, packet, host):
        """The instant at which this side has done all that belongs to the packet."""
        start = packet.moment(host)
        if host == packet.receiver and packet.arrived_ts is None:
            return start
        end = start + SETTLE
        for q in self.packets:
            m = q.moment(host)
            if q is not packet and q.receiver == host and q.arrived_ts is not None and start < m < end:
                end = m
        for c in self.calls:
            if start + 0.00001 < c < end:
                end = c
        return end - 0.000001

    def causes(self, change, host):
        """The packets that this change came with: the arrival before it, or the SYN, FIN or RST that left with it."""
        arrivals = [q for q in self.packets if q.receiver == host and q.arrived_ts is not None and q.moment(host) <= change.ts < q.moment(host) + SETTLE]
        leaving = [q for q in self.packets if q.sender == host and q.sent_ts is not None and abs(q.sent_ts - change.ts) < 0.001 and set(q.seg.flags) & set('SFR')]
        called = any(arrivals and arrivals[-1].moment(host) < c <= change.ts for c in self.calls)
        return leaving + ([] if called else sorted(arrivals, key=lambda q: q.moment(host))[-1:])


def listening(listeners, host, port):
    spans = [(ts, state) for ts, h, local, state in listeners if h == host and local == f'*:{port}']

    def state(ts):
        last = [s for t, s in spans if t <= ts]
        return 'LISTEN' if last and last[-1] == 'LISTEN' else 'CLOSED'
    return state


def judge(fates, taps, events, rounds, calls, addresses):
    problems = []
    packets = packets_of(fates, taps, problems)
    drops = name_drops(packets, events)
    moments = {}
    for p in packets:
        for host in addresses:
            if (host == p.sender and p.sent_ts) or (host == p.receiver and p.arrived_ts):
                moments.setdefault((host, *p.key(host)), []).append(p.moment(host))
    for m in moments.values():
        m.sort()
    found, listeners = histories(events, rounds, addresses, moments, problems)
    sides = {(h.host, h.local, h.peer): h for h in found}
    ends = {}
    for p in packets:
        for host in addresses:
            key = (host, *p.key(host))
            if key not in ends:
                port = key[1].rpartition(':')[2]
                times = [c['ts'] for c in calls if c['host'] == host and c['call'] in ('close', 'shutdown', 'connect', 'vanish', 'accept')]
                ends[key] = Side(sides.get(key), listening(listeners, host, port), sorted(times))
            ends[key].packets.append(p)
    name_refused_syns(packets, ends)
    check_polls(found, rounds, problems)
    return packets, found, listeners, ends, drops, problems


def name_refused_syns(packets, ends):
    """A full accept queue throws a SYN away without a word of the tracepoint: a listener that gives no answer and makes no request socket."""
    for p in packets:
        if p.seg.flags == 'S' and p.arrived_ts is not None and p.drop is None:
            side = ends[p.receiver, *p.key(p.receiver)]
            until = side.after(p, p.receiver)
            answered = any(q.sent_ts and q.sender == p.receiver and p.arrived_ts <= q.sent_ts <= until for q in side.packets)
            if side.listens(p.arrived_ts) == 'LISTEN' and not answered and side.state(until) in ('LISTEN', 'CLOSED'):
                p.drop = 'TCP_LISTEN_OVERFLOW'


def check_polls(found, rounds, problems):
    """No look at a socket table may contradict the timeline, but for the moments of change."""
    tables = {h: [(before, after, table) for host, before, after, table in rounds if host == h] for h in ('client', 'server')}
    for h in found:
        looks = tables[h.host]
        for moment in [c.ts + 0.006 for c in h.changes] + [before for before, _, _ in looks] + [after for _, after, _ in looks]:
            if any(abs(c.ts - moment) < 0.005 for c in h.changes) or any(before <= moment < after for before, after, _ in looks):
                continue
            seen = next((table for before, after, table in reversed(looks) if after <= moment), {})
            said, saw = h.at(moment), seen.get((h.local, h.peer), 'CLOSED')
            if said != saw:
                problems.append(f'{h.host} {h.local} {h.peer} at {moment:.6f}: timeline {said}, socket table {saw}')


def view_order(packets, view):
    """The packets that this capture shows, with their times, in its order."""
    rows = []
    for p in packets:
        ts = p.fate.middle if view == 'middle' else p.sent_ts if p.sender == view else p.arrived_ts
        if ts is not None:
            rows.append((ts, p))
    return sorted(rows, key=lambda r: r[0])


def label(rows, ends):
    """The entries of one capture."""
    position = {id(p): i for i, (_, p) in enumerate(rows)}
    told = {}       # side -> instant up to which the rows so far have told its state
    entries = []
    for i, (ts, p) in enumerate(rows):
        entry = {'index': i + 1, 'ts': round(ts, 6), 'from': p.sender, 'src': p.seg.source, 'dst': p.seg.destination, 'flags': p.seg.flags,
                 'seq': p.seg.seq, 'ack': p.seg.ack, 'len': len(p.seg.payload)}
        if p.seg.icmp:
            entry['icmp'] = {'type': p.seg.icmp[0], 'code': p.seg.icmp[1]}
        for mark in ('forged', 'copy'):
            if getattr(p.fate, mark):
                entry['networkDuplicate' if mark == 'copy' else mark] = True
        hidden = []
        for host in (p.sender, p.receiver):
            key = (host, *p.key(host))
            side = ends[key]
            until = side.after(p, host)
            entry[host] = side.state(until)
            if host == p.sender:
                entry['delivered'] = p.arrived_ts is not None
            if side.history and key in told:
                secret = [c for c in side.history.changes if told[key] < c.ts <= until
                          and not any(position.get(id(q), len(rows)) <= i or repeats(p, q) for q in side.causes(c, host))]
                if secret:
                    before = side.state(secret[0].ts - 0.000002)
                    hidden.append((host, f'{host} {before} -> {secret[-1].state}'))
            told[key] = max(told.get(key, 0), until)
        mark_order(entry, rows, i, p, hidden)
        if p.drop and p.arrived_ts is not None:
            entry['kernelDrop'] = p.drop
        entries.append(entry)
    return entries


def repeats(p, q):
    """`p` is a retransmission of the SYN, FIN or RST `q`, and tells as much."""
    return (p.sender == q.sender and set(p.seg.flags) & set(q.seg.flags) & set('SFR')
            and (p.seg.seq + p.seg.length - q.seg.seq - q.seg.length) % 2**32 == 0)


def mark_order(entry, rows, i, p, hidden):
    receiver, arrival = p.receiver, p.moment(p.receiver)
    same = set(p.key(receiver))
    for _, q in rows[i + 1:]:
        if set(q.key(receiver)) != same:
            continue
        happened = q.sent_ts if q.sender == receiver else q.arrived_ts
        if happened is not None and happened < arrival:
            entry['crossing'] = True
    for _, q in rows[:i]:
        if q.sender == p.sender and p.sent_ts and q.sent_ts and q.sent_ts > p.sent_ts and set(q.key(receiver)) == same:
            entry['reordered'] = True
    if hidden:
        entry['hidden'] = ', '.join(text for _, text in hidden)
        if entry.get('crossing') and any(host == receiver for host, _ in hidden):
            entry['ambiguous'] = True
            entry['why'] = "crossed a packet that tells of the receiver's change"
