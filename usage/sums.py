"""Rows that are the sum of others, as people and tools write them below or between: proved by their numbers."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import isclose

from usage.row import MEASURES, Row, added

NAMED = re.compile(
    r"(?:(?:grand|sub|overall)[- ]?)?totals?(?: général)?|sum|(?:gesamt)?summe|gesamt|insgesamt|totaal|totale|всего"
    r"|итого|合計|总计|總計",
    re.IGNORECASE,
)
REQUESTS, COST = MEASURES.index("requests"), MEASURES.index("cost")
COUNTED = (REQUESTS, MEASURES.index("input_tokens"), MEASURES.index("output_tokens"))
ROUNDED, ROUNDED_FRAC = 0.005, 0.01  # of a cost that is shown with two decimals


@lru_cache(maxsize=1_000)
def is_named(name: str | None) -> bool:
    """Whether a name says that its row is a sum."""
    return bool(name and NAMED.fullmatch(name.strip(" :*")))


def may_be(row: Row) -> bool:
    """Whether a row may be a sum: it says no time, or is called one."""
    return row.start is None or is_named(row.model)


def is_sum(row: Row, others: Iterable[Sequence[float | None]]) -> bool:
    """Whether what a row counts and costs is the sum of the measures of others.

    A row that is a single request by itself says nothing of requests.
    """
    sums = [added(*values) for values in zip(*others, strict=True)] or [None] * len(MEASURES)
    mine = row.measures()
    mine[REQUESTS] = None if mine[REQUESTS] == 1 else mine[REQUESTS]
    known = [place for place in (*COUNTED, COST) if mine[place]]
    return bool(known) and all(
        sums[place] is not None
        and isclose(mine[place], sums[place], rel_tol=ROUNDED_FRAC if place == COST else 1e-9)
        and (place != COST or abs(mine[place] - sums[place]) <= max(ROUNDED, 1e-9 * abs(sums[place])))
        for place in known
    )
