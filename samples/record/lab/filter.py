"""A packet filter on a host (nf_tables, spoken over netlink): it drops arriving TCP after the place where a capture sees it."""
import contextlib
import socket
import struct

from .frames import FLAG_BITS
from .hosts import inside

NETLINK_NETFILTER, NFNL_NFTABLES, BATCH_BEGIN, BATCH_END = 12, 10, 16, 17
NEW_TABLE, DELETE_TABLE, NEW_CHAIN, NEW_RULE = 0, 2, 3, 6
CREATE, APPEND = 0x400, 0x800
INET_V4, NETWORK_HEADER, TRANSPORT_HEADER = 2, 1, 2


def attribute(kind, data, nested=False):
    return struct.pack('=HH', 4 + len(data), kind | (0x8000 if nested else 0)) + data + bytes(-len(data) % 4)


def number(n):
    return struct.pack('!I', n)


def text(s):
    return s.encode() + b'\0'


def message(kind, flags, sequence, family, resource, body):
    body = struct.pack('=BBH', family, 0, socket.htons(resource)) + body
    return struct.pack('=IHHII', 16 + len(body), kind, flags, sequence, 0) + body


def expression(name, data):
    return attribute(1, attribute(1, text(name)) + attribute(2, data, True), True)


def load(base, offset, length):
    return expression('payload', b''.join(attribute(i + 1, number(n)) for i, n in enumerate((1, base, offset, length))))


def equals(value):
    return expression('cmp', attribute(1, number(1)) + attribute(2, number(0)) + attribute(3, attribute(1, value), True))


def mask(value):
    data = attribute(1, number(1)) + attribute(2, number(1)) + attribute(3, number(len(value)))
    return expression('bitwise', data + attribute(4, attribute(1, value), True) + attribute(5, attribute(1, bytes(len(value))), True))


def verdict_drop():
    return expression('immediate', attribute(1, number(0)) + attribute(2, attribute(2, attribute(1, number(0)), True), True))


def commit(messages):
    """One transaction; OSError if the kernel refuses any part of it."""
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER) as s:
        s.bind((0, 0))
        out = message(BATCH_BEGIN, 1, 0, 0, NFNL_NFTABLES, b'')
        for i, (kind, flags, body) in enumerate(messages):
            out += message(NFNL_NFTABLES << 8 | kind, 1 | 4 | flags, i + 1, INET_V4, 0, body)
        s.send(out + message(BATCH_END, 1, 99, 0, NFNL_NFTABLES, b''))
        for _ in messages:
            error = -struct.unpack_from('=i', s.recv(4096), 16)[0]
            if error:
                raise OSError(error, 'nf_tables')


@contextlib.contextmanager
def dropping(lab, host, flags=None, look_at='SFRA'):
    """Meanwhile `host` drops arriving TCP segments, all or those with exactly `flags` among `look_at`."""
    wanted = []
    if flags is not None:
        bits = [bytes([sum(FLAG_BITS[f] for f in letters)]) for letters in (look_at, flags)]
        wanted = [load(TRANSPORT_HEADER, 13, 1), mask(bits[0]), equals(bits[1])]
    rule = load(NETWORK_HEADER, 9, 1) + equals(b'\x06') + b''.join(wanted) + verdict_drop()
    hook = attribute(1, number(1)) + attribute(2, number(0))
    with inside(lab.hosts.names[host]):
        commit([
            (NEW_TABLE, CREATE, attribute(1, text('lab'))),
            (NEW_CHAIN, CREATE, attribute(1, text('lab')) + attribute(3, text('in')) + attribute(4, hook, True) + attribute(7, text('filter'))),
            (NEW_RULE, CREATE | APPEND, attribute(1, text('lab')) + attribute(2, text('in')) + attribute(4, rule, True)),
        ])
    yield
    with inside(lab.hosts.names[host]):
        commit([(DELETE_TABLE, 0, attribute(1, text('lab')))])
