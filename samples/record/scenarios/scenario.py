"""How a scenario is declared."""
from dataclasses import dataclass, field
from typing import Callable

SCENARIOS = {}


@dataclass
class Scenario:
    run: Callable                                   # (lab)
    title: str
    description: str
    notes: str = ''
    sysctls: dict = field(default_factory=dict)     # host -> {name: value}
    ipv6: bool = False
    trim: Callable = lambda view, rows: rows        # what the capture keeps of the rows (time, packet)


def scenario(title, client=None, server=None, **facts):
    """The function's name, with hyphens, is the scenario's; its docstring the description. `client`, `server`: sysctls, without net.ipv4."""
    def declare(run):
        sysctls = {h: {f'net.ipv4.{k}': v for k, v in values.items()} for h, values in (('client', client), ('server', server)) if values}
        name = run.__name__.replace('_', '-')
        SCENARIOS[name] = Scenario(run, title, ' '.join((run.__doc__ or title).split()), sysctls=sysctls, **facts)
        return run
    return declare
