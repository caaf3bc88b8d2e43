"""From trace events and polls to one list of state changes per socket.

The tracepoint is exact for full sockets. Where it says CLOSED or nothing, the polls decide whether a mini socket is there: a request
socket (SYN_RECV) or the remains of a closed one (TIME_WAIT, orphaned FIN_WAIT2). A change that only polls saw gets the time of the
packet that made it, if one arrived or left between the two looks; else that of the look, and is marked `polled`.
"""
from dataclasses import dataclass, field

from .frames import endpoint
from .kernel import state_name


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


def histories(events, rounds, addresses, moments, problems):
    """`moments`: {(host, local, peer): sorted times at which a packet arrived or left there}."""
    full, listeners = traced(events, addresses)
    looks = polled(rounds)
    result = []
    for key in sorted(set(full) | set(looks)):
        if ':0' in (key[1][-2:], key[2][-2:]):
            continue
        exact = sorted(full.get(key, []), key=lambda c: c.ts)
        alive = [(c.ts, c.state != 'CLOSED') for c in exact]
        history = History(*key, list(exact))
        for change in exact:
            if change.state == 'CLOSED':
                change.state = remains(looks.get(key, []), change.ts, moments.get(key, []), problems)
        for before, after, state in looks.get(key, []):
            add_look(history, alive, before, after, state, moments.get(key, []), problems)
        history.changes = settled(history.changes)
        if history.changes:
            result.append(history)
    return result, listeners


MINI = ('SYN_RECV', 'TIME_WAIT', 'FIN_WAIT2')


def remains(looks, ts, moments, problems):
    """What the socket tables show once the full socket is gone: a mini socket or nothing."""
    state = 'CLOSED'
    for before, after, seen in looks:
        if before > ts:
            break
        state = seen
        if ts < after and any(ts + 0.001 < m < after - 0.001 for m in moments):
            problems.append(f'a packet at {ts:.6f} to {after:.6f} hides what became of a socket: the polls were too far apart')
    return state if state in MINI else 'CLOSED'


def add_look(history, alive, before, after, state, moments, problems):
    """`alive`: (time, whether a full socket was there from then on), from the tracepoint, which has the last word on full sockets."""
    known = [a for a in alive if a[0] <= after]
    if state not in (*MINI, 'CLOSED') or known and (known[-1][1] or known[-1][0] >= before):
        return
    within = [m for m in moments if before - 0.0005 <= m <= after]
    if within and within[-1] - within[0] > 0.001:
        problems.append(f'{state} came between {before:.6f} and {after:.6f} with more than one packet: the polls were too far apart')
    when = within[-1] + 0.00002 if within else None
    history.changes.append(Change(when or after, state, when is None))
    history.changes.sort(key=lambda c: c.ts)


def settled(changes):
    out = []
    for c in changes:
        if not out or out[-1].state != c.state:
            out.append(c)
    return out
