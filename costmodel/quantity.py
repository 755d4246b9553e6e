"""A quantity is a pure function that returns one named thing of a subject (a scenario or a task).

Marking a function once gives the engine its memo and the method page its entry; `remembered` gives the memo alone.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

import numpy as np

from costmodel.arrays import Value
from costmodel.units import UNITS


class Subject(Protocol):
    """What quantities are of: it keeps those that are known by name."""

    @property
    def memo(self) -> dict[str, Any]:
        """Quantities that are known of it, by name."""


S = TypeVar("S", bound=Subject, contravariant=True)
V = TypeVar("V", covariant=True)


class Quantity(Protocol[S, V]):
    """A function of one subject that knows its unit and what readers call it."""

    __name__: str
    unit: str
    label: str

    def __call__(self, subject: S, /) -> V:
        """The quantity of the subject."""


QUANTITIES: dict[str, Quantity[Any, Any]] = {}


def is_off(amount: Value, off: float = 0) -> bool:
    """Whether `amount` is the plain number that switches off what hangs on it, so that it need not be worked out.

    An amount that is drawn or recorded is never off, whatever its values: its equations stand as they are.
    """
    return isinstance(amount, int | float) and amount == off


def remembered(function: Callable[[S], V]) -> Callable[[S], V]:
    """`function`, worked out once for each subject, under its name, and read-only."""
    name = function.__name__

    @wraps(function)
    def recalled(subject: S) -> V:
        memo = subject.memo
        known: V = memo.get(name, memo)  # itself where there is none: looked for once, as it may be forgotten meanwhile
        if known is not memo:
            return known
        value = function(subject)
        if isinstance(value, np.ndarray):
            value.flags.writeable = False
        memo[name] = value
        return value

    return recalled


def quantity(unit: str, label: str) -> Callable[[Callable[[S], V]], Quantity[S, V]]:
    """Mark a function of one subject as a quantity in `unit`, computed once for each subject and read-only."""
    if unit not in UNITS:
        raise ValueError(f"quantity unit {unit!r} is not in units.UNITS")

    def mark(function: Callable[[S], V]) -> Quantity[S, V]:
        name, known = function.__name__, cast(Quantity[S, V], remembered(function))
        known.unit, known.label = unit, label
        if name in QUANTITIES:
            raise ValueError(f"two quantities are named {name!r}")
        QUANTITIES[name] = known
        return known

    return mark
