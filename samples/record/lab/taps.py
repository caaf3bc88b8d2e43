"""A capture at a host's interface: what tcpdump would see, with the kernel's own time stamps."""
import socket
import struct
from dataclasses import dataclass

from .frames import dissect
from .hosts import inside

ETH_P_ALL = 3
SO_RCVBUFFORCE = 33
SO_TIMESTAMPNS = 35
OUTGOING = 4


def packet_socket(device, size=1 << 26):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    s.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, size)
    s.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    s.bind((device, ETH_P_ALL))
    s.setblocking(False)
    return s


def receive(s):
    """(time, frame, outgoing) or None when nothing waits."""
    try:
        frame, ancillary, _, address = s.recvmsg(65536, 64)
    except BlockingIOError:
        return None
    seconds, nanos = struct.unpack('qq', next(d for level, kind, d in ancillary if kind == SO_TIMESTAMPNS)[:16])
    return seconds + nanos / 1e9, frame, address[2] == OUTGOING


@dataclass
class Seen:
    ts: float
    frame: bytes
    outgoing: bool


class Tap:
    """The kernel keeps the frames in the socket's buffer until the end of the recording."""

    def __init__(self, namespace):
        with inside(namespace):
            self.socket = packet_socket('eth0')

    def drain(self):
        frames = []
        while got := receive(self.socket):
            if dissect(got[1]):
                frames.append(Seen(*got))
        self.socket.close()
        return frames
