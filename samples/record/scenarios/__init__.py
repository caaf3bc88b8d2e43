"""All scenarios by name. A scenario is a function of the lab, with its facts in the decorator."""
from . import chance, closing, diagnoses, known, network, opening, partial, races, resets, timewait
from .scenario import SCENARIOS

__all__ = ['SCENARIOS', 'chance', 'closing', 'diagnoses', 'known', 'network', 'opening', 'partial', 'races', 'resets', 'timewait']
