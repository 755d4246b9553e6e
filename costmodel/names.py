"""Names that nothing else has yet."""

from collections.abc import Callable, Container
from itertools import chain, count


def first_free(wanted: str, numbered: Callable[[int], str], taken: Container[str]) -> str:
    """`wanted`, or with the least number from 2 on that makes it one that is not taken."""
    return next(name for name in chain([wanted], map(numbered, count(2))) if name not in taken)
