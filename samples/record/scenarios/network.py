"""The network's and the hosts' harm to data: loss, reordering, doubles, packet filters, ICMP errors, windows."""
import random
import socket

from lab.filter import dropping

from .resets import keepalive
from .scenario import scenario


def close_both(lab, first, second):
    first.close()
    lab.sleep(0.25)
    second.recv(wait=0.3)
    second.close()
    lab.sleep(0.5)


def talk(lab, c, s, seed, turns, size):
    """Both send at random; each reads what is there."""
    dice = random.Random(seed)
    for _ in range(turns):
        one, two = (c, s) if dice.random() < 0.5 else (s, c)
        one.send(dice.randint(1, size))
        lab.sleep(dice.choice((0.005, 0.02, 0.08)))
        if dice.random() < 0.5:
            two.recv(wait=0.05)


def drained(lab, *socks, seconds=3.0):
    """Read until nothing comes any more."""
    quiet = 0
    while quiet < 2 and seconds > 0:
        quiet += 1
        for s in socks:
            if s.ready(0.25):
                s.recv()
                quiet = 0
            seconds -= 0.25


def random_talk(name, seed, loss, sides, turns=25, size=2500, extra=None, first='client'):
    where = ' and '.join(sides)

    def run(lab):
        c, s, _ = lab.open()
        for side in sides:
            lab.wire.drop(side, chance=loss)
        if extra:
            extra(lab)
        talk(lab, c, s, seed, turns, size)
        drained(lab, c, s)
        close_both(lab, *((c, s) if first == 'client' else (s, c)))
        lab.sleep(1.0)
    run.__name__ = name
    run.__doc__ = f'Both sides send {turns} times in all; {loss:.0%} of the packets of {where} are lost. Seed {seed}.'
    scenario(f'Data both ways, {loss:.0%} loss ({where})')(run)


def reorder(lab):
    lab.wire.delay(chance=0.15, by=0.02, data=True)


def double(lab):
    lab.wire.double(chance=0.15, by=0.013)


random_talk('talk_loss_client_5', 1, 0.05, ['client'])
random_talk('talk_loss_server_5', 2, 0.05, ['server'], first='server')
random_talk('talk_loss_both_5', 3, 0.05, ['client', 'server'])
random_talk('talk_loss_both_10', 4, 0.10, ['client', 'server'], turns=20)
random_talk('talk_loss_both_10_server_closes', 5, 0.10, ['client', 'server'], turns=20, first='server')
random_talk('talk_loss_both_20', 6, 0.20, ['client', 'server'], turns=12, size=1000)
random_talk('talk_reordered', 7, 0.0, ['client', 'server'], extra=reorder)
random_talk('talk_doubled', 8, 0.0, ['client', 'server'], extra=double)
random_talk('talk_loss_reordered_doubled', 9, 0.04, ['client', 'server'], extra=lambda lab: (reorder(lab), double(lab)))


@scenario('Ten short connections with 12 % loss in both directions')
def short_connections_loss(lab):
    """Handshakes and closes under loss, in turn closed by client, server, abort."""
    dice = random.Random(11)
    listener = lab.listen(backlog=20)
    lab.wire.drop(chance=0.12)
    for n in range(10):
        c = lab.socket(port=40001 + n).connect(80)
        s = listener.accept(4)
        if s is None:
            c.close()
            continue
        c.send(dice.randint(1, 3000))
        s.recv(wait=0.3)
        s.send(dice.randint(1, 3000))
        c.recv(wait=0.3)
        first, second = (c, s) if n % 2 == 0 else (s, c)
        (first.abort if n % 5 == 4 else first.close)()
        lab.sleep(0.1)
        second.recv(wait=0.4)
        second.close()
    lab.sleep(2)


@scenario('Tail loss probe in both directions')
def tail_loss_both(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.drop('client', data=True, skip=1, count=1)
    lab.wire.drop('server', data=True, skip=1, count=1)
    for side in (c, s):
        side.send(1000)
        side.send(1000)
        lab.sleep(0.5)
    c.recv()
    s.recv()
    close_both(lab, c, s)


@scenario('The ACK of data is lost: spurious retransmission')
def data_ack_lost(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.drop('server', 'A', count=1)
    lab.say(c, s, 300)
    lab.sleep(0.5)
    close_both(lab, c, s)


@scenario('A long delay instead of a loss: the original comes after its retransmission')
def data_delayed_beyond_rto(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.delay('client', data=True, by=0.4, count=1)
    c.send(200)
    lab.sleep(0.9)
    s.recv()
    close_both(lab, c, s)


@scenario('The FIN is delayed: its retransmission overtakes it')
def fin_delayed(lab):
    """The original FIN arrives when the connection is further on."""
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.delay('client', has='F', by=0.45, count=1)
    c.close()
    lab.sleep(0.35)
    s.recv()
    s.close()
    lab.sleep(0.6)


@scenario('The SYN+ACK is delayed beyond the SYN retransmission')
def synack_delayed(lab):
    lab.wire.delay('server', 'SA', by=1.1, count=1)
    c, s, _ = lab.open()
    lab.say(c, s)
    close_both(lab, c, s)


@scenario('FIN overtakes the last data')
def fin_overtakes_data(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.delay('client', data=True, by=0.03, count=1)
    c.send(700)
    lab.sleep(0.006)
    c.close()
    lab.sleep(0.4)
    s.recv()
    s.recv()
    s.close()
    lab.sleep(0.3)


@scenario('RST overtakes the last data')
def rst_overtakes_data(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.delay('client', data=True, by=0.06, count=1)
    c.send(700)
    lab.sleep(0.01)
    c.abort()
    lab.sleep(0.4)
    s.recv()


@scenario("A packet filter at the server drops SYNs after the capture", client={'tcp_syn_retries': 3, 'tcp_syn_linear_timeouts': 4})
def filter_drops_syn(lab):
    """The SYNs arrive in every capture and never reach the server's TCP; after 2.5 s the filter is gone."""
    listener = lab.listen()
    with dropping(lab, 'server'):
        c = lab.socket().connect(80, background=True)
        lab.sleep(2.5)
    lab.sleep(1.0)
    s = listener.accept()
    lab.say(c, s)
    close_both(lab, c, s)


@scenario("A packet filter at the server drops the final ACK")
def filter_drops_final_ack(lab):
    """The ACK is in every capture but TCP does not get it: SYN_RECV until a repeated SYN+ACK is acknowledged."""
    listener = lab.listen()
    with dropping(lab, 'server', 'A'):
        c = lab.socket().connect(80)
        lab.sleep(0.5)
    s = listener.accept()
    lab.sleep(0.1)
    lab.say(c, s)
    close_both(lab, c, s)


@scenario("A packet filter at the server drops FINs")
def filter_drops_fin(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    with dropping(lab, 'server', 'FA'):
        c.close()
        lab.sleep(0.8)
    lab.sleep(0.6)
    s.recv()
    s.close()
    lab.sleep(0.3)


@scenario("A packet filter at the client drops everything for a while")
def filter_drops_all_at_client(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    with dropping(lab, 'client'):
        s.send(2000)
        c.send(100)
        lab.sleep(0.8)
    lab.sleep(1.0)
    c.recv()
    s.recv()
    close_both(lab, s, c)


@scenario("A packet filter at the client drops the RST")
def filter_drops_rst(lab):
    """The server aborts; the client's TCP never gets the RST and sends later."""
    c, s, _ = lab.open()
    lab.say(c, s)
    with dropping(lab, 'client', 'RA'):
        s.abort()
        lab.sleep(0.4)
    c.send(50)
    lab.sleep(0.3)
    c.recv()


def icmp_in_established(code, words):
    def run(lab):
        c, s, _ = lab.open()
        lab.say(c, s)
        c.send(100)
        lab.sleep(0.01)
        lab.wire.icmp('client', 3, code)
        lab.sleep(0.3)
        s.recv()
        lab.say(s, c)
        close_both(lab, c, s)
    run.__name__ = f'icmp_{words.replace(" ", "_")}_established'
    run.__doc__ = 'The connection is established: the error is noted and ignored.'
    scenario(f'ICMP {words} in ESTABLISHED')(run)


icmp_in_established(3, 'port unreachable')
icmp_in_established(1, 'host unreachable')
icmp_in_established(13, 'administratively prohibited')


@scenario('ICMP host unreachable while data is lost: ETIMEDOUT becomes EHOSTUNREACH', client={'tcp_retries2': 3})
def icmp_unreachable_while_retransmitting(lab):
    """Every data packet is dropped and answered by ICMP; when the retransmissions run out the soft error is the errno."""
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.answer_icmp('client', 3, 1, data=True)
    c.send(100)
    lab.sleep(5.5)
    c.recv()


@scenario('ICMP fragmentation needed: smaller segments')
def icmp_fragmentation_needed(lab):
    """A router takes 1000 octets at most."""
    c, s, _ = lab.open()
    lab.say(c, s)
    rule = lab.wire.answer_icmp('client', 3, 4, mtu=1000, data=True, count=1)
    c.send(4000)
    lab.sleep(0.6)
    lab.wire.heal(rule)
    s.recv()
    close_both(lab, c, s)


@scenario('ICMP host unreachable while closing')
def icmp_in_fin_wait1(lab):
    """The FIN is dropped and answered by ICMP; its retransmission gets through."""
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.answer_icmp('client', 3, 1, has='F', count=1)
    c.close()
    lab.sleep(0.8)
    s.recv()
    s.close()
    lab.sleep(0.3)


def small(sock, size=3000):
    sock.option(socket.SOL_SOCKET, socket.SO_RCVBUF, size)


@scenario('Zero window for long, then the reader is killed: RST')
def zero_window_then_killed(lab):
    """The server does not read; the client probes its window; the server closes with unread data."""
    c, s, _ = lab.open(listener=lab.listen(prepare=small))
    c.send(9000)
    lab.sleep(4)
    s.close()
    lab.sleep(0.3)
    c.recv()


@scenario('Zero window, and the window update is lost')
def zero_window_update_lost(lab):
    c, s, _ = lab.open(listener=lab.listen(prepare=small))
    c.send(9000)
    lab.sleep(1.0)
    lab.wire.drop('server', 'A', count=1)
    for _ in range(10):
        s.recv(wait=0.6)
    lab.sleep(0.4)
    close_both(lab, c, s)


@scenario('Small receive buffer, slow reader')
def small_buffer_slow_reader(lab):
    c, s, _ = lab.open(listener=lab.listen(prepare=lambda sock: small(sock, 2500)))
    c.send(8000)
    for _ in range(12):
        lab.sleep(0.15)
        s.recv(700, wait=0.4)
    drained(lab, s)
    close_both(lab, c, s)


@scenario('Zero window, probes lost until the sender gives up', client={'tcp_retries2': 3})
def zero_window_dead_path(lab):
    c, s, _ = lab.open(listener=lab.listen(prepare=small))
    c.send(9000)
    lab.sleep(0.5)
    lab.wire.drop()
    lab.sleep(7)
    c.recv()


@scenario('Keep-alive: one probe is lost, the next is answered')
def keepalive_probe_lost(lab):
    c, s, _ = lab.open()
    keepalive(c, 1, 1, 4)
    lab.say(c, s)
    lab.wire.drop('client', 'A', count=1)
    lab.sleep(3.3)
    close_both(lab, c, s)


@scenario('Keep-alive by the server, the client is gone without a word')
def keepalive_server_dead_client(lab):
    c, s, _ = lab.open()
    keepalive(s, 1, 1, 2)
    lab.say(c, s)
    lab.wire.drop('server')
    lab.sleep(4.5)
    s.recv()


@scenario('The path dies for a while and comes back')
def path_dies_and_recovers(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    rule = lab.wire.drop()
    c.send(1500)
    s.send(1500)
    lab.sleep(1.2)
    lab.wire.heal(rule)
    lab.sleep(1.5)
    c.recv()
    s.recv()
    close_both(lab, s, c)


@scenario('The path dies while both close')
def path_dies_while_closing(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    rule = lab.wire.drop()
    c.close()
    lab.sleep(0.3)
    s.close()
    lab.sleep(0.6)
    lab.wire.heal(rule)
    lab.sleep(2)


@scenario('The path dies before the middle: the captures see different things', client={'tcp_retries2': 3})
def path_dies_before_middle(lab):
    """Packets are lost before the middle capture too."""
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.drop('client', before=True, data=True, count=2)
    lab.wire.drop('server', before=True, has='F', count=1)
    c.send(500)
    lab.sleep(0.9)
    s.recv()
    s.close()
    lab.sleep(0.8)
    c.recv()
    c.close()
    lab.sleep(0.3)


@scenario('IPv6: data both ways with loss', ipv6=True)
def ipv6_talk_loss(lab):
    c, s, _ = lab.open()
    lab.wire.drop(chance=0.08)
    talk(lab, c, s, 21, 15, 2000)
    drained(lab, c, s)
    close_both(lab, s, c)
    lab.sleep(0.8)


@scenario('IPv6: ICMP address unreachable during connect', ipv6=True)
def ipv6_connect_unreachable(lab):
    lab.listen()
    lab.wire.answer_icmp('client', 1, 3, flags='S', count=1)
    lab.socket().connect(80)
    lab.sleep(0.2)
