"""What a finding is about, where no other scenario shows it: races, idle paths, scans, piles."""
from .scenario import scenario


@scenario('A request crosses the FIN of a server that closes its idle connection')
def keep_alive_race(lab):
    """The server's idle time is over just when the client uses the connection again."""
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.sleep(1.5)
    lab.parallel(lambda: (lab.sleep(0.01), c.send(200)), lambda: s.close())
    lab.sleep(0.5)
    c.recv()
    c.recv()


@scenario('An idle connection that a device on the way has forgotten', client={'tcp_retries2': 4})
def idle_dropped(lab):
    """Twelve seconds idle do no harm, forty-five do."""
    c, s, _ = lab.open()
    lab.say(c, s)
    lab.sleep(12)
    lab.say(c, s)
    lab.sleep(44)
    lab.wire.drop()
    lab.sleep(1)
    c.send(200)
    lab.sleep(6)


@scenario('FIN_WAIT2 runs out, with the default of a minute; later data meets no socket')
def fin_wait_2_for_a_minute(lab):
    """close() on one side only. The other sends when the kernel has dropped the orphan by tcp_fin_timeout."""
    c, s, _ = lab.open()
    lab.say(c, s)
    c.close()
    lab.sleep(64)
    s.recv()
    s.send(8)
    lab.sleep(0.3)


@scenario('CLOSE_WAIT for long, while another connection works')
def close_wait_for_long(lab):
    listener = lab.listen(backlog=8)
    leaked = lab.socket().connect(80)
    leak = listener.accept()
    other = lab.socket(port=40002).connect(80)
    work = listener.accept()
    lab.say(leaked, leak)
    leaked.close()
    for _ in range(7):
        lab.say(other, work)
        lab.sleep(1.1)
    other.close()
    lab.sleep(0.2)
    work.recv()
    work.close()
    lab.sleep(0.2)


@scenario('A port scan: one open port, the others closed')
def port_scan(lab):
    listener = lab.listen(backlog=8)
    for port in range(70, 90):
        c = lab.socket(port=40000 + port).connect(port)
        lab.sleep(0.03)
        if port == 80:
            listener.accept().close()
        c.close()
        lab.sleep(0.03)
    lab.sleep(0.3)


@scenario('Twelve short connections leave TIME_WAIT at the client')
def short_connections(lab):
    listener = lab.listen(backlog=16)
    for n in range(12):
        c = lab.socket(port=40001 + n).connect(80)
        s = listener.accept()
        lab.say(c, s)
        c.close()
        lab.sleep(0.15)
        s.recv()
        s.close()
        lab.sleep(0.15)
