"""From trace events and polls to one list of state changes per socket.

The tracepoint is exact for full sockets. Where it says CLOSED or nothing, the polls decide whether a mini socket is there: a request
socket (SYN_RECV) or the remains of a closed one (TIME_WAIT, orphaned FIN_WAIT2). A change that only polls saw gets the time of the
packet that made it, if one arrived or left between the two looks; else that of the look, and is marked `polled`.
"""
from dataclasses import dataclass, field

from .frames import endpoint
from .kernel import state_name

NEAR = 0.003


@dataclass
class Change:
    ts: float
    state: str
    polled: bool = False


@dataclass
class History:
    """One socket address pair at one host. CLOSED before the first change."""

    host: str
    local: str
    peer: str
    changes: list = field(default_factory=list)

    def at(self, ts, default='CLOSED'):
        state = default
        for c in self.changes:
            if c.ts > ts:
                break
            state = c.state
        return state


def traced(events, addresses):
    """{(host, local, peer): [Change]} and the listeners' [(ts, local, state)]."""
    full, listeners = {}, []
    for e in events:
        if e['event'] != 'inet_sock_set_state':
            continue
        f = e['fields']
        v6 = f['family'] == 'AF_INET6'
        src, dst = (f['saddrv6'], f['daddrv6']) if v6 else (f['saddr'], f['daddr'])
        host = next((h for h, a in addresses.items() if a == src), None)
        if host is None:
            continue
        state = state_name(f['newstate'])
        local = endpoint(src, f['sport'])
        if 'TCP_LISTEN' in (f['oldstate'], f['newstate']) and f['dport'] == '0':
            listeners.append((e['ts'], host, f"*:{f['sport']}", state))
        elif f['dport'] != '0':
            full.setdefault((host, local, endpoint(dst, f['dport'])), []).append(Change(e['ts'], state))
    return full, listeners


def polled(rounds):
    """{(host, local, peer): [(last look without, first look with, state)]}"""
    seen, last = {}, {}
    for host, before, after, table in rounds:
        for key in set(table) | set(last.get(host, {})):
            state = table.get(key, 'CLOSED')
            if state != last.get(host, {}).get(key, 'CLOSED'):
                seen.setdefault((host, *key), []).append((before, after, state))
        last[host] = table
    return seen


def histories(events, rounds, addresses, moments):
    """`moments`: {(host, local, peer): sorted times at which a packet arrived or left there}."""
    full, listeners = traced(events, addresses)
    looks = polled(rounds)
    result = []
    for key in sorted(set(full) | set(looks)):
        if ':0' in (key[1][-2:], key[2][-2:]):
            continue
        history = History(*key, sorted(full.get(key, []), key=lambda c: c.ts))
        exact = [(c, c.state != 'CLOSED') for c in history.changes]
        for before, after, state in looks.get(key, []):
            add_look(history, exact, before, after, state, moments.get(key, []))
        history.changes = settled(history.changes)
        if history.changes:
            result.append(history)
    return result, listeners


MINI = ('SYN_RECV', 'TIME_WAIT', 'FIN_WAIT2', 'CLOSED')


def add_look(history, exact, before, after, state, moments):
    """`exact`: what the tracepoint told, each with whether a full socket was there from then on."""
    known = [(c, alive) for c, alive in exact if c.ts <= after]
    if state not in MINI or known and known[-1][1]:
        return  # the tracepoint has told it
    death = known[-1][0] if known and known[-1][0].ts >= before - NEAR else None
    if death and state == 'CLOSED':
        return
    if death and death.state == 'CLOSED':
        death.state = state  # the full socket became a mini socket at this instant
        return
    when = nearest(moments, before - 0.0005, after)
    history.changes.append(Change(when or after, state, when is None))
    history.changes.sort(key=lambda c: c.ts)


def nearest(moments, low, high):
    """Just after the last packet within the two looks."""
    inside = [m for m in moments if low <= m <= high]
    return inside[-1] + 0.00002 if inside else None


def settled(changes):
    out = []
    for c in changes:
        if not out or out[-1].state != c.state:
            out.append(c)
    return out
