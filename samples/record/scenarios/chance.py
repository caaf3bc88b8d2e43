"""Many connections at once whose ends do as chance wills: send, read, half-close, close, abort, be slow, over a bad wire."""
import random
import threading
import time

from .partial import only, without
from .scenario import scenario


def behave(lab, sock, dice, patience):
    """One end's life. Always ends with the socket closed. At least 30 ms between any two acts."""
    half_closed = False
    for _ in range(dice.randint(1, 6)):
        lab.sleep(dice.uniform(0.03, 0.35))
        act = dice.random()
        if act < 0.45 and not half_closed:
            if sock.send(dice.choice((1, 20, 300, 1200, 3000))) is None:
                break
        elif act < 0.85:
            got = sock.recv(wait=dice.uniform(0.05, patience))
            if got == b'' and dice.random() < 0.7:
                break
        elif act < 0.93 and not half_closed:
            sock.shutdown()
            half_closed = True
        elif act < 0.96:
            sock.abort()
            return
    if dice.random() < 0.6:
        sock.recv(wait=0.05)
    lab.sleep(0.03)
    sock.close()


def crowd(lab, seed, connections, spread, patience=0.6):
    listener = lab.listen(backlog=50)
    ends, deadline = [], time.time() + spread + 6

    def client(n):
        dice = random.Random(f'{seed} client {n}')
        lab.sleep(dice.uniform(0, spread))
        sock = lab.socket(port=42000 + n).connect(80)
        if lab.connected(sock):
            behave(lab, sock, dice, patience)

    def server():
        while time.time() < deadline:
            sock = listener.accept(0.2)
            if sock:
                dice = random.Random(f'{seed} server {sock.peer}')
                thread = threading.Thread(target=behave, args=(lab, sock, dice, patience))
                thread.start()
                ends.append(thread)

    lab.parallel(server, *(lambda n=n: client(n) for n in range(connections)))
    for thread in ends:
        thread.join()
    lab.sleep(1.5)


def chance(name, seed, connections, title, harm, spread=3, **facts):
    def run(lab):
        harm(lab.wire)
        crowd(lab, seed, connections, spread)
    run.__name__ = name
    run.__doc__ = f'{connections} connections within {spread} s, random acts at both ends. Seed {seed}.'
    scenario(title, **facts)(run)


def loss(share):
    return lambda wire: wire.drop(chance=share)


def all_of(wire):
    wire.drop(chance=0.04)
    wire.double(chance=0.04, by=0.03)
    wire.delay(chance=0.05, by=0.06)


GENTLE = {'tcp_orphan_retries': 2, 'tcp_fin_timeout': 2, 'tcp_retries2': 4}
chance('chance_no_loss', 51, 20, 'Random behaviour, no loss', lambda wire: None)
chance('chance_loss_3', 52, 20, 'Random behaviour, 3 % loss', loss(0.03))
chance('chance_loss_6', 53, 20, 'Random behaviour, 6 % loss', loss(0.06))
chance('chance_loss_10', 54, 20, 'Random behaviour, 10 % loss', loss(0.10))
chance('chance_loss_20', 55, 12, 'Random behaviour, 20 % loss, short timers', loss(0.20), client=GENTLE, server=GENTLE)
chance('chance_all', 56, 20, 'Random behaviour; loss, doubles, delays', all_of)
chance('chance_all_short_timers', 57, 20, 'Random behaviour; loss, doubles, delays; short timers', all_of, client=GENTLE, server=GENTLE)
chance('chance_lost_before_middle', 58, 15, 'Random behaviour; loss before and after the middle', lambda wire: (wire.drop(chance=0.05, before=True), wire.drop(chance=0.05)))
chance('ipv6_chance_loss_8', 59, 15, 'IPv6: random behaviour, 8 % loss', loss(0.08), ipv6=True)
chance('chance_starts_late', 61, 20, 'Random behaviour, 5 % loss; the capture starts late', loss(0.05), trim=lambda view, rows: rows[len(rows) // 3:])
chance('chance_gaps', 62, 20, 'Random behaviour, 3 % loss; 8 % are missing in the capture', loss(0.03), trim=without(0.08, 62, keep_syn=False))
chance('chance_only_client_packets', 63, 20, "Random behaviour, 3 % loss; only the client's packets", loss(0.03), trim=only('client'))
chance('chance_ends_early', 64, 20, 'Random behaviour, 5 % loss; the capture ends early', loss(0.05), trim=lambda view, rows: rows[:len(rows) // 2])
