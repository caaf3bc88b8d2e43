"""Captures that do not show everything: they start late, end early, see one direction, have gaps."""
import random

from .network import close_both, drained, talk
from .resets import keepalive
from .scenario import scenario


def first(rows, flag, sender=None):
    """Index of the first row with this flag."""
    return next((i for i, (_, p) in enumerate(rows) if flag in p.seg.flags and sender in (None, p.sender)), len(rows))


def after_first(flag, skip=0):
    return lambda view, rows: rows[first(rows, flag) + 1 + skip:]


def until(flag, more=0):
    return lambda view, rows: rows[:first(rows, flag) + 1 + more]


def only(sender):
    return lambda view, rows: [r for r in rows if r[1].sender == sender]


def without(share, seed, keep_syn=True):
    """Leaves out that share of the rows, as an overloaded capture does. The packets were on the wire all the same."""
    def trim(view, rows):
        dice = random.Random(f'{seed} {view}')
        return [r for r in rows if dice.random() >= share or keep_syn and 'S' in r[1].seg.flags]
    return trim


def exchange(lab):
    c, s, listener = lab.open()
    lab.say(c, s, 100)
    lab.say(s, c, 200)
    lab.say(c, s, 300)
    return c, s


@scenario('The capture starts in the half-close', trim=after_first('F'))
def starts_in_half_close(lab):
    """The first FIN is not in it."""
    c, s = exchange(lab)
    c.shutdown()
    lab.sleep(0.3)
    s.recv()
    lab.say(s, c, 500)
    s.close()
    lab.sleep(0.2)
    c.recv()
    c.close()
    lab.sleep(0.3)


@scenario('The capture starts in the half-close, after its ACK', trim=after_first('F', 1))
def starts_late_in_half_close(lab):
    starts_in_half_close(lab)


@scenario('The capture starts at a retransmission', trim=lambda view, rows: rows[7:] if view != 'server' else rows[5:])
def starts_in_retransmission(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.drop('client', data=True, count=3)
    c.send(100)
    lab.sleep(2.2)
    s.recv()
    lab.say(s, c)
    close_both(lab, c, s)


@scenario('The capture starts just before a RST', trim=lambda view, rows: rows[max(0, first(rows, 'R') - 1):])
def starts_before_rst(lab):
    c, s = exchange(lab)
    c.send(50)
    lab.sleep(0.2)
    s.close()
    lab.sleep(0.2)
    c.recv()


@scenario('The capture starts with the RST', trim=lambda view, rows: rows[first(rows, 'R'):])
def starts_with_rst(lab):
    starts_before_rst(lab)


@scenario('The capture starts with the SYN+ACK', trim=lambda view, rows: rows[1:])
def starts_with_synack(lab):
    c, s = exchange(lab)
    close_both(lab, c, s)


@scenario('The capture starts with the last ACK of the handshake', trim=lambda view, rows: rows[2:])
def starts_with_final_ack(lab):
    c, s = exchange(lab)
    close_both(lab, s, c)


@scenario('The capture starts with keep-alives', trim=lambda view, rows: rows[9:])
def starts_in_keepalive(lab):
    c, s = exchange(lab)
    keepalive(c)
    lab.sleep(3.3)
    close_both(lab, c, s)


@scenario('The capture starts with the last FIN', trim=lambda view, rows: rows[[i for i, (_, p) in enumerate(rows) if 'F' in p.seg.flags][-1]:])
def starts_with_last_fin(lab):
    c, s = exchange(lab)
    close_both(lab, c, s)


@scenario('The capture starts in the middle of a lossy talk', trim=lambda view, rows: rows[len(rows) // 3:])
def starts_in_lossy_talk(lab):
    c, s, _ = lab.open()
    lab.wire.drop(chance=0.06)
    talk(lab, c, s, 31, 18, 2200)
    drained(lab, c, s)
    close_both(lab, c, s)
    lab.sleep(0.8)


@scenario('The capture starts between two simultaneous FINs', trim=after_first('F'))
def starts_in_simultaneous_close(lab):
    c, s = exchange(lab)
    lab.parallel(c.close, s.close)
    lab.sleep(0.4)


@scenario('The capture ends after the SYN+ACK', trim=lambda view, rows: rows[:2])
def ends_in_handshake(lab):
    c, s = exchange(lab)
    close_both(lab, c, s)


@scenario('The capture ends after the first FIN', trim=until('F'))
def ends_after_fin(lab):
    c, s = exchange(lab)
    close_both(lab, c, s)


@scenario('The capture ends in the middle of data', trim=lambda view, rows: rows[:6])
def ends_in_data(lab):
    c, s = exchange(lab)
    close_both(lab, s, c)


@scenario("Only the client's packets are captured", trim=only('client'))
def only_client_packets(lab):
    c, s = exchange(lab)
    close_both(lab, c, s)


@scenario("Only the server's packets are captured", trim=only('server'))
def only_server_packets(lab):
    c, s = exchange(lab)
    close_both(lab, c, s)


@scenario("Only the client's packets are captured, the server closes first", trim=only('client'))
def only_client_packets_server_closes(lab):
    c, s = exchange(lab)
    close_both(lab, s, c)


@scenario("Only the server's packets are captured, ended by the client's RST", trim=only('server'))
def only_server_packets_rst(lab):
    c, s = exchange(lab)
    c.abort()
    lab.sleep(0.2)
    s.recv()


@scenario("Only the client's packets of a refused connect", trim=only('client'))
def only_client_packets_refused(lab):
    lab.socket().connect(81)
    lab.sleep(0.1)


@scenario('A capture with gaps: 15 % of the packets are missing in it', trim=without(0.15, 1))
def gaps_15(lab):
    """Nothing was lost on the wire."""
    c, s, _ = lab.open()
    talk(lab, c, s, 41, 20, 2500)
    drained(lab, c, s)
    close_both(lab, c, s)


@scenario('A capture with gaps, the handshake too', trim=without(0.25, 2, keep_syn=False))
def gaps_25(lab):
    c, s, _ = lab.open()
    talk(lab, c, s, 42, 20, 2500)
    drained(lab, c, s)
    close_both(lab, s, c)


@scenario('A capture with gaps of a lossy talk', trim=without(0.1, 3))
def gaps_and_loss(lab):
    c, s, _ = lab.open()
    lab.wire.drop(chance=0.06)
    talk(lab, c, s, 43, 20, 2500)
    drained(lab, c, s)
    close_both(lab, c, s)
    lab.sleep(0.8)


@scenario('The capture misses the FINs', trim=lambda view, rows: [r for r in rows if 'F' not in r[1].seg.flags])
def gaps_fins(lab):
    c, s = exchange(lab)
    close_both(lab, c, s)


@scenario('The capture misses the final ACK of the handshake', trim=lambda view, rows: rows[:2] + rows[3:])
def gaps_final_ack(lab):
    c, s = exchange(lab)
    close_both(lab, c, s)


@scenario('The capture misses the SYN+ACK', trim=lambda view, rows: rows[:1] + rows[2:])
def gaps_synack(lab):
    c, s = exchange(lab)
    close_both(lab, c, s)
