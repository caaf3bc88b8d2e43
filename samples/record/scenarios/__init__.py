"""All scenarios by name. A scenario is a function of the lab, with its facts in the decorator."""
from . import closing, known, network, opening, partial, resets, timewait
from .scenario import SCENARIOS

__all__ = ['SCENARIOS', 'closing', 'known', 'network', 'opening', 'partial', 'resets', 'timewait']
