"""The budget: what each option takes in every fiscal year, as it is paid and as it is booked."""

from collections.abc import Sequence

import numpy as np

from costmodel.comparison import Comparison, OptionCost
from costmodel.scenario import Scenario
from pricing.dates import MONTHS, day
from reports.words import after_tax
from reports.words.briefing import Table
from reports.words.dates import fiscal_year, month_end
from reports.words.text import usd

PAID, BOOKED = "paid", "booked"
MOST_YEARS = 10  # columns of a slide or a page


def booked(cost: OptionCost, name: str) -> np.ndarray:
    """One cost line as finance books it, USD by month."""
    return np.broadcast_to(cost.booked_usd(name), shape(cost))


def paid(cost: OptionCost, name: str) -> np.ndarray:
    """One cost line as it is paid, USD by month."""
    return np.broadcast_to(cost.lines[name], shape(cost))


def shape(cost: OptionCost) -> tuple[int, ...]:
    """(T+1,): today and every month of the horizon."""
    return (cost.task.scenario.finance.horizon_months + 1,)


def by_year(cost: OptionCost) -> dict[int, tuple[float, float]]:
    """Fiscal year -> (cash, accrual) of one option, USD."""
    scenario = cost.task.scenario
    years = np.array([fiscal_year(scenario, column) for column in range(scenario.finance.horizon_months + 1)])
    cash, accrued = (sum(amounts(cost, name) for name in cost.line_totals()) for amounts in (paid, booked))
    return {int(year): (float((cash * (years == year)).sum()), float((accrued * (years == year)).sum()))
            for year in np.unique(years)}  # fmt: skip


def cash(comparison: Comparison, slugs: Sequence[str]) -> Table:
    """What is paid for some options in each fiscal year and in all: for the brief."""
    years = [*by_year(comparison[comparison.ranking[0]])]
    rows = [
        (comparison[slug].label, *(usd(paid) for paid, _ in by_year(comparison[slug]).values()),
         usd(comparison[slug].tco_usd))
        for slug in slugs
    ]  # fmt: skip
    found = after_tax.amounts(comparison)
    taxed = f" {after_tax.headline(comparison, found)}." if comparison.scenario.finance.tax_rate_frac else ""
    columns = ("Paid, nominal", *(f"FY {year}" for year in years), "In all")
    note = f"{named_after(comparison.scenario)} What is sold at the end is taken off its year.{taxed}"
    return Table(_dearest(comparison), columns, rows, note.strip())


def named_after(scenario: Scenario) -> str:
    """What a fiscal year is, where it is no calendar year."""
    first = scenario.finance.fiscal_year_first_month
    return f"A fiscal year begins in {MONTHS[first - 1]} and has the name of the year in which it ends." * (first > 1)


def _dearest(comparison: Comparison) -> str:
    best, found = comparison[comparison.ranking[0]], by_year(comparison[comparison.ranking[0]])
    dearest = max(found, key=lambda year: found[year][0])
    return f"{best.label}: {usd(found[dearest][0])} to be paid in fiscal year {dearest}, the most of any"


def budget(comparison: Comparison) -> Table:
    """Two rows for each option, cash and accrual, with a column for each fiscal year."""
    rows = []
    for slug in comparison.ranking:
        cost, found = comparison[slug], by_year(comparison[slug])
        for i, how in enumerate((PAID, BOOKED)):
            rows.append((cost.label, how, *(usd(amounts[i]) for amounts in found.values())))
    found = by_year(comparison[comparison.ranking[0]])
    eve = month_end(comparison.scenario, 0)
    dated = (
        f"What is paid before month 1 is dated {day(eve)}; what is sold at the end is taken off what is paid, what is "
        "left in the books is not booked."
    )
    note = " ".join(filter(None, ("Nominal.", named_after(comparison.scenario), dated)))
    return Table(_dearest(comparison), ("Option", "Amounts", *(f"FY {year}" for year in found)), rows, note)
