"""TIME_WAIT: resets, SYNs and FINs that come to it, reuse of its port."""
from .scenario import scenario

SYN_OPTIONS_WITHOUT_TIMESTAMPS = b'\x02\x04\x05\xb4\x01\x01\x04\x02'


def into_time_wait(lab, first='server'):
    """One finished connection whose `first` closer is TIME_WAIT."""
    c, s, listener = lab.open()
    lab.say(c, s)
    one, two = (s, c) if first == 'server' else (c, s)
    one.close()
    lab.sleep(0.2)
    two.recv()
    two.close()
    lab.sleep(0.4)
    return listener


def again(lab, listener):
    """A new connection from the same port, closed by the client."""
    c, s, _ = lab.open(listener=listener)
    lab.say(c, s)
    c.close()
    lab.sleep(0.2)
    s.recv()
    s.close()
    lab.sleep(0.3)


@scenario('RST in TIME_WAIT kills it', server={'tcp_rfc1337': 0})
def time_wait_rst(lab):
    """TIME_WAIT assassination. A later FIN of the old connection finds no socket: RST."""
    into_time_wait(lab)
    lab.wire.forge('client', flags='R', options=b'')
    lab.sleep(0.5)
    lab.wire.replay('client', -1, of='FA')
    lab.sleep(0.3)


@scenario('RST in TIME_WAIT is ignored with tcp_rfc1337', server={'tcp_rfc1337': 1})
def time_wait_rst_rfc1337(lab):
    into_time_wait(lab)
    lab.wire.forge('client', flags='R', options=b'')
    lab.sleep(0.5)
    lab.wire.replay('client', -1, of='FA')
    lab.sleep(0.3)


@scenario('A SYN with an older number and older timestamp in TIME_WAIT')
def time_wait_old_syn(lab):
    """An old SYN of the same connection: answered by an ACK, TIME_WAIT stays. The client has no socket: RST, which kills TIME_WAIT."""
    into_time_wait(lab)
    lab.wire.replay('client', 0, of='S')
    lab.sleep(0.5)


@scenario('A SYN with an older number and no timestamp in TIME_WAIT', server={'tcp_rfc1337': 1})
def time_wait_old_syn_no_timestamps(lab):
    into_time_wait(lab)
    lab.wire.forge('client', of='S', flags='S', options=SYN_OPTIONS_WITHOUT_TIMESTAMPS, seq_by=-100000)
    lab.sleep(0.5)


@scenario('A new connection from the same port without timestamps', client={'tcp_timestamps': 0}, server={'tcp_timestamps': 0})
def time_wait_reuse_no_timestamps(lab):
    """The new SYN's number is beyond the old one: TIME_WAIT gives way."""
    listener = into_time_wait(lab)
    lab.sleep(1)
    again(lab, listener)


@scenario('The client itself is TIME_WAIT and connects again from the same port', client={'tcp_tw_reuse': 1})
def time_wait_client_reuse(lab):
    """tcp_tw_reuse: connect() may take the port of a TIME_WAIT that is more than a second old."""
    listener = into_time_wait(lab, 'client')
    lab.sleep(1.2)
    again(lab, listener)


@scenario('FIN retransmitted into TIME_WAIT, again and again')
def time_wait_fin_again(lab):
    into_time_wait(lab)
    for _ in range(3):
        lab.wire.replay('client', -1, of='FA')
        lab.sleep(0.7)


@scenario('Old data comes to TIME_WAIT')
def time_wait_old_data(lab):
    into_time_wait(lab)
    lab.wire.replay('client', 0, data=True)
    lab.sleep(0.4)


@scenario('Data beyond the end comes to TIME_WAIT')
def time_wait_new_data(lab):
    into_time_wait(lab)
    lab.wire.forge('client', flags='PA', payload=b'too late')
    lab.sleep(0.4)


@scenario('Three connections in a row from one port, the server closes first')
def time_wait_reuse_thrice(lab):
    listener = into_time_wait(lab)
    for _ in range(2):
        lab.sleep(1.1)
        c, s, _ = lab.open(listener=listener)
        lab.say(c, s)
        s.close()
        lab.sleep(0.2)
        c.recv()
        c.close()
        lab.sleep(0.3)


@scenario('TIME_WAIT reused while the SYN is lost once')
def time_wait_reuse_syn_lost(lab):
    listener = into_time_wait(lab)
    lab.sleep(1)
    lab.wire.drop('client', 'S', count=1)
    again(lab, listener)


@scenario('Small TIME_WAIT table: the server has no TIME_WAIT', server={'tcp_max_tw_buckets': 0})
def time_wait_no_buckets(lab):
    """The TIME_WAIT that should follow does not exist: a repeated FIN is answered by RST."""
    c, s, _ = lab.open()
    lab.say(c, s)
    s.close()
    lab.sleep(0.2)
    lab.wire.drop('server', 'A', count=1)
    c.recv()
    c.close()
    lab.sleep(0.9)


@scenario('IPv6: SYN in TIME_WAIT is accepted', ipv6=True)
def ipv6_time_wait_reuse(lab):
    listener = into_time_wait(lab)
    lab.sleep(1)
    again(lab, listener)
