"""The truth of one recording: for every packet of every capture, what became of it and the states of both sides after it."""
from dataclasses import dataclass, field

from .packets import SETTLE, name_drops, packets_of
from .timeline import histories


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
