"""The wire: a process that carries frames between the hosts, 25 ms each way, and does harm to them on purpose.

It is the only place where packets are lost, doubled, delayed or forged, so it knows the fate of each. The middle capture sits half way:
`before` it a lost packet is not in that capture, `after` it (the default) it is.

No two packets arrive within GAP seconds of each other, at either host. So whatever the kernels say in the GAP after an arrival belongs to it.
"""
import bisect
import heapq
import itertools
import multiprocessing
import os
import random
import select
import time
from dataclasses import replace

from .fates import OTHER, Fate, Rule
from .frames import build, dissect, icmp_error
from .hosts import MAC, inside
from .taps import packet_socket, receive

DELAY = 0.025
GAP = 0.004
ROUTER = {4: '203.0.113.1', 6: '2001:db8:ffff::1'}


class Carrier:
    """Lives in the wire's process."""

    def __init__(self, namespace, seed):
        with inside(namespace):
            self.sockets = {h: packet_socket(h, 1 << 24) for h in OTHER}
        self.dice = random.Random(seed)
        self.rules, self.fates, self.heap, self.slots = [], [], [], []
        self.last = {'client': 0.0, 'server': 0.0}
        self.out = {'client': 0, 'server': 0}
        self.in_ = {'client': 0, 'server': 0}
        self.tie = itertools.count()

    def slot(self, wanted):
        """The first free instant of arrival."""
        while self.slots and self.slots[0] < wanted - 5:
            self.slots.pop(0)
        while True:
            i = bisect.bisect(self.slots, wanted - GAP)
            if i == len(self.slots) or self.slots[i] >= wanted + GAP:
                bisect.insort(self.slots, wanted)
                return wanted
            wanted = self.slots[i] + GAP * 1.001

    def schedule(self, fate, due):
        fate.due = due
        heapq.heappush(self.heap, (due, next(self.tie), fate))

    def take(self, sender, ts, frame):
        """A host has sent a frame: it came to the wire at `ts`."""
        seg = dissect(frame)
        if seg is None:
            return
        fate = Fate(sender, frame, sent=self.out[sender])
        self.out[sender] += 1
        self.fates.append(fate)
        due = self.slot(max(ts + DELAY, self.last[sender] + GAP))
        self.last[sender] = due
        fate.middle = due - DELAY / 2
        rule = next((r for r in self.rules if r.hits(sender, seg, self.dice)), None)
        action = rule.action if rule else 'pass'
        if action in ('drop', 'icmp'):
            fate.due = None
            fate.nominal = due
            if rule.before:
                fate.middle = None
            if action == 'icmp':
                self.inject(icmp_error(ROUTER[seg.version], frame, *rule.icmp), OTHER[sender], fate.middle + DELAY / 2, forged=True)
        elif action == 'delay':
            if rule.before:
                fate.middle += rule.by
            self.schedule(fate, self.slot(due + rule.by))
        else:
            self.schedule(fate, due)
            if action == 'double':
                self.inject(frame, sender, due + rule.by, copy=True)

    def inject(self, frame, sender, due, **marks):
        receiver = OTHER[sender]
        frame = b''.join(bytes.fromhex(MAC[h].replace(':', '')) for h in (receiver, sender)) + frame[12:]
        due = self.slot(due)
        fate = Fate(sender, frame, middle=due - DELAY / 2, **marks)
        self.fates.append(fate)
        self.schedule(fate, due)

    def deliver(self, fate):
        fate.arrived = self.in_[fate.receiver]
        self.in_[fate.receiver] += 1
        self.sockets[fate.receiver].send(fate.frame)

    def seen(self, sender, port, flags, data):
        """The packets of `sender` so far, that match."""
        for f in self.fates:
            seg = dissect(f.frame)
            if f.sender != sender or f.forged or f.copy or seg.icmp or port not in (None, seg.sport, seg.dport):
                continue
            if flags in (None, seg.flags) and data in (None, bool(seg.payload)):
                yield f.frame

    def forge(self, sender, like='last', port=None, of=None, data=None, flags=None, seq=None, ack=None, seq_by=0, ack_by=0, payload=None,
              options=None, window=None):
        """A packet that `sender` never sent, modelled on its first or last one. Without seq: the number it would use next."""
        frames = list(self.seen(sender, port, of, data))
        model = dissect(frames[0 if like == 'first' else -1])
        changes = {'seq': model.seq + model.length if seq is None else seq, 'ack': model.ack if ack is None else ack, 'payload': payload or b''}
        changes['seq'] += seq_by
        changes['ack'] += ack_by
        for name, value in (('flags', flags), ('options', options), ('window', window)):
            if value is not None:
                changes[name] = value
        self.inject(build(replace(model, **changes)), sender, time.time() + DELAY / 2, forged=True)

    def icmp(self, about, kind, code, extra=0, port=None, of=None, data=None):
        """A router's ICMP error about the last packet of `about`."""
        frame = list(self.seen(about, port, of, data))[-1]
        self.inject(icmp_error(ROUTER[dissect(frame).version], frame, kind, code, extra), OTHER[about], time.time() + DELAY / 2, forged=True)

    def replay(self, sender, which=-1, port=None, of=None, data=None):
        """An old packet comes out of the network once more."""
        self.inject(list(self.seen(sender, port, of, data))[which], sender, time.time() + DELAY / 2, copy=True)

    def rule(self, number, action, **match):
        self.rules.append(Rule(action, number=number, **match))

    def clear(self, number=None):
        self.rules = [r for r in self.rules if number is not None and r.number != number]

    def stop(self):
        return self.fates

    def run(self, pipe):
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(10))
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # one CPU: what it sends arrives in that order
        pipe.send('ready')
        free = 0.0  # a late wire keeps arrivals apart all the same
        while True:
            wait = max(0, max(self.heap[0][0], free) - time.time()) if self.heap else None
            readable, _, _ = select.select([*self.sockets.values(), pipe], [], [], wait)
            now = time.time()
            if self.heap and max(self.heap[0][0], free) <= now:
                self.deliver(heapq.heappop(self.heap)[2])
                free = now + GAP * 0.9
            for host, s in self.sockets.items():
                while got := receive(s):
                    if not got[2]:
                        self.take(host, got[0], got[1])
            if pipe in readable:
                name, words, match = pipe.recv()
                try:
                    pipe.send(getattr(self, name)(*words, **match))
                except Exception as e:
                    pipe.send(e)
                if name == 'stop':
                    return


class Wire:
    """The scenario's handle."""

    def __init__(self, namespace, seed):
        carrier = Carrier(namespace, seed)
        self.pipe, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=carrier.run, args=(theirs,), daemon=True)
        self.process.start()
        self.pipe.recv()
        self.numbers = itertools.count(1)

    def call(self, name, *words, **match):
        self.pipe.send((name, words, match))
        answer = self.pipe.recv()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def harm(self, action, sender=None, flags=None, **match):
        """A rule from now on; returns its number for `heal`."""
        number = next(self.numbers)
        self.call('rule', number, action, sender=sender, flags=flags, **match)
        return number

    def drop(self, sender=None, flags=None, **match):
        return self.harm('drop', sender, flags, **match)

    def delay(self, sender=None, flags=None, **match):
        return self.harm('delay', sender, flags, **match)

    def double(self, sender=None, flags=None, **match):
        return self.harm('double', sender, flags, **match)

    def answer_icmp(self, sender, kind, code, mtu=0, **match):
        """Packets of `sender` are dropped and answered with an ICMP error."""
        return self.harm('icmp', sender, icmp=(kind, code, mtu), **match)

    def heal(self, number=None):
        self.call('clear', number)

    def forge(self, sender, **how):
        self.call('forge', sender, **how)

    def icmp(self, about, kind, code, **how):
        self.call('icmp', about, kind, code, **how)

    def replay(self, sender, which=-1, **how):
        self.call('replay', sender, which, **how)

    def stop(self):
        fates = self.call('stop')
        self.process.join()
        return fates
