"""A quantity is a pure function that returns one named thing of a subject (a scenario or a task).

Marking a function once gives the engine its memo and the method page its entry.
"""

from collections.abc import Callable
from functools import wraps

import numpy as np

from costmodel.units import UNITS

QUANTITIES: dict[str, Callable] = {}


def is_off(amount) -> bool:
    """Whether `amount` is the plain number 0, so that what is multiplied by it need not be worked out.

    An amount that is drawn or recorded is never off, whatever its values: its equations stand as they are.
    """
    return isinstance(amount, int | float) and amount == 0


def quantity(unit: str, label: str):
    """Mark a function of one subject as a quantity in `unit`, computed once for each subject and read-only."""
    if unit not in UNITS:
        raise ValueError(f"quantity unit {unit!r} is not in units.UNITS")

    def mark(function):
        name = function.__name__

        @wraps(function)
        def known(subject):
            memo = subject.memo
            if name not in memo:
                value = function(subject)
                if isinstance(value, np.ndarray):
                    value.flags.writeable = False
                memo[name] = value
            return memo[name]

        known.unit, known.label = unit, label
        if name in QUANTITIES:
            raise ValueError(f"two quantities are named {name!r}")
        QUANTITIES[name] = known
        return known

    return mark
