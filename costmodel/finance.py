"""Cash flows to the figures that finance asks for."""

from collections.abc import Iterable
from functools import reduce
from operator import add
from typing import Any

import numpy as np

from costmodel.arrays import Array, Value
from costmodel.cohorts import in_service, shifted
from costmodel.demand import month
from costmodel.lines import LINES
from costmodel.option import Result
from costmodel.quantity import quantity
from costmodel.scenario import Scenario
from costmodel.units import ROUNDING_TOLERANCE, index


def summed(arrays: Iterable[Any]) -> Array:
    """`arrays`, which may have different leading shapes, added up; what is the same in all runs first, once."""
    return reduce(add, sorted(arrays, key=np.size))


def usage_cost(result: Result) -> Array:
    """USD by month of the lines that are paid by use."""
    return summed(value for name, value in result.lines.items() if LINES[name].usage)


def accrual(name: str, cash: Array, option: Any) -> Array:
    """Cost of each month as finance books it: purchases in equal parts over their life, other lines for their month.

    Credits at the end are not booked: they are the proceeds against what is left in the books. So over the horizon
    accrual + what is left - proceeds = cash.
    """
    known = LINES[name]
    if known.nature == "end_credit":
        return 0 * cash
    if known.in_advance:
        return shifted(cash, 1)
    if known.spread_over is None:
        return cash
    life = getattr(option, known.spread_over)
    return in_service(from_use(name, cash, option), 1, life) / life


def from_use(name: str, cash: Array, option: Any) -> Array:
    """Cash of a purchase, moved to the column after which what was bought is in use. Shape (..., T+1)."""
    known = LINES[name]
    return shifted(cash, getattr(option, known.starts_after)) if known.starts_after else cash


@quantity("ratio", "Discount factors")
def discount_factors(scenario: Scenario) -> Value:
    """Worth today of 1 USD paid at each column, at the effective monthly rate. Shape (..., T+1)."""
    return index(scenario.finance.discount_rate_per_year, -month(scenario))


@quantity("ratio", "Discount factors of running costs")
def running_discount_factors(scenario: Scenario) -> Value:
    """Discount factors for running costs: those of the month's end, or of its start when they are paid then.

    What is paid in advance is paid on the day of its column whatever the setting.
    """
    if scenario.finance.running_costs_at == "month_end":
        return discount_factors(scenario)
    return index(scenario.finance.discount_rate_per_year, -np.maximum(month(scenario) - 1, 0))


def last_crossing(balance: Array) -> Array:
    """Month after which a balance stays above zero: 0 when it always is, not a number when it ends below.

    Interpolates between month ends. The tolerance is a billionth of the largest balance.
    """
    noise = np.abs(balance).max(axis=-1, keepdims=True) * ROUNDING_TOLERANCE
    columns = np.arange(balance.shape[-1])
    below = balance < -noise
    last_below = np.where(below, columns, -1).max(axis=-1, keepdims=True)
    before = np.take_along_axis(balance, np.maximum(last_below, 0), axis=-1)
    after = np.take_along_axis(balance, np.minimum(last_below + 1, columns[-1]), axis=-1)
    step = np.where(after == before, 1, after - before)
    position = np.where(last_below < 0, 0, np.where(last_below == columns[-1], np.nan, last_below - before / step))
    return position[..., 0]


def annuity_factor(rate_per_year: Value, years: Value) -> Array:
    """Present value of 1 a year, paid at the end of each of so many years, which need not be whole."""
    safe = np.where(rate_per_year == 0, 1.0, rate_per_year)
    return np.where(rate_per_year == 0, years, (1 - (1 + safe) ** -years) / safe)
