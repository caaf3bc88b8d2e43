"""Resets: lost, forged, provoked; hosts that forget their connections; keep-alive; user time-out."""
import socket

from .scenario import scenario

TCP_KEEPIDLE, TCP_KEEPINTVL, TCP_KEEPCNT, TCP_USER_TIMEOUT = 4, 5, 6, 18


def keepalive(sock, idle=1, interval=1, count=3):
    sock.option(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    sock.tcp(TCP_KEEPIDLE, idle).tcp(TCP_KEEPINTVL, interval).tcp(TCP_KEEPCNT, count)


@scenario('The RST is lost, the server speaks later')
def rst_lost_then_data(lab):
    """The client aborts, its RST is lost. The server thinks that the connection lives, sends, and gets RST."""
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.drop('client', has='R', count=1)
    c.abort()
    lab.sleep(1)
    s.send(30)
    lab.sleep(0.3)
    s.recv()


@scenario('All RSTs are lost: the server retransmits until it gives up', server={'tcp_retries2': 3})
def rst_lost_server_gives_up(lab):
    """The client has no socket and answers every retransmission by RST, none arrives. ETIMEDOUT."""
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.drop('client', has='R')
    c.abort()
    lab.sleep(0.5)
    s.send(30)
    lab.sleep(5)
    s.recv()


@scenario('The RST is lost, the server closes')
def rst_lost_then_close(lab):
    """The server's FIN meets a client without socket: RST in FIN_WAIT1."""
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.drop('client', has='R', count=1)
    c.abort()
    lab.sleep(0.6)
    s.close()
    lab.sleep(0.3)


@scenario('Keep-alive against a rebooted host')
def keepalive_rebooted_peer(lab):
    """The server lost its state without a packet. The client's first keep-alive probe is answered by RST."""
    c, s, _ = lab.open()
    keepalive(c)
    lab.say(c, s)
    s.vanish()
    lab.sleep(1.6)
    c.recv()


@scenario('Data for a rebooted host')
def rebooted_peer_gets_data(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    s.vanish()
    lab.sleep(0.6)
    c.send(40)
    lab.sleep(0.3)
    c.recv()


@scenario('FIN for a rebooted host')
def rebooted_peer_gets_fin(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    s.vanish()
    lab.sleep(0.6)
    c.close()
    lab.sleep(0.3)


@scenario('A rebooted client connects from the same port')
def rebooted_client_same_port(lab):
    """RFC 9293 figure 9: the server is ESTABLISHED and answers the SYN by an ACK, the client resets that, its next SYN is taken."""
    c, s, listener = lab.open()
    lab.say(c, s)
    c.vanish()
    lab.sleep(0.6)
    d = lab.socket(port=40001).connect(80)
    s.recv(wait=0.1)
    t = listener.accept()
    lab.say(d, t)
    d.close()
    lab.sleep(0.2)
    t.close()
    lab.sleep(0.2)


@scenario('A rebooted client connects from the same port to a CLOSE_WAIT')
def rebooted_client_close_wait(lab):
    c, s, listener = lab.open(port=40001)
    lab.say(c, s)
    c.shutdown()
    lab.sleep(0.3)
    c.vanish()
    lab.sleep(0.3)
    d = lab.socket(port=40001).connect(80)
    t = listener.accept()
    lab.say(d, t)
    d.close()
    lab.sleep(0.2)
    t.close()
    s.close()
    lab.sleep(0.2)


@scenario('Keep-alive with a dead path in FIN_WAIT2')
def keepalive_in_fin_wait2(lab):
    """Half-closed and idle; the path dies; the probes run out: RST, ETIMEDOUT."""
    c, s, _ = lab.open()
    keepalive(c, 1, 1, 2)
    lab.say(c, s)
    c.shutdown()
    lab.sleep(0.3)
    lab.wire.drop()
    lab.sleep(4.2)
    c.recv()


@scenario('TCP_USER_TIMEOUT ends a connection whose data is not acknowledged')
def user_timeout(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    c.tcp(TCP_USER_TIMEOUT, 1500)
    lab.wire.drop()
    c.send(100)
    lab.sleep(4.5)
    c.recv()
    lab.wire.heal()
    s.send(10)
    lab.sleep(0.3)
    s.recv()


@scenario('A forged RST with exactly the next number')
def forged_rst_exact(lab):
    """Only the server gets it. The client sends later and is answered by RST."""
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.forge('client', flags='R', options=b'')
    lab.sleep(0.5)
    s.recv()
    c.send(10)
    lab.sleep(0.3)
    c.recv()


@scenario('Forged RSTs to both sides')
def forged_rst_both(lab):
    """A middle box ends the connection for both sides."""
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.forge('client', flags='R', options=b'')
    lab.wire.forge('server', flags='R', options=b'')
    lab.sleep(0.4)
    s.recv()
    c.recv()


@scenario('A forged RST outside the window')
def forged_rst_outside(lab):
    """Dropped silently."""
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.forge('client', flags='R', options=b'', seq_by=-5000)
    lab.sleep(0.3)
    lab.wire.forge('server', flags='R', options=b'', seq_by=50_000_000)
    lab.sleep(0.3)
    lab.say(s, c)
    c.close()
    lab.sleep(0.2)
    s.close()
    lab.sleep(0.2)


@scenario('A forged RST in the window, server side: challenge ACK')
def forged_rst_in_window(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.forge('client', flags='R', options=b'', seq_by=500)
    lab.sleep(0.3)
    lab.say(s, c)
    c.close()
    lab.sleep(0.2)
    s.close()
    lab.sleep(0.2)


@scenario('A forged SYN in ESTABLISHED: challenge ACK')
def forged_syn_established(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.forge('client', flags='S', options=b'\x02\x04\x05\xb4', seq_by=1000, ack=0)
    lab.sleep(0.3)
    lab.say(s, c)
    c.close()
    lab.sleep(0.2)
    s.close()
    lab.sleep(0.2)


@scenario('Forged data outside the window')
def forged_data_outside(lab):
    """Answered by an ACK, else without effect."""
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.forge('client', flags='PA', seq_by=10_000_000, payload=b'not from here')
    lab.sleep(0.3)
    lab.say(s, c)
    c.close()
    lab.sleep(0.2)
    s.close()
    lab.sleep(0.2)


@scenario('A forged FIN outside the window')
def forged_fin_outside(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.forge('client', flags='FA', seq_by=-3000)
    lab.sleep(0.3)
    lab.say(s, c)
    c.close()
    lab.sleep(0.2)
    s.close()
    lab.sleep(0.2)


@scenario('Old data comes out of the network again')
def old_duplicate_data(lab):
    c, s, _ = lab.open()
    for _ in range(3):
        lab.say(c, s, 100)
        lab.say(s, c, 200)
    lab.wire.replay('client', 0, data=True)
    lab.sleep(0.2)
    lab.wire.replay('server', 1, data=True)
    lab.sleep(0.2)
    c.close()
    lab.sleep(0.2)
    lab.wire.replay('client', 1, data=True)
    lab.sleep(0.2)
    s.close()
    lab.sleep(0.3)


@scenario('An ACK for data never sent')
def forged_ack_unsent(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.forge('client', flags='A', ack_by=5000)
    lab.sleep(0.3)
    lab.say(s, c)
    c.close()
    lab.sleep(0.2)
    s.close()
    lab.sleep(0.2)


@scenario('The server aborts in FIN_WAIT2 of the client')
def server_rst_after_half_close(lab):
    c, s, _ = lab.open()
    c.send(50)
    lab.sleep(0.1)
    s.recv()
    c.shutdown()
    lab.sleep(0.3)
    s.recv()
    s.send(300)
    lab.sleep(0.1)
    s.abort()
    lab.sleep(0.2)
    c.recv()
    c.recv()


@scenario('The port is used again right after an abort')
def port_reuse_after_rst(lab):
    listener = lab.listen()
    for _ in range(3):
        c, s, _ = lab.open(listener=listener)
        lab.say(c, s)
        c.abort()
        lab.sleep(0.06)
        s.recv()


@scenario('Many connections on one listener, ended in many ways')
def many_connections(lab):
    listener = lab.listen(backlog=20)
    pairs = [lab.open(port=40001 + n, listener=listener)[:2] for n in range(8)]
    for n, (c, s) in enumerate(pairs):
        lab.say(c, s, 20 + n)
        if n % 4 == 0:
            c.close()
        elif n % 4 == 1:
            s.close()
        elif n % 4 == 2:
            c.abort()
        else:
            s.abort()
    lab.sleep(0.2)
    for n, (c, s) in enumerate(pairs):
        other = s if n % 2 == 0 else c
        other.recv()
        other.close()
        lab.sleep(0.02)
    lab.sleep(0.3)


@scenario('A data packet and an abort cross')
def abort_crosses_data(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.parallel(c.abort, lambda: s.send(80))
    lab.sleep(0.3)
    s.recv()


@scenario('Abort while data is unacknowledged and lost')
def abort_with_lost_data(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.drop('client', data=True, count=2)
    c.send(500)
    lab.sleep(0.3)
    c.abort()
    lab.sleep(0.3)
    s.recv()


@scenario('IPv6: forged RST in the window, then exact', ipv6=True)
def ipv6_forged_rsts(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.forge('client', flags='R', options=b'', seq_by=300)
    lab.sleep(0.3)
    lab.wire.forge('client', flags='R', options=b'')
    lab.sleep(0.3)
    s.recv()
    c.send(10)
    lab.sleep(0.3)
    c.recv()


@scenario('IPv6: rebooted host', ipv6=True)
def ipv6_rebooted_peer(lab):
    rebooted_peer_gets_data(lab)
