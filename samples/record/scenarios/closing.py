"""Closing: lost FINs and ACKs, half-close, orphans, simultaneous close."""
import socket
import struct

from .scenario import scenario

TCP_LINGER2, MSG_MORE = 8, 0x8000


def finish(lab, first, second):
    """`first` closes, `second` reads the end and closes."""
    first.close()
    lab.sleep(0.2)
    second.recv()
    lab.sleep(0.05)
    second.close()
    lab.sleep(0.3)


@scenario("The server's FIN is lost once, server closes first")
def server_fin_lost(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.drop('server', has='F', count=1)
    s.close()
    lab.sleep(0.8)
    c.recv()
    c.close()
    lab.sleep(0.4)


@scenario('Both FINs are lost once')
def both_fins_lost(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.drop('client', has='F', count=1)
    lab.wire.drop('server', has='F', count=1)
    c.close()
    lab.sleep(0.8)
    s.recv()
    s.close()
    lab.sleep(0.8)


@scenario('Both FINs are lost twice')
def both_fins_lost_twice(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.drop('client', has='F', count=2)
    lab.wire.drop('server', has='F', count=2)
    c.close()
    lab.sleep(1.4)
    s.recv()
    s.close()
    lab.sleep(1.4)


@scenario('The ACK of the first FIN is lost')
def fin_ack_lost(lab):
    """The closer stays FIN_WAIT1 and repeats its FIN; the other side is CLOSE_WAIT all the time."""
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.drop('server', 'A', count=1)
    c.close()
    lab.sleep(0.9)
    s.recv()
    s.close()
    lab.sleep(0.3)


@scenario('The ACK of the first FIN is lost, the FIN of the other side brings it')
def fin_ack_lost_fin_acks(lab):
    """FIN_WAIT1 straight to TIME_WAIT: the peer's FIN acknowledges ours."""
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.drop('server', 'A', count=1)
    c.close()
    lab.sleep(0.1)
    s.recv()
    s.close()
    lab.sleep(0.5)


@scenario('The last ACK is lost three times')
def last_ack_lost_often(lab):
    """LAST_ACK repeats its FIN into TIME_WAIT, which answers each."""
    c, s, _ = lab.open()
    lab.say(c, s)
    c.close()
    lab.sleep(0.2)
    s.recv()
    lab.wire.drop('client', 'A', count=3)
    s.close()
    lab.sleep(2.6)


@scenario('The last ACK never comes: LAST_ACK gives up', server={'tcp_orphan_retries': 2})
def last_ack_never(lab):
    """Every ACK of the client is lost: the server's socket, an orphan, vanishes silently."""
    c, s, _ = lab.open()
    lab.say(c, s)
    c.close()
    lab.sleep(0.2)
    s.recv()
    lab.wire.drop('client', 'A')
    s.close()
    lab.sleep(3.5)


@scenario('FIN with data, lost once')
def fin_with_data_lost(lab):
    """The last data and the FIN are one segment; it is lost and repeated."""
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.drop('client', has='F', count=1)
    c.call('send', lambda: c.raw.send(b'last words', MSG_MORE), 10)
    c.close()
    lab.sleep(0.8)
    s.recv()
    s.recv()
    s.close()
    lab.sleep(0.3)


@scenario('Data and then FIN: the data is lost, the FIN arrives out of order')
def data_lost_before_fin(lab):
    """The FIN waits in the receiver's queue: the receiver stays ESTABLISHED until the data before it is repeated."""
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.drop('client', data=True, count=1)
    c.send(100)
    lab.sleep(0.01)
    c.close()
    lab.sleep(0.9)
    s.recv()
    s.recv()
    s.close()
    lab.sleep(0.3)


@scenario('Simultaneous close, one FIN lost')
def simultaneous_close_fin_lost(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.drop('client', has='F', count=1)
    lab.parallel(c.close, s.close)
    lab.sleep(0.9)


@scenario('Simultaneous close, both FINs lost')
def simultaneous_close_both_fins_lost(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.drop('client', has='F', count=1)
    lab.wire.drop('server', has='F', count=1)
    lab.parallel(c.close, s.close)
    lab.sleep(0.9)


@scenario('Simultaneous close, one ACK lost')
def simultaneous_close_ack_lost(lab):
    """One side becomes TIME_WAIT, the other stays CLOSING until its repeated FIN is acknowledged."""
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.drop('client', 'A', count=1)
    lab.parallel(c.close, s.close)
    lab.sleep(0.9)


@scenario('Simultaneous close, both ACKs lost')
def simultaneous_close_acks_lost(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.drop('client', 'A', count=1)
    lab.wire.drop('server', 'A', count=1)
    lab.parallel(c.close, s.close)
    lab.sleep(1.2)


def with_small_buffer(sock):
    sock.option(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)


@scenario('close() behind a zero window: the FIN waits in the queue')
def close_behind_zero_window(lab):
    """The client's close() makes it FIN_WAIT1 without a packet: data and FIN wait for the server to read."""
    listener = lab.listen(prepare=with_small_buffer)
    c, s, _ = lab.open(listener=listener)
    c.send(8000)
    lab.sleep(0.6)
    c.close()
    lab.sleep(1.2)
    for _ in range(8):
        if not s.recv(wait=0.5):
            break
        lab.sleep(0.06)
    s.close()
    lab.sleep(0.4)


@scenario('shutdown(WR) behind a zero window, then the server resets')
def shutdown_behind_zero_window_reset(lab):
    listener = lab.listen(prepare=with_small_buffer)
    c, s, _ = lab.open(listener=listener)
    c.send(8000)
    lab.sleep(0.6)
    c.shutdown()
    lab.sleep(0.8)
    s.close()
    lab.sleep(0.3)
    c.recv()


@scenario('Orphaned FIN_WAIT1, the peer is gone', client={'tcp_orphan_retries': 2})
def orphan_fin_wait1_dead_peer(lab):
    """No answer to the FIN. After tcp_orphan_retries the socket vanishes without a packet."""
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.drop()
    c.close()
    lab.sleep(3.5)


@scenario('Orphaned FIN_WAIT1 dies, then the server sends', client={'tcp_orphan_retries': 1})
def orphan_fin_wait1_then_rst(lab):
    """The FINs are lost, the client's socket vanishes; the server, ESTABLISHED all the time, sends and gets RST."""
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.drop('client', has='F')
    c.close()
    lab.sleep(2.2)
    s.send(30)
    lab.sleep(0.3)
    s.recv()


@scenario('Data for an orphaned FIN_WAIT2 before its time-out', client={'tcp_fin_timeout': 5})
def orphan_fin_wait2_data(lab):
    """The client has closed for both directions: data for it is answered by RST."""
    c, s, _ = lab.open()
    lab.say(c, s)
    c.close()
    lab.sleep(1)
    s.recv()
    s.send(40)
    lab.sleep(0.3)
    s.send(5)
    lab.sleep(0.1)


@scenario('FIN_WAIT2 times out, then the FIN comes', client={'tcp_fin_timeout': 2})
def orphan_fin_wait2_timeout_fin(lab):
    """The orphaned FIN_WAIT2 is gone when the server closes: its FIN is answered by RST."""
    c, s, _ = lab.open()
    lab.say(c, s)
    c.close()
    lab.sleep(4.2)
    s.recv()
    s.close()
    lab.sleep(0.3)


@scenario('A held FIN_WAIT2 does not time out', client={'tcp_fin_timeout': 1})
def half_close_long_fin_wait2(lab):
    """shutdown(WR), not close(): the socket has an owner, tcp_fin_timeout does not apply. The server sends 3.5 s later."""
    c, s, _ = lab.open()
    lab.say(c, s)
    c.shutdown()
    lab.sleep(3.5)
    s.recv()
    lab.say(s, c, 500)
    s.close()
    lab.sleep(0.2)
    c.recv()
    c.close()
    lab.sleep(0.2)


@scenario('Half-close, then close(): FIN_WAIT2 becomes an orphan and is reset by late data')
def half_close_then_close(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    c.shutdown()
    lab.sleep(0.3)
    lab.say(s, c, 100)
    c.close()
    lab.sleep(0.2)
    s.send(100)
    lab.sleep(0.2)
    s.recv()


@scenario('TCP_LINGER2 -1: no FIN_WAIT2 after close()')
def linger2_none(lab):
    """The ACK of the FIN ends the socket. The server is CLOSE_WAIT and sends: RST."""
    c, s, _ = lab.open()
    lab.say(c, s)
    c.tcp(TCP_LINGER2, -1)
    c.close()
    lab.sleep(0.4)
    s.recv()
    s.send(10)
    lab.sleep(0.2)
    s.send(10)


@scenario('TCP_LINGER2 -1 in FIN_WAIT2: close() sends RST')
def linger2_none_in_fin_wait2(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    c.tcp(TCP_LINGER2, -1)
    c.shutdown()
    lab.sleep(0.4)
    c.close()
    lab.sleep(0.2)
    s.recv()


@scenario('SO_LINGER 0 in CLOSE_WAIT')
def linger0_in_close_wait(lab):
    """The client has closed; the server aborts instead of closing."""
    c, s, _ = lab.open()
    lab.say(c, s)
    c.close()
    lab.sleep(0.3)
    s.recv()
    s.abort()
    lab.sleep(0.2)


@scenario('SO_LINGER 0 in CLOSE_WAIT, the closer has only half-closed')
def linger0_in_close_wait_held(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    c.shutdown()
    lab.sleep(0.3)
    s.recv()
    s.abort()
    lab.sleep(0.2)
    c.recv()


@scenario('Half-close, then the server closes with unread data: RST')
def half_close_unread_rst(lab):
    """The client sends a request and shutdown(WR); the server closes without reading."""
    c, s, _ = lab.open()
    c.send(200)
    lab.sleep(0.05)
    c.shutdown()
    lab.sleep(0.3)
    s.close()
    lab.sleep(0.2)
    c.recv()


@scenario('Data after the peer closed for good, twice')
def send_after_peer_fin(lab):
    """The first send meets RST, the second EPIPE."""
    c, s, _ = lab.open()
    lab.say(c, s)
    s.close()
    lab.sleep(0.3)
    c.send(10)
    lab.sleep(0.2)
    c.send(10)
    c.recv()
    c.close()


@scenario('Half-close by both, one after the other')
def both_shutdown(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    c.shutdown()
    lab.sleep(0.2)
    lab.say(s, c, 3000)
    s.shutdown()
    lab.sleep(0.2)
    c.recv()
    c.close()
    s.close()
    lab.sleep(0.3)


@scenario('Half-close with loss in the data that still flows')
def half_close_data_loss(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    c.shutdown()
    lab.sleep(0.2)
    lab.wire.drop('server', data=True, skip=1, count=2)
    for _ in range(3):
        s.send(2500)
        lab.sleep(0.02)
    lab.sleep(0.9)
    c.recv()
    s.close()
    lab.sleep(0.2)
    c.close()
    lab.sleep(0.2)


@scenario('Close at once after connect')
def close_at_once(lab):
    """The client closes right after connect(): handshake and FIN follow each other."""
    listener = lab.listen()
    c = lab.socket().connect(80)
    c.close()
    lab.sleep(0.2)
    s = listener.accept()
    s.recv()
    s.close()
    lab.sleep(0.3)


@scenario('Final ACK lost, the client closes at once')
def final_ack_lost_then_fin(lab):
    """The server is SYN_RECV; the FIN completes the handshake and ends it."""
    listener = lab.listen()
    lab.wire.drop('client', 'A', count=1)
    c = lab.socket().connect(80)
    lab.sleep(0.3)
    c.close()
    lab.sleep(0.3)
    s = listener.accept()
    s.recv()
    s.close()
    lab.sleep(0.3)


@scenario('Final ACK lost, the client aborts')
def final_ack_lost_then_rst(lab):
    """The server is SYN_RECV; the RST removes its request socket."""
    listener = lab.listen()
    lab.wire.drop('client', 'A', count=1)
    c = lab.socket().connect(80)
    lab.sleep(0.3)
    c.abort()
    lab.sleep(0.3)


@scenario('close() with SO_LINGER 1 s and loss')
def linger_one_second(lab):
    """close() waits for the FIN's acknowledgement; the FIN is lost once."""
    c, s, _ = lab.open()
    c.option(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 2))
    lab.say(c, s)
    lab.wire.drop('client', has='F', count=1)
    finish(lab, c, s)


@scenario('IPv6: both FINs are lost', ipv6=True)
def ipv6_both_fins_lost(lab):
    both_fins_lost(lab)


@scenario('IPv6: simultaneous close', ipv6=True)
def ipv6_simultaneous_close(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.parallel(c.close, s.close)
    lab.sleep(0.4)


@scenario('IPv6: data for an orphaned FIN_WAIT2', ipv6=True)
def ipv6_orphan_fin_wait2_data(lab):
    orphan_fin_wait2_data(lab)
