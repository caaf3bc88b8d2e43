"""Opening a connection: queues, cookies, deferred accept, Fast Open, refusals, duplicates."""
from .scenario import scenario

TCP_DEFER_ACCEPT, TCP_FASTOPEN = 9, 23


@scenario('Accept queue full: SYNs are dropped, the client gives up', client={'tcp_syn_retries': 2, 'tcp_syn_linear_timeouts': 0})
def accept_queue_full_syn_dropped(lab):
    """listen(0) holds one connection that nobody accepts. The second client's SYNs are thrown away: it stays SYN_SENT until ETIMEDOUT."""
    lab.listen(80, 0)
    lab.socket(port=40001).connect(80)
    lab.sleep(0.2)
    lab.socket(port=40002).connect(80)


@scenario('Accept queue full: a SYN is dropped, the next one finds a free place')
def accept_queue_full_recovers(lab):
    """The server accepts the first connection after 0.8 s; the second client's second SYN is taken."""
    listener = lab.listen(80, 0)
    lab.socket(port=40001).connect(80)
    lab.sleep(0.2)
    c = lab.socket(port=40002).connect(80, background=True)
    lab.sleep(0.8)
    listener.accept()
    lab.sleep(0.5)
    s = listener.accept()
    lab.say(c, s)
    c.close()
    lab.sleep(0.2)
    s.close()
    lab.sleep(0.2)


def two_at_once(lab, listener):
    """listen(1) holds two. One is there, two SYNs come before the next final ACK: the last final ACK finds the accept queue full."""
    lab.socket(port=40000).connect(80)
    lab.sleep(0.1)
    a = lab.socket(port=40001).connect(80, background=True)
    lab.sleep(0.01)
    b = lab.socket(port=40002).connect(80, background=True)
    lab.sleep(0.3)
    return a, b


@scenario('Accept queue overflow that recovers when a place gets free')
def accept_overflow_recovers(lab):
    """The final ACK is thrown away; the server resends its SYN+ACK after 1 s (still full) and 3 s (a place is free): ESTABLISHED."""
    listener = lab.listen(80, 1)
    _, b = two_at_once(lab, listener)
    lab.sleep(1.5)
    listener.accept()
    listener.accept()
    lab.sleep(1.8)
    s = listener.accept()
    lab.say(b, s)
    b.close()
    lab.sleep(0.2)
    s.close()
    lab.sleep(0.2)


@scenario('Accept queue overflow: data completes the handshake later')
def accept_overflow_data_completes(lab):
    """The client, ESTABLISHED, sends data while the server is SYN_RECV with a full queue. Retransmitted data is taken once a place is free."""
    listener = lab.listen(80, 1)
    _, b = two_at_once(lab, listener)
    b.send(20)
    lab.sleep(0.35)
    listener.accept()
    listener.accept()
    lab.sleep(0.8)
    s = listener.accept()
    s.recv()
    lab.sleep(0.1)
    lab.say(s, b)
    b.close()
    lab.sleep(0.2)
    s.close()
    lab.sleep(0.2)


@scenario('Accept queue overflow with tcp_abort_on_overflow: RST', server={'tcp_abort_on_overflow': 1})
def accept_overflow_abort(lab):
    """The second connection's final ACK finds the accept queue full and is answered by RST."""
    listener = lab.listen(80, 1)
    _, b = two_at_once(lab, listener)
    b.recv()
    lab.sleep(0.2)


@scenario('listen(0), two at once: the second gets a SYN cookie')
def accept_queue_zero_cookie(lab):
    """One request is enough to fill the request queue of listen(0): the second SYN gets a cookie and no state. Its final ACK finds the accept
    queue full and is forgotten; the client is ESTABLISHED alone until its data brings the cookie again."""
    listener = lab.listen(80, 0)
    lab.socket(port=40001).connect(80, background=True)
    lab.sleep(0.01)
    b = lab.socket(port=40002).connect(80, background=True)
    lab.sleep(1.5)
    listener.accept()
    lab.sleep(0.3)
    b.send(20)
    s = listener.accept()
    s.recv()
    lab.say(s, b)
    b.close()
    lab.sleep(0.2)
    s.close()
    lab.sleep(0.2)


@scenario('The listener closes with connections in its accept queue')
def listener_closed_unaccepted(lab):
    """Two connections, one with data, were never accepted. close() of the listener resets both; a third connect is refused."""
    listener = lab.listen(80, 5)
    a = lab.socket(port=40001).connect(80)
    b = lab.socket(port=40002).connect(80)
    b.send(30)
    lab.sleep(0.2)
    listener.close()
    lab.sleep(0.2)
    a.recv()
    b.recv()
    lab.socket(port=40003).connect(80)
    lab.sleep(0.1)


@scenario('The listener goes away in the middle of a handshake')
def listener_closed_in_handshake(lab):
    """The final ACK is late: when it comes the listener is closed and answers RST. An accepted connection lives on."""
    c, s, listener = lab.open()
    lab.wire.delay('client', 'A', by=0.2, count=1, port=40002)
    d = lab.socket(port=40002).connect(80)
    lab.sleep(0.05)
    listener.close()
    lab.sleep(0.3)
    d.recv()
    lab.say(c, s)
    lab.say(s, c)
    c.close()
    lab.sleep(0.2)
    s.close()
    lab.sleep(0.2)


@scenario('SYN cookies: the final ACK is lost, data completes the handshake', server={'tcp_syncookies': 2})
def syncookie_final_ack_lost_data(lab):
    """The server keeps nothing after its SYN+ACK and does not resend it. The first data carries the cookie back."""
    listener = lab.listen()
    lab.wire.drop('client', 'A', count=1)
    c = lab.socket().connect(80)
    lab.sleep(1.5)
    c.send(25)
    s = listener.accept()
    s.recv()
    lab.sleep(0.1)
    lab.say(s, c)
    s.close()
    lab.sleep(0.2)
    c.close()
    lab.sleep(0.2)


@scenario('SYN cookies: the final ACK is lost, the client closes', server={'tcp_syncookies': 2})
def syncookie_final_ack_lost_close(lab):
    """Nobody sends. The client's FIN carries the cookie: the server gets the connection and the end of it at once."""
    listener = lab.listen()
    lab.wire.drop('client', 'A', count=1)
    c = lab.socket().connect(80)
    lab.sleep(1.2)
    c.close()
    lab.sleep(0.3)
    s = listener.accept()
    if s:
        s.recv()
        s.close()
    lab.sleep(0.3)


@scenario('SYN cookies: normal connection', server={'tcp_syncookies': 2})
def syncookie_normal(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.say(s, c)
    c.close()
    lab.sleep(0.2)
    s.close()
    lab.sleep(0.2)


def deferring(sock):
    sock.tcp(TCP_DEFER_ACCEPT, 5)


@scenario('TCP_DEFER_ACCEPT: no data, the server asks again after its time limit')
def defer_accept_no_data(lab):
    """The bare ACK is ignored, the SYN+ACKs of +1 s and +3 s are left out; the one of +7 s is acknowledged and that ACK is taken."""
    listener = lab.listen(prepare=deferring)
    c = lab.socket().connect(80)
    s = listener.accept(9)
    lab.sleep(0.2)
    lab.say(c, s)
    c.close()
    lab.sleep(0.2)
    s.close()
    lab.sleep(0.2)


@scenario('TCP_DEFER_ACCEPT: the client closes without data')
def defer_accept_close(lab):
    """The FIN is taken for the data that the server waits for."""
    listener = lab.listen(prepare=deferring)
    c = lab.socket().connect(80)
    lab.sleep(0.5)
    c.close()
    s = listener.accept(9)
    lab.sleep(0.2)
    if s:
        s.recv()
        s.close()
    lab.sleep(0.3)


def fast(sock):
    sock.tcp(TCP_FASTOPEN, 5)


@scenario('TCP Fast Open: cookie, then data in the SYN', client={'tcp_fastopen': 3}, server={'tcp_fastopen': 3})
def fast_open(lab):
    """The first connection gets the cookie. The second sends its request in the SYN; the server answers it while still SYN_RECV."""
    listener = lab.listen(prepare=fast)
    for port in (40001, 40002):
        c = lab.socket(port=port)
        lab.parallel(lambda c=c: c.connect(80, data=b'request of the client'), lambda: answer(lab, listener))
        lab.sleep(0.2)
        c.recv()
        c.close()
        lab.sleep(0.3)


def answer(lab, listener):
    s = listener.accept()
    s.recv()
    s.send(b'answer of the server')
    lab.sleep(0.6)
    s.recv()
    s.close()


@scenario('TCP Fast Open: the SYN with data is lost', client={'tcp_fastopen': 3}, server={'tcp_fastopen': 3})
def fast_open_syn_lost(lab):
    """The retransmitted SYN carries no data; the data follows after the handshake."""
    listener = lab.listen(prepare=fast)
    for port in (40001, 40002):
        if port == 40002:
            lab.wire.drop('client', has='S', count=1)
        c = lab.socket(port=port)
        lab.parallel(lambda c=c: c.connect(80, data=b'request of the client'), lambda: answer(lab, listener))
        lab.sleep(0.2)
        c.recv()
        c.close()
        lab.sleep(0.3)


@scenario('The application gives up connecting')
def connect_given_up(lab):
    """No answer; the application closes its socket after 2.5 s: three SYNs, then silence."""
    lab.wire.drop('client')
    lab.socket().connect_and_give_up(80, 2.5)
    lab.sleep(1.5)


@scenario('Refused at the second try: the first RST is lost')
def connect_refused_rst_lost(lab):
    """Nobody listens. The first RST,ACK is lost, the retransmitted SYN is refused too."""
    lab.wire.drop('server', count=1)
    lab.socket().connect(81)
    lab.sleep(0.1)


@scenario('Refused at the second try: the first SYN is lost')
def connect_refused_syn_lost(lab):
    lab.wire.drop('client', 'S', count=1)
    lab.socket().connect(81)
    lab.sleep(0.1)


@scenario('The wire doubles the SYN')
def syn_doubled(lab):
    """The second SYN finds a request socket: the SYN+ACK is sent again."""
    lab.wire.double('client', 'S', by=0.008)
    c, s, _ = lab.open()
    lab.say(c, s)
    c.close()
    lab.sleep(0.2)
    s.close()
    lab.sleep(0.2)


@scenario('A late double of the SYN comes in ESTABLISHED')
def syn_doubled_late(lab):
    """A copy of the SYN arrives when the connection is ESTABLISHED: it is answered by an ACK and changes nothing."""
    lab.wire.double('client', 'S', by=0.35)
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.say(s, c)
    c.close()
    lab.sleep(0.2)
    s.close()
    lab.sleep(0.2)


@scenario('The wire doubles the SYN+ACK')
def synack_doubled(lab):
    lab.wire.double('server', 'SA', by=0.03)
    c, s, _ = lab.open()
    lab.say(c, s)
    c.close()
    lab.sleep(0.2)
    s.close()
    lab.sleep(0.2)


@scenario('An old SYN comes out of the network')
def old_duplicate_syn(lab):
    """After the connection is gone its SYN arrives once more. The server answers SYN+ACK, the client has no socket: RST, back to LISTEN."""
    c, s, _ = lab.open()
    lab.say(c, s)
    c.abort()
    lab.sleep(0.2)
    s.close()
    lab.sleep(0.3)
    lab.wire.replay('client', 0, of='S')
    lab.sleep(0.4)


@scenario('An old SYN just before the real one')
def old_duplicate_syn_before_new(lab):
    """RFC 9293 figure 8: the server answers a forged old SYN, the client resets it, its own SYN is answered then."""
    c, s, listener = lab.open()
    c.abort()
    lab.sleep(0.2)
    s.close()
    lab.sleep(0.2)
    lab.wire.drop('client', 'S', count=1)
    c = lab.socket(port=40001).connect(80, background=True)
    lab.sleep(0.2)
    lab.wire.replay('client', 0, of='S')
    lab.sleep(1.3)
    s = listener.accept()
    lab.say(c, s)
    c.close()
    lab.sleep(0.2)
    s.close()
    lab.sleep(0.2)


def both_open(lab):
    a, b = lab.socket(), lab.socket('server', 80)
    lab.parallel(lambda: a.connect(80), lambda: b.connect(40001))
    lab.sleep(0.1)
    return a, b


def both_end(lab, a, b):
    lab.say(a, b)
    lab.say(b, a)
    a.close()
    lab.sleep(0.2)
    b.recv()
    b.close()
    lab.sleep(0.3)


@scenario('Simultaneous open, one SYN lost')
def simultaneous_open_syn_lost(lab):
    lab.wire.drop('server', 'S', count=1)
    both_end(lab, *both_open(lab))


@scenario('Simultaneous open, one SYN+ACK lost')
def simultaneous_open_synack_lost(lab):
    lab.wire.drop('server', 'SA', count=1)
    both_end(lab, *both_open(lab))


@scenario('Simultaneous open, both SYN+ACKs lost')
def simultaneous_open_both_synacks_lost(lab):
    lab.wire.drop('server', 'SA', count=1)
    lab.wire.drop('client', 'SA', count=1)
    both_end(lab, *both_open(lab))


@scenario('A router answers the SYN: ICMP port unreachable')
def connect_icmp_port_unreachable(lab):
    lab.listen()
    lab.wire.answer_icmp('client', 3, 3, flags='S', count=1)
    lab.socket().connect(80)
    lab.sleep(0.2)


@scenario('A router answers the SYN: ICMP administratively prohibited')
def connect_icmp_prohibited(lab):
    lab.listen()
    lab.wire.answer_icmp('client', 3, 13, flags='S', count=1)
    lab.socket().connect(80)
    lab.sleep(0.2)


@scenario('The SYN+ACK is lost three times', server={'tcp_synack_retries': 5})
def synack_lost_thrice(lab):
    """The client repeats its SYN, the server answers each and repeats by its own clock too."""
    listener = lab.listen()
    lab.wire.drop('server', 'SA', count=3)
    c = lab.socket().connect(80)
    s = listener.accept()
    lab.say(c, s)
    c.close()
    lab.sleep(0.2)
    s.close()
    lab.sleep(0.2)


@scenario('The client gives up while the server is SYN_RECV', server={'tcp_synack_retries': 1})
def synack_all_lost(lab):
    """No SYN+ACK arrives; the application closes after 1.5 s. Later SYN+ACKs get through and are answered by RST."""
    lab.listen()
    rule = lab.wire.drop('server', 'SA')
    c = lab.socket()
    c.raw.setblocking(False)
    c.connect(80)
    lab.sleep(1.5)
    c.close()
    lab.wire.heal(rule)
    lab.sleep(2.5)
