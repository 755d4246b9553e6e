"""Which path of rented prices a scenario assumes, and what options would cost without it."""

from costmodel.comparison import Comparison, compare
from costmodel.scenario import Scenario
from costmodel.token_prices import NEVER_YEAR, announced_month
from costmodel.traits import PriceDecline


def declines(scenario: Scenario) -> dict[str, PriceDecline]:
    """Slug -> the yearly fall or rise of an option's prices, 0 included; without options whose prices have no path."""
    return {slug: fall for slug, option in scenario.options.items() if (fall := option.price_decline())}


def at_prices_that_stay(comparison: Comparison) -> Comparison:
    """All options at prices that stay as they are listed."""
    scenario = comparison.scenario
    flat = {f"options.{slug}.{fall.field}": 0.0 for slug, fall in declines(scenario).items() if fall.per_year}
    return scenario.once("prices that stay", lambda: compare(scenario.vary(flat), comparison))


def announced(comparison: Comparison) -> dict[str, int]:
    """Slug -> month of the horizon in which announced prices begin, of options whose prices change after the start."""
    last = comparison.scenario.finance.horizon_months
    months = {
        slug: announced_month(cost.task)
        for slug, cost in comparison.costs.items()
        if cost.option.has_announced_prices()
    }
    return {slug: month for slug, month in months.items() if 1 < month <= last}


def without_announced(comparison: Comparison) -> Comparison:
    """All options without these changes."""
    scenario = comparison.scenario
    never = {f"options.{slug}.announced.from_year": NEVER_YEAR for slug in announced(comparison)}
    return scenario.once("nothing announced", lambda: compare(scenario.vary(never), comparison))
