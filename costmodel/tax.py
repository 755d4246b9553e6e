"""Taxes on profit: which part of each line lowers the profit of which month. A view beside the cash, no part of it."""

from collections.abc import Sequence
from typing import Any

from costmodel.arrays import Array
from costmodel.cohorts import in_service, shifted
from costmodel.demand import month
from costmodel.finance import accrual, from_use
from costmodel.lines import LINES
from costmodel.scenario import Scenario
from costmodel.units import MONTHS_PER_YEAR

MACRS_5_YEAR = (0.20, 0.32, 0.192, 0.1152, 0.1152, 0.0576)  # IRS Publication 946, table A-1: half-year convention
FIRST_YEAR = (1.0,)  # section 168(k) of the US tax code, or section 179: the whole price in the year of first use
SCHEDULES = {"macrs_5_year": MACRS_5_YEAR, "first_year": FIRST_YEAR}


def deductions(name: str, cash: Array, terms: Any, scenario: Scenario) -> Array:
    """What of one line is deducted from the taxable profit of each month, USD; over the horizon all of it. (..., T+1)

    Running costs count when they are paid and credits when they are received. Prepaid terms count in equal parts over
    their time, assets by their schedule of depreciation; what is not yet written off counts in the month in which the
    asset retires or, at the end of the horizon, is sold: together with the proceeds that is the gain or loss of the
    disposal.
    `terms` is the record that holds the line's life.
    Assumes that tax years begin with the first use of an asset, that each twelfth of a year's tax is saved in its
    month, and that other profits are large enough; losses that must wait for profits are worth less.
    """
    line = LINES[name]
    if line.spread_over is None:
        return cash
    if line.prepaid or scenario.finance.depreciation == "straight_line":
        regular = accrual(name, cash, terms)
    else:
        regular = _by_schedule(
            from_use(name, cash, terms), SCHEDULES[scenario.finance.depreciation], getattr(terms, line.spread_over)
        )
    at_end = month(scenario) == scenario.finance.horizon_months
    return regular + at_end * (cash.sum(axis=-1, keepdims=True) - regular.sum(axis=-1, keepdims=True))


def _by_schedule(bought: Array, fracs: Sequence[float], life: int) -> Array:
    """Yearly shares of what was `bought`, in twelfths from the month after, and the rest once its life is over."""
    used = [min(max(life - MONTHS_PER_YEAR * year, 0), MONTHS_PER_YEAR) for year in range(len(fracs))]
    rest = 1 - sum(frac * months / MONTHS_PER_YEAR for frac, months in zip(fracs, used, strict=True))
    written_off = rest * shifted(bought, life + 1)
    for year, (frac, months) in enumerate(zip(fracs, used, strict=True)):
        before = MONTHS_PER_YEAR * year
        written_off = written_off + frac / MONTHS_PER_YEAR * in_service(bought, before + 1, before + months)
    return written_off
