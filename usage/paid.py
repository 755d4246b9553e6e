"""What whole months used and cost, by kind of token: to be held against a plan."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import fsum

from usage.bill import Bill
from usage.list_prices import KINDS, less_batch, price_of, tokens
from usage.reading import Reading
from usage.row import added
from usage.tally import Cell, Key
from usage.totals import month_of
from usage.workload import is_usage, whole_months


@dataclass(frozen=True)
class PaidMonth:
    """One whole month, as 2026-10: requests, models, tokens by kind, USD of them at list price, and what was billed.

    List prices are those of the days of use, less the discount on batch; of a model without one they have nothing.
    None is what no file says.
    """

    month: str
    requests: float | None
    models: tuple[str, ...]
    tokens: Mapping[str, float]
    list_usd: Mapping[str, float]
    billed_usd: float | None


def paid(reading: Reading, met: Bill, keep: Callable[[Key], bool] = lambda _: True) -> tuple[PaidMonth, ...]:
    """Every whole month of usage, the earliest first, with its bill where that is of all of the month too."""
    used = [cell for cell in reading.cells if keep(cell.key) and cell.key.start and is_usage(cell)]
    billed = {month.month: month.billed_usd for month in met.months if month.is_whole and not month.uncovered}
    return tuple(
        _month(month, [cell for cell in used if month_of(cell) == month], billed.get(month))
        for month in whole_months(reading, used, is_usage)
    )


def _month(month: str, cells: Iterable[Cell], billed_usd: float | None) -> PaidMonth:
    cells = list(cells)
    counts, costs = [tokens(cell) for cell in cells], [less_batch(c, price) for c in cells if (price := price_of(c))]
    return PaidMonth(
        month,
        added(*(cell.requests for cell in cells)),
        tuple(sorted({price.model if (price := price_of(c)) else c.key.model or "" for c in cells})),
        {kind: fsum(getattr(count, kind) for count in counts) for kind in KINDS},
        {kind: fsum(cost[kind] for cost in costs) for kind in KINDS},
        billed_usd,
    )
