"""Growth and season from sums of whole months; parts of a month, which would look like a fall, are never in them."""

import math
from calendar import monthrange
from collections.abc import Mapping
from statistics import fmean, linear_regression

FEWEST_MONTHS, YEAR = 3, 12
FASTEST = math.log(1000)  # a thousandfold a year or a thousandth: beyond, the months are no trend
Months = Mapping[int, float]  # number of a month since year 0 -> its sum


def number(month: str) -> int:
    """2026-10 as months since year 0."""
    year, of_year = month.split("-")
    return int(year) * YEAR + int(of_year) - 1


def growth_per_year(months: Months) -> float | None:
    """Effective growth a year; None with fewer than three months or one without traffic.

    With months a year apart it is the mean of their ratios, in which no season is; else the slope of the logarithm of
    what a day of each month had.
    """
    if len(months) < FEWEST_MONTHS or min(months.values()) <= 0:
        return None
    a_year_apart = [math.log(value / months[at - YEAR]) for at, value in months.items() if at - YEAR in months]
    if a_year_apart:
        return _yearly(fmean(a_year_apart))
    slope = linear_regression(list(months), [math.log(value / _days(at)) for at, value in months.items()]).slope
    return _yearly(slope * YEAR)


def _yearly(log_ratio: float) -> float:
    return math.exp(min(max(log_ratio, -FASTEST), FASTEST)) - 1


def season(months: Months, growth: float) -> list[float] | None:
    """Traffic of January to December relative to an average month, growth taken out; None without all twelve."""
    by_month: dict[int, list[float]] = {}
    for at, value in months.items():
        by_month.setdefault(at % YEAR, []).append(value / (1 + growth) ** (at / YEAR - min(months) / YEAR))
    if len(by_month) < YEAR:
        return None
    usual = [fmean(by_month[month]) for month in range(YEAR)]
    return [value / fmean(usual) for value in usual]


def _days(at: int) -> int:
    return monthrange(at // YEAR, at % YEAR + 1)[1]
