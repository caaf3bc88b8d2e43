"""Two things at once: data in flight when a side closes, half-open ends that find out, hand-shakes that fail late."""
from lab.filter import dropping

from .scenario import scenario


@scenario('The client closes while data for it is in flight: RST in FIN_WAIT1')
def close_with_data_in_flight(lab):
    """The data reaches an orphan that has not yet got the ACK of its FIN: RST."""
    c, s, _ = lab.open()
    lab.say(c, s)
    s.send(500)
    c.close()
    lab.sleep(0.4)
    s.recv()


@scenario('The server sends and closes, the client closes before it arrives')
def close_with_data_and_fin_in_flight(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    s.send(500)
    lab.sleep(0.01)
    s.close()
    c.close()
    lab.sleep(0.5)


@scenario('The server closes at once with data on its way: RST')
def server_closes_data_on_its_way(lab):
    """accept() and close() without reading; the request comes after the FIN has left."""
    listener = lab.listen()
    c = lab.socket().connect(80)
    lab.parallel(lambda: (lab.sleep(0.055), c.send(200)), lambda: (listener.accept(), lab.sleep(0.045), lab.socks[-1].close()))
    lab.sleep(0.4)
    c.recv()
    c.recv()


@scenario('The server closes with the request unread: RST at once')
def server_closes_unread(lab):
    listener = lab.listen()
    c = lab.socket().connect(80)
    c.send(200)
    lab.sleep(0.2)
    s = listener.accept()
    s.close()
    lab.sleep(0.2)
    c.recv()


@scenario('The request is read in part, then close(): RST')
def server_closes_partly_read(lab):
    c, s, _ = lab.open()
    c.send(3000)
    lab.sleep(0.2)
    s.recv(1000)
    s.send(100)
    lab.sleep(0.1)
    s.close()
    lab.sleep(0.2)
    c.recv()
    c.recv()


@scenario('Unread data when the client closes in CLOSE_WAIT: RST')
def close_wait_unread(lab):
    """The server has sent and closed; the client closes without reading."""
    c, s, _ = lab.open()
    s.send(300)
    lab.sleep(0.05)
    s.close()
    lab.sleep(0.4)
    c.close()
    lab.sleep(0.3)


@scenario('No SYN+ACK gets through: both give up', client={'tcp_syn_retries': 2, 'tcp_syn_linear_timeouts': 0}, server={'tcp_synack_retries': 1})
def handshake_fails_both(lab):
    lab.listen()
    lab.wire.drop('server')
    lab.socket().connect(80)
    lab.sleep(0.5)


@scenario('No final ACK gets through, data neither, then all is well')
def final_ack_and_data_lost(lab):
    """The handshake is completed by the third copy of the data."""
    listener = lab.listen()
    rule = lab.wire.drop('client', has='A')
    c = lab.socket().connect(80)
    lab.sleep(0.1)
    c.send(60)
    lab.sleep(0.6)
    lab.wire.heal(rule)
    s = listener.accept(3)
    lab.sleep(0.1)
    s.recv()
    lab.say(s, c)
    s.close()
    lab.sleep(0.2)
    c.close()
    lab.sleep(0.3)


@scenario('Final ACK lost, data in several segments arrives')
def final_ack_lost_much_data(lab):
    listener = lab.listen()
    lab.wire.drop('client', 'A', data=False, count=1)
    c = lab.socket().connect(80)
    c.send(5000)
    s = listener.accept()
    lab.sleep(0.3)
    s.recv()
    s.close()
    lab.sleep(0.2)
    c.close()
    lab.sleep(0.3)


@scenario('The server gives up in SYN_RECV, the client closes', server={'tcp_synack_retries': 1})
def half_open_client_closes(lab):
    """The FIN of the client that thinks itself ESTABLISHED is answered by RST."""
    lab.listen()
    rule = lab.wire.drop('client', 'A')
    c = lab.socket().connect(80)
    lab.sleep(4.5)
    lab.wire.heal(rule)
    c.close()
    lab.sleep(0.3)


@scenario('The server gives up in SYN_RECV, the client aborts', server={'tcp_synack_retries': 1})
def half_open_client_aborts(lab):
    lab.listen()
    lab.wire.drop('client', 'A')
    c = lab.socket().connect(80)
    lab.sleep(4.5)
    c.abort()
    lab.sleep(0.3)


@scenario('A packet filter hides the server: no data gets in', client={'tcp_retries2': 3})
def filter_drops_data_forever(lab):
    """Every capture shows the data arrive; the server's TCP never sees it. ETIMEDOUT."""
    c, s, _ = lab.open()
    lab.say(c, s)
    with dropping(lab, 'server'):
        c.send(100)
        lab.sleep(4.5)
        c.recv()
    s.send(10)
    lab.sleep(0.3)
    s.recv()


@scenario('A packet filter at the client drops the SYN+ACK')
def filter_drops_synack(lab):
    listener = lab.listen()
    with dropping(lab, 'client', 'SA'):
        c = lab.socket().connect(80, background=True)
        lab.sleep(1.5)
    s = listener.accept(3)
    lab.sleep(0.1)
    lab.say(c, s)
    c.close()
    lab.sleep(0.2)
    s.close()
    lab.sleep(0.3)


@scenario('A packet filter at the server drops the last ACK')
def filter_drops_last_ack(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    c.close()
    lab.sleep(0.2)
    s.recv()
    with dropping(lab, 'server', 'A'):
        s.close()
        lab.sleep(0.9)
    lab.sleep(0.9)


@scenario('Simultaneous close with data on both sides')
def simultaneous_close_with_data(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    c.raw.setsockopt(6, 3, 1)
    s.raw.setsockopt(6, 3, 1)
    c.send(100)
    s.send(100)
    lab.parallel(c.shutdown, s.shutdown)
    lab.sleep(0.5)
    c.recv()
    s.recv()
    c.close()
    s.close()
    lab.sleep(0.2)


@scenario('Simultaneous shutdown, one side aborts in CLOSING')
def simultaneous_shutdown_abort(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.wire.drop('server', 'A')
    lab.parallel(c.shutdown, s.shutdown)
    lab.sleep(0.15)
    c.abort()
    lab.sleep(0.4)


@scenario('Both abort at the same time')
def both_abort(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.parallel(c.abort, s.abort)
    lab.sleep(0.3)


@scenario('FIN and RST cross')
def fin_and_rst_cross(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.parallel(c.close, s.abort)
    lab.sleep(0.3)


@scenario('A RST for the SYN+ACK is lost')
def synack_rst_lost(lab):
    """The application gave up; its kernel's RST for the late SYN+ACK is lost; the next one gets through."""
    lab.listen()
    rule = lab.wire.delay('server', 'SA', by=0.4, count=1)
    lab.wire.drop('client', 'R', count=1)
    c = lab.socket()
    c.raw.setblocking(False)
    c.connect(80)
    lab.sleep(0.2)
    c.close()
    lab.wire.heal(rule)
    lab.sleep(1.8)


@scenario('Data after a silent minute, in short: the server has closed and its FIN was lost for good', server={'tcp_orphan_retries': 1})
def lost_fin_found_out_late(lab):
    """The server's FINs are lost and its orphan vanishes. The client is ESTABLISHED all the time; its next data is answered by RST."""
    c, s, _ = lab.open()
    lab.say(c, s)
    rule = lab.wire.drop('server')
    s.close()
    lab.sleep(2.2)
    lab.wire.heal(rule)
    c.send(30)
    lab.sleep(0.3)
    c.recv()
