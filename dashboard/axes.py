"""Axes of figures as a reader writes numbers: amounts, shares, months."""

import math

import numpy as np

from costmodel.scenario import Scenario
from reports.words.dates import month_step, short_month
from reports.words.money import symbol
from reports.words.text import percent, round_figure

COUNTS = {"exponentformat": "B", "minexponent": 3, "separatethousands": True}
SHARE_STEPS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
MOST_STEPS = 6
# ISO 3, series R 20: round numbers in steps of about 12 %
PREFERRED = (1.0, 1.12, 1.25, 1.4, 1.6, 1.8, 2.0, 2.24, 2.5, 2.8,
             3.15, 3.55, 4.0, 4.5, 5.0, 5.6, 6.3, 7.1, 8.0, 9.0, 10.0)  # fmt: skip


def price_axis() -> dict:
    """An axis of small amounts of money, from nothing on."""
    return {"tickprefix": symbol(), "rangemode": "tozero", "hoverformat": ".3f"}


def powers_of_ten(low: float, high: float, sign: str = "") -> dict:
    """A log axis of values from `low` to `high`, labelled at each power of ten alike: 100, 1k, 10k."""
    ticks = 10.0 ** np.arange(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    return {**COUNTS, "type": "log", "tickvals": ticks, "ticktext": [f"{sign}{round_figure(tick)}" for tick in ticks]}


def money_axis() -> dict:
    """An axis of amounts in the currency shown; `$` in a format of plotly's is that currency's sign."""
    return {**COUNTS, "tickprefix": symbol(), "hoverformat": "$,.0f"}


def axis_ends(low: float, high: float) -> tuple[float, float]:
    """The ends of an axis for values from `low` to `high`: nothing, or the preferred number next beyond.

    An axis so stays as it is while a lever moves its values a little, and only they are drawn again.
    """
    return -_preferred(-low) if low < 0 else 0.0, _preferred(high) if high > 0 else 0.0 if low < 0 else 1.0


def _preferred(value: float) -> float:
    decade = 10.0 ** math.floor(math.log10(value))
    return next(number for number in PREFERRED if number * decade >= value * (1 - 1e-12)) * decade


def share_axis(low: float = 0.0, high: float = 1.0) -> dict:
    """An axis of shares between two, in the percent of our words."""
    fitting = (step for step in SHARE_STEPS if (high - low) / step <= MOST_STEPS)
    step = next(fitting, (high - low) / MOST_STEPS)
    ticks = step * np.arange(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    return {"tickvals": ticks, "ticktext": [percent(tick) for tick in ticks], "hoverformat": ".1%"}


def month_axis(scenario: Scenario, title: str) -> dict:
    """An axis of numbered months that names those it marks by the calendar."""
    last = scenario.finance.horizon_months
    marked = range(0, last + 1, month_step(last))
    return {
        **({"title": {"text": title}} if title else {}),
        "tickvals": list(marked),
        "ticktext": [short_month(scenario, month) for month in marked],
    }
