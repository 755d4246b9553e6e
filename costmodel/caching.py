"""Values that are worked out when they are first asked for, by whichever thread."""

import functools
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, TypeVar

T = TypeVar("T")


class cached_property(functools.cached_property[T]):  # noqa: TID251
    """That of functools, without its lock: threads that ask for a value at the same time may each work it out.

    Until Python 3.12 one lock is that of all objects of a class, and held while the value is worked out: a thread that
    asks for two values waits for ever for one that asks for them in another order, of whatever object.
    """

    def __init__(self, func: Callable[[Any], T]) -> None:
        super().__init__(func)
        self.lock = nullcontext()
