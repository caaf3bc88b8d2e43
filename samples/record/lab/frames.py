"""Ethernet frames with IP and TCP or ICMP: read them, build them, write them to a pcap file."""
import socket
import struct
from dataclasses import dataclass

ADDRESSED = bytes(12)  # the wire fills in both Ethernet addresses
FLAG_BITS = {'F': 1, 'S': 2, 'R': 4, 'P': 8, 'A': 16, 'U': 32, 'E': 64, 'C': 128}
FLAG_ORDER = 'SFRPAUEC'
ICMP_ERRORS = {4: (3, 11, 12), 6: (1, 2, 3, 4)}


@dataclass(frozen=True)
class Segment:
    """What the lab needs to know of one frame. `icmp` is (type, code) and then the ports are None."""

    version: int
    src: str
    dst: str
    sport: int | None = None
    dport: int | None = None
    flags: str = ''
    seq: int = 0
    ack: int = 0
    window: int = 0
    options: bytes = b''
    payload: bytes = b''
    icmp: tuple | None = None

    @property
    def source(self):
        return endpoint(self.src, self.sport)

    @property
    def destination(self):
        return endpoint(self.dst, self.dport)

    @property
    def length(self):
        """Octets of sequence space."""
        return len(self.payload) + ('S' in self.flags) + ('F' in self.flags)


def endpoint(address, port):
    if port is None:
        return address
    return f'[{address}]:{port}' if ':' in address else f'{address}:{port}'


def dissect(frame):
    """A Segment, or None for anything that is neither TCP nor an ICMP error."""
    kind = frame[12:14]
    if kind == b'\x08\x00':
        ip = frame[14:]
        header, total, protocol = (ip[0] & 15) * 4, struct.unpack('!H', ip[2:4])[0], ip[9]
        src, dst = socket.inet_ntop(socket.AF_INET, ip[12:16]), socket.inet_ntop(socket.AF_INET, ip[16:20])
        body, version, icmp = ip[header:total], 4, 1
    elif kind == b'\x86\xdd':
        ip = frame[14:]
        protocol, total = ip[6], 40 + struct.unpack('!H', ip[4:6])[0]
        src, dst = socket.inet_ntop(socket.AF_INET6, ip[8:24]), socket.inet_ntop(socket.AF_INET6, ip[24:40])
        body, version, icmp = ip[40:total], 6, 58
    else:
        return None
    if protocol == icmp and body[0] in ICMP_ERRORS[version]:
        return Segment(version, src, dst, icmp=(body[0], body[1]))
    if protocol != 6:
        return None
    sport, dport, seq, ack, offset, bits, window = struct.unpack('!HHIIBBH', body[:16])
    header = (offset >> 4) * 4
    flags = ''.join(f for f in FLAG_ORDER if bits & FLAG_BITS[f])
    return Segment(version, src, dst, sport, dport, flags, seq, ack, window, body[20:header], body[header:])


def checksum(data):
    if len(data) % 2:
        data += b'\0'
    total = sum(struct.unpack(f'!{len(data) // 2}H', data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def ip_frame(version, src, dst, protocol, body, ttl=64):
    if version == 4:
        head = struct.pack('!BBHHHBBH', 0x45, 0, 20 + len(body), 0, 0x4000, ttl, protocol, 0)
        addresses = socket.inet_pton(socket.AF_INET, src) + socket.inet_pton(socket.AF_INET, dst)
        head = head[:10] + struct.pack('!H', checksum(head + addresses)) + addresses
        return ADDRESSED + b'\x08\x00' + head + body
    head = struct.pack('!IHBB', 0x60000000, len(body), protocol, ttl)
    return ADDRESSED + b'\x86\xdd' + head + socket.inet_pton(socket.AF_INET6, src) + socket.inet_pton(socket.AF_INET6, dst) + body


def pseudo(version, src, dst, protocol, body):
    family = socket.AF_INET if version == 4 else socket.AF_INET6
    tail = struct.pack('!BBH', 0, protocol, len(body)) if version == 4 else struct.pack('!IHBB', len(body), 0, 0, protocol)
    return socket.inet_pton(family, src) + socket.inet_pton(family, dst) + tail


def build(s):
    """The frame of a Segment, checksums right."""
    bits = sum(FLAG_BITS[f] for f in s.flags)
    offset = (20 + len(s.options)) // 4 << 4
    tcp = struct.pack('!HHIIBBHHH', s.sport, s.dport, s.seq % 2**32, s.ack % 2**32, offset, bits, s.window, 0, 0) + s.options + s.payload
    tcp = tcp[:16] + struct.pack('!H', checksum(pseudo(s.version, s.src, s.dst, 6, tcp) + tcp)) + tcp[18:]
    return ip_frame(s.version, s.src, s.dst, 6, tcp)


def icmp_error(router, frame, kind, code, extra=0):
    """The ICMP error that `router` would send about `frame`. `extra`: the next hop's MTU, or 0."""
    seg = dissect(frame)
    protocol = 1 if seg.version == 4 else 58
    body = struct.pack('!BBHI', kind, code, 0, extra) + frame[14:14 + (548 if seg.version == 4 else 1200)]
    sums = body if seg.version == 4 else pseudo(6, router, seg.src, 58, body) + body
    body = body[:2] + struct.pack('!H', checksum(sums)) + body[4:]
    return ip_frame(seg.version, router, seg.src, protocol, body)


def write_pcap(path, records):
    """`records`: (seconds since the epoch, frame). Classic pcap, microseconds, Ethernet."""
    with open(path, 'wb') as f:
        f.write(struct.pack('<IHHiIII', 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for ts, frame in records:
            micros = round(ts * 1e6)
            f.write(struct.pack('<IIII', micros // 10**6, micros % 10**6, len(frame), len(frame)) + frame)
