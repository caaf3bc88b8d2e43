"""Every packet that was on the wire, with its times at both interfaces and the reason why a kernel threw it away."""
from dataclasses import dataclass

from .frames import dissect
from .fates import OTHER

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


def pick(seen, index, frame, problems):
    """The `index`-th of `seen`, or an equal frame next to it: two CPUs can hand over frames in another order than the tap saw."""
    for i in sorted(range(max(0, index - 8), min(len(seen), index + 9)), key=lambda i: abs(i - index)):
        if seen[i] is not None and seen[i].frame[14:] == frame[14:]:
            found, seen[i] = seen[i], None
            return found
    problems.append('a packet on the wire is not in the capture of its host')
    return None


def packets_of(fates, taps, problems):
    """Join what the wire knows with what the taps saw: n-th out, n-th in."""
    out = {h: [s for s in taps[h] if s.outgoing] for h in taps}
    in_ = {h: [s for s in taps[h] if not s.outgoing] for h in taps}
    packets = []
    for f in fates:
        sent = pick(out[f.sender], f.sent, f.frame, problems) if f.sent is not None else None
        arrived = pick(in_[f.receiver], f.arrived, f.frame, problems) if f.arrived is not None else None
        seg = dissect(f.frame)
        packets.append(Packet(f, seg, quoted(f.frame, seg), sent and sent.ts, arrived and arrived.ts))
    for h in taps:
        if any(s is not None for s in out[h]):
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
