"""Two hosts and a wire, each a network namespace: client <-> wire <-> server.

No name, address or neighbour discovery runs: everything is static, so that only the scenario's packets are on the wire.
"""
import contextlib
import ctypes
import fcntl
import os
import socket
import struct
import subprocess

CLONE_NEWNET = 0x40000000
OFFLOADS_OFF = (0x15, 0x17, 0x19, 0x1F, 0x24, 0x2C)  # ETHTOOL_SRXCSUM STXCSUM SSG STSO SGSO SGRO
SIOCETHTOOL = 0x8946
MAC = {'client': '02:00:00:00:00:01', 'server': '02:00:00:00:00:02'}
libc = ctypes.CDLL(None, use_errno=True)


def run(*words):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


def sysctl(name, value=None):
    path = '/proc/sys/' + name.replace('.', '/')
    if value is None:
        with open(path) as f:
            return f.read().strip()
    with open(path, 'w') as f:
        f.write(str(value))


@contextlib.contextmanager
def inside(namespace):
    """This thread works in `namespace` meanwhile. A socket stays where it was made."""
    home = os.open('/proc/thread-self/ns/net', os.O_RDONLY)
    there = os.open(f'/run/netns/{namespace}', os.O_RDONLY)
    try:
        enter(there)
        yield
    finally:
        enter(home)
        os.close(home)
        os.close(there)


def enter(fd):
    if libc.setns(fd, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), 'setns')


def offloads(device, on):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        for command in OFFLOADS_OFF:
            buffer = ctypes.create_string_buffer(struct.pack('II', command, on))
            request = struct.pack('16sP', device.encode(), ctypes.addressof(buffer)) + bytes(16)
            with contextlib.suppress(OSError):
                fcntl.ioctl(s, SIOCETHTOOL, request)


class Hosts:
    def __init__(self, client, server, sysctls):
        mark = os.getpid()
        self.names = {h: f'both{h[0]}{mark}' for h in ('client', 'server', 'wire')}
        self.addresses = {'client': client, 'server': server}
        self.sysctls = sysctls
        self.version = 6 if ':' in client else 4
        self.before = {}

    def __enter__(self):
        # A small hash table per namespace keeps a look at all its sockets short; the arrival time is taken when TCP gets the packet.
        for name, value in (('net.ipv4.tcp_child_ehash_entries', 64), ('net.core.netdev_tstamp_prequeue', 0)):
            self.before[name] = sysctl(name)
            sysctl(name, value)
        for namespace in self.names.values():
            run('ip', 'netns', 'add', namespace)
            with inside(namespace):
                sysctl('net.ipv6.conf.default.accept_dad', 0)
                sysctl('net.ipv6.conf.default.router_solicitations', 0)
        for host, peer in (('client', 'server'), ('server', 'client')):
            self.plug(host, peer)
        for host, values in self.sysctls.items():
            with inside(self.names[host]):
                for name, value in values.items():
                    sysctl(name, value)
        return self

    def plug(self, host, peer):
        here, wire = self.names[host], self.names['wire']
        run('ip', 'link', 'add', 'eth0', 'netns', here, 'type', 'veth', 'peer', 'name', host, 'netns', wire)
        for namespace, device in ((here, 'eth0'), (wire, host)):
            with inside(namespace):
                offloads(device, 0)
        run('ip', '-n', here, 'link', 'set', 'eth0', 'address', MAC[host])
        run('ip', '-n', here, 'link', 'set', 'eth0', 'up')
        run('ip', '-n', wire, 'link', 'set', host, 'up')
        bits = '/32' if self.version == 4 else '/128'
        run('ip', '-n', here, 'link', 'set', 'lo', 'up')
        run('ip', '-n', here, 'addr', 'add', self.addresses[host] + bits, 'dev', 'eth0', *(['nodad'] if self.version == 6 else []))
        # Whatever is not local goes to the wire.
        gateway = '203.0.113.1' if self.version == 4 else 'fe80::1'
        run('ip', '-n', here, 'neigh', 'add', gateway, 'lladdr', MAC[peer], 'nud', 'permanent', 'dev', 'eth0')
        run('ip', '-n', here, f'-{self.version}', 'route', 'add', 'default', 'via', gateway, 'dev', 'eth0', 'onlink')

    def __exit__(self, *_):
        for namespace in self.names.values():
            subprocess.run(['ip', 'netns', 'del', namespace], check=False)
        for name, value in self.before.items():
            sysctl(name, value)
