"""What can happen to a packet on the wire: the rules, and the fate that one packet had."""
from dataclasses import dataclass

OTHER = {'client': 'server', 'server': 'client'}


@dataclass
class Fate:
    """One packet. `sent`: n-th frame out of the sender's interface, None if the wire made it. Times are None where it never came."""

    sender: str
    frame: bytes
    sent: int | None = None
    middle: float | None = None
    due: float | None = None
    arrived: int | None = None
    forged: bool = False
    copy: bool = False
    nominal: float | None = None    # when a lost packet would have arrived

    @property
    def receiver(self):
        return OTHER[self.sender]


@dataclass
class Rule:
    """What happens to the packets of `sender` that match. `skip`: so many matching ones pass first; `count`: so many are hit at most."""

    action: str                     # drop | delay | double | icmp
    sender: str | None = None
    flags: str | None = None        # exactly these
    has: str = ''                   # at least these
    data: bool | None = None        # with or without payload
    port: int | None = None         # of either end
    skip: int = 0
    count: int = 10**9
    chance: float = 1.0
    by: float = 0.05                # seconds, for delay and double
    before: bool = False            # before the middle capture
    icmp: tuple = (3, 1, 0)         # type, code, MTU
    number: int = 0

    def hits(self, sender, seg, dice):
        if self.sender not in (None, sender) or self.flags not in (None, seg.flags) or not set(self.has) <= set(seg.flags):
            return False
        if self.data is not None and self.data != bool(seg.payload) or self.port not in (None, seg.sport, seg.dport):
            return False
        if self.chance < 1 and dice.random() >= self.chance:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        self.count -= 1
        return self.count >= 0
