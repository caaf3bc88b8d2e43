"""The applications' sockets. Every call is written down with its time and its errno."""
import errno
import select
import socket
import threading
import time

from .frames import endpoint
from .hosts import inside


class Sock:
    def __init__(self, lab, host, raw=None, local=None, peer=None):
        self.lab, self.host, self.local, self.peer = lab, host, local, peer
        if raw is None:
            with inside(lab.hosts.names[host]):
                raw = socket.socket(socket.AF_INET6 if lab.hosts.version == 6 else socket.AF_INET)
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.raw = raw
        lab.socks.append(self)  # else Python would close a socket that the scenario forgets

    def call(self, name, work, detail=None):
        entry = {'host': self.host, 'call': name, 'ts': time.time(), 'errno': None, 'local': self.local, 'peer': self.peer}
        if detail is not None:
            entry['detail'] = detail
        self.lab.calls.append(entry)
        try:
            result = work()
        except OSError as e:
            entry['errno'] = errno.errorcode.get(e.errno, str(e))
            result = None
        entry['endTs'] = time.time()
        if name == 'recv' and result is not None:
            entry['result'] = len(result) or 'EOF'
        elif name == 'send' and result is not None:
            entry['result'] = result
        return result

    def option(self, level, name, value):
        self.raw.setsockopt(level, name, value)
        return self

    def tcp(self, name, value):
        return self.option(socket.IPPROTO_TCP, name, value)

    def bind(self, port):
        address = self.lab.hosts.addresses[self.host]
        self.raw.bind((address, port))
        self.local = endpoint(address, port)
        return self

    def listen(self, backlog):
        self.call('listen', lambda: self.raw.listen(backlog))
        return self

    def connect(self, port, background=False, data=None):
        """`data`: TCP Fast Open. `background`: return at once and let the connection form."""
        address = self.lab.hosts.addresses['server' if self.host == 'client' else 'client']
        self.peer = endpoint(address, port)

        def work():
            if data is None:
                return self.raw.connect((address, port))
            return self.raw.sendto(data, socket.MSG_FASTOPEN, (address, port))

        if background:
            threading.Thread(target=self.call, args=('connect', work), daemon=True).start()
            time.sleep(0.005)
        else:
            self.call('connect', work)
        return self

    def connect_and_give_up(self, port, after):
        """An application with its own time limit: it closes the socket while the kernel still tries."""
        self.raw.setblocking(False)
        self.connect(port)
        time.sleep(after)
        self.close()

    def accept(self, wait=2.0):
        if not self.ready(wait):
            return None
        raw, address = self.call('accept', self.raw.accept)
        raw.setblocking(True)
        return Sock(self.lab, self.host, raw, self.local, endpoint(*address[:2]))

    def ready(self, wait):
        watch = select.poll()
        watch.register(self.raw, select.POLLIN)
        return bool(watch.poll(wait * 1000))

    def send(self, size=10):
        """An int: so many octets. Never blocks: what the send buffer does not take is not sent."""
        data = size if isinstance(size, bytes) else (b'0123456789abcdef' * (size // 16 + 1))[:size]
        return self.call('send', lambda: self.raw.send(data, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL), len(data))

    def recv(self, size=65536, wait=2.0):
        self.ready(wait)
        return self.call('recv', lambda: self.raw.recv(size, socket.MSG_DONTWAIT))

    def shutdown(self):
        self.call('shutdown', lambda: self.raw.shutdown(socket.SHUT_WR), 'SHUT_WR')

    def close(self):
        self.call('close', self.raw.close)

    def abort(self):
        """SO_LINGER 0: close() sends RST."""
        self.option(socket.SOL_SOCKET, socket.SO_LINGER, b'\1\0\0\0\0\0\0\0')
        self.close()

    def vanish(self):
        """TCP_REPAIR: the socket is gone without a packet, as after a crash and reboot of its host."""
        self.tcp(19, 1)
        self.call('vanish', self.raw.close)
