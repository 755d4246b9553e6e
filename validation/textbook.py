"""Textbook figures of finance: their flows, given as the costs of an option, are compared as any option's are."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from costmodel.comparison import OptionCost, Switch, compare, switch
from costmodel.option import Result
from costmodel.tax import MACRS_5_YEAR
from costmodel.units import MONTHS_PER_YEAR, index
from validation.cases import run
from validation.neutral import neutral


def option_of(costs_usd: Sequence[float], rate_per_year: float) -> tuple[OptionCost, OptionCost]:
    """(an option that costs nothing, one with these costs by month, first today), discounted at an effective rate."""
    terms = {"finance.horizon_months": len(costs_usd) - 1, "finance.discount_rate_per_year": rate_per_year}
    comparison = compare(neutral(stay="token_api", move="token_api").vary(terms))
    costs = np.asarray(costs_usd, dtype=float)
    return comparison["stay"], replace(comparison["move"], given=Result({"migration": costs}))


def at_year_ends(flows_usd: Sequence[float]) -> np.ndarray:
    """Yearly flows, first today, by month."""
    months = np.zeros(MONTHS_PER_YEAR * (len(flows_usd) - 1) + 1)
    months[::MONTHS_PER_YEAR] = flows_usd
    return months


def moved(flows_usd: Sequence[float], rate_per_year: float = 0.0) -> Switch:
    """The move from an option that costs nothing to one that brings these monthly flows, first today."""
    return switch(*option_of(-np.asarray(flows_usd, dtype=float), rate_per_year))


def paid_back_years(flows_usd: Sequence[float]) -> float | None:
    """Payback of yearly flows, each year's evenly over its months, as textbooks interpolate."""
    today, *years = flows_usd
    months = moved([today, *np.repeat(years, MONTHS_PER_YEAR) / MONTHS_PER_YEAR]).payback_months
    return None if months is None else months / MONTHS_PER_YEAR


@run
def effective_rate(*, rate_per_year):
    """Yearly rate as an effective monthly one: what a cost of month 1 loses on the way to today."""
    _, later = option_of([0.0, 1.0], rate_per_year)
    return {"rate_per_month": 1 / later.net_present_cost_usd - 1}


@run
def investment(*, flows_usd, rate_per_year=0.0):
    """Worth and payback of yearly flows, first today."""
    discounted = np.asarray(flows_usd) * index(rate_per_year, -MONTHS_PER_YEAR * np.arange(len(flows_usd)))
    return {
        "npv_usd": moved(at_year_ends(flows_usd), rate_per_year).npv_usd,
        "payback_years": paid_back_years(flows_usd),
        "discounted_payback_years": paid_back_years(discounted),
    }


@run
def return_of_a_switch(*, flows_usd):
    """Internal rate of return of these yearly flows."""
    return {"irr_per_year": moved(at_year_ends(flows_usd)).irr_per_year}


@run
def loan(*, amount_usd, rate_per_year, months):
    """Monthly payment of a server leased for its price, in advance; at month ends it bears a month's interest more."""
    scenario = neutral(own="on_prem").vary(
        {
            "finance.horizon_months": months,
            "options.own.acquisition": "lease",
            "options.own.server_price_usd": amount_usd,
            "options.own.lease_rate_per_year": rate_per_year,
            "options.own.refresh_months": months,
        }
    )
    payment = compare(scenario)["own"].lines["lease"][0]
    return {"in_arrears_usd": payment * (1 + rate_per_year / MONTHS_PER_YEAR), "in_advance_usd": payment}


@run
def level_cost(*, costs_usd, rate_per_year):
    """Equivalent annual cost of a machine."""
    _, machine = option_of(at_year_ends(costs_usd), rate_per_year)
    return {"usd_per_year": machine.equivalent_annual_cost_usd}


@run
def tax_shield(*, asset_usd, tax_rate_frac, depreciation):
    """Tax that the depreciation of a server bought today saves in each year, beside nothing else."""
    years = len(MACRS_5_YEAR)
    scenario = neutral(own="on_prem").vary(
        {
            "finance.horizon_months": (years + 1) * MONTHS_PER_YEAR,
            "finance.tax_rate_frac": tax_rate_frac,
            "finance.depreciation": depreciation,
            "options.own.server_price_usd": asset_usd,
        }
    )
    own = compare(scenario)["own"]
    saved = (own.cash_usd - own.after_tax_cash_usd)[1 : years * MONTHS_PER_YEAR + 1]
    by_year = saved.reshape(years, MONTHS_PER_YEAR).sum(axis=1)
    return {f"year_{year}": usd for year, usd in enumerate(by_year, start=1)}
