"""Textbook figures of finance, through the functions of the engine that the comparison itself uses."""

from dataclasses import replace

import numpy as np

from costmodel.comparison import compare, switch
from costmodel.finance import equivalent_annual_cost, monthly_rate, npv, payback
from costmodel.option import Result
from costmodel.options.on_prem import lease_payment
from costmodel.tax import MACRS_5_YEAR
from costmodel.units import MONTHS_PER_YEAR, index
from validation.cases import run
from validation.neutral import neutral


@run
def effective_rate(*, rate_per_year):
    """Yearly rate as an effective monthly one."""
    return {"rate_per_month": monthly_rate(rate_per_year)}


@run
def investment(*, flows_usd, rate_per_year=0.0):
    """Worth and payback of yearly flows, first today."""
    flows = np.asarray(flows_usd, dtype=float)
    discounted = flows * index(rate_per_year, -MONTHS_PER_YEAR * np.arange(flows.size))
    return {
        "npv_usd": npv(rate_per_year, flows),
        "payback_years": payback(flows),
        "discounted_payback_years": payback(discounted),
    }


@run
def return_of_a_switch(*, flows_usd):
    """Internal rate of return of moving from an option that costs nothing to one with these yearly flows."""
    flows = np.asarray(flows_usd, dtype=float)
    months = MONTHS_PER_YEAR * (flows.size - 1)
    comparison = compare(neutral(stay="token_api", move="token_api").vary({"finance.horizon_months": months}))
    costs = np.zeros(months + 1)
    costs[::MONTHS_PER_YEAR] = -flows
    move = replace(comparison["move"], given=Result({"migration": costs}))
    return {"irr_per_year": switch(comparison["stay"], move).irr_per_year}


@run
def loan(*, amount_usd, rate_per_year, months):
    """Monthly payment of a loan, at month ends and in advance."""
    costs = np.zeros(months + 1)
    costs[0] = amount_usd
    return {
        "in_arrears_usd": equivalent_annual_cost(rate_per_year / MONTHS_PER_YEAR, costs),  # periods are months here
        "in_advance_usd": amount_usd * lease_payment(rate_per_year, months),
    }


@run
def level_cost(*, costs_usd, rate_per_year):
    """Equivalent annual cost of a machine."""
    return {"usd_per_year": equivalent_annual_cost(rate_per_year, np.asarray(costs_usd, dtype=float))}


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
