"""Well-known situations, to compare this recorder with others."""
from .scenario import scenario


@scenario('Normal close, client first')
def normal_client_close(lab):
    c, s, _ = lab.open()
    lab.say(c, s, 12)
    lab.say(s, c, 12)
    c.close()
    lab.sleep(0.2)
    s.recv()
    lab.sleep(0.05)
    s.close()
    lab.sleep(0.3)


@scenario('Half-open: the client is ESTABLISHED, the server gives up', server={'tcp_synack_retries': 2})
def half_open_server_gives_up(lab):
    """Every ACK of the client is lost. The server gives up; the client's data is answered by RST."""
    lab.listen(5432)
    lab.wire.drop('client', 'A')
    c = lab.socket().connect(5432)
    lab.sleep(7.6)
    lab.wire.heal()
    c.send(14)
    lab.sleep(0.3)
    c.recv()


@scenario('A new SYN is accepted in TIME_WAIT')
def time_wait_port_reuse(lab):
    listener = lab.listen(80)
    for _ in range(2):
        c, s, _ = lab.open(listener=listener)
        lab.say(c, s)
        s.close()
        lab.sleep(0.2)
        c.recv()
        lab.sleep(0.05)
        c.close()
        lab.sleep(1.5)


@scenario('Simultaneous close')
def simultaneous_close(lab):
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.say(s, c)
    lab.parallel(c.close, s.close)
    lab.sleep(0.3)
