"""What is said of prices to come: announced changes, the path after them, and whether either decides."""

import re

import numpy as np
import pytest

from answers.price_path import at_prices_that_stay, declines
from costmodel.comparison import compare
from costmodel.scenario import with_option
from pricing.presets import preset, presets
from pricing.selectors import new_option
from reports.words.order import leaders
from reports.words.price_path import _without, announced_change, assumed, leaders_there, price_path
from tests.as_typed import as_typed

FALL = "price_decline_per_year"


def apis(**falls):
    """Two options by the token: Gemini 3.8 Flash, which gets dearer in January 2027, and one that is dearer today."""
    scenario = preset("assistant").scenario
    for slug, (provider, model) in {"gemini": ("google", "gemini-3.8-flash"), "other": ("openai", "gpt-5.4")}.items():
        option = new_option("token_api", slug.title(), {"provider": provider, "model": model})
        scenario = with_option(scenario, slug, option)
    rest = {slug: option for slug, option in scenario.options.items() if slug in ("gemini", "other")}
    scenario = scenario.vary({}, options=rest)
    as_dear = {f"options.other.prices.{kind}_usd_per_mtok": usd for kind, usd in (("input", 1.2), ("output", 6.0))}
    return scenario.vary({**as_dear, **{f"options.{slug}.{FALL}": fall for slug, fall in falls.items()}})


LARGE = {"workload.requests_per_month": 1e8, "workload.start_year": 2026, "workload.start_month": 11}


def test_an_announced_change_that_decides_says_who_would_be_cheapest_without_it():
    told = announced_change(compare(apis(gemini=0.0, other=0.0).vary(LARGE)))
    assert "Gemini: from month 3 (January 2027) on $1.50 and $7.50" in told
    assert "instead of $0.75 and $3.75" in told
    assert "Without that the cheapest would be Gemini" in told


@pytest.mark.parametrize("start", [(2027, 1), (2029, 6)])
def test_a_change_that_holds_from_the_start_is_the_price(start):
    year, month = start
    scenario = apis().vary({"workload.start_year": year, "workload.start_month": month})
    assert announced_change(compare(scenario)) == ""


def test_the_path_is_told_with_what_it_would_be_without_it():
    assert price_path(compare(apis(gemini=0.0, other=0.0))) == "Rented prices are taken to stay as they are listed."
    told = price_path(compare(apis(gemini=0.25, other=0.25)))
    assert told.startswith("Assumed: token prices fall by 25 % a year. At prices that stay as they are")
    falling = apis(gemini=0.0, other=0.5).vary(LARGE)
    assert price_path(compare(falling)).startswith("Assumed: prices of Other fall by 50 % a year.")
    rising = price_path(compare(apis(gemini=-0.2, other=-0.2)))
    assert "token prices rise by 20 % a year" in rising


@pytest.mark.parametrize(("rate", "counted"), [(0.085, "discounted at 8.5 % a year"), (0.0, "undiscounted")])
def test_one_line_says_all_that_the_answer_assumes(rate, counted):
    growing = {"workload.growth_per_year": 0.25, "finance.horizon_months": 60, "finance.discount_rate_per_year": rate}
    falling, staying = (compare(apis(gemini=fall, other=fall).vary(growing)) for fall in (0.25, 0.0))
    what, path = assumed(falling).split(". ")[0].split("; ")
    assert "requests in an average month, growing 25 % a year, 5 years from " in as_typed(what)
    assert as_typed(what).endswith(f" on, {counted}")
    assert as_typed(path) == "token prices fall by 25 % a year"
    assert assumed(staying).endswith("; rented prices stay as they are listed.")


def test_options_that_cannot_be_told_apart_are_not_both_the_cheapest():
    comparison = compare(apis(gemini=0.25, other=0.25).vary({"options.gemini.announced.from_year": 2100}))
    alike = {f"options.other.prices.{name}": getattr(comparison.scenario.options["gemini"].prices, name)
             for name in ("input_usd_per_mtok", "cache_read_usd_per_mtok", "output_usd_per_mtok")}  # fmt: skip
    found = compare(comparison.scenario.vary({**alike, "options.other.token_ratio": 1.0}))
    told = _without(comparison, found, leaders(found), "At prices that stay as they are")
    assert re.fullmatch(r"At prices that stay as they are .* and .* would be too close to call\.", told)


def test_a_path_that_decides_says_who_would_be_cheapest_at_prices_that_stay():
    dearer_now = apis(gemini=0.0, other=0.5).vary({**LARGE, "options.gemini.announced.from_year": 2100})
    comparison = compare(dearer_now)
    assert comparison.ranking[0] == "other"
    assert "At prices that stay as they are the cheapest would be Gemini" in price_path(comparison)


@pytest.mark.parametrize("slug", presets())
def test_who_leads_at_prices_that_stay_needs_no_look_at_who_cannot(slug):
    scenario, rng = preset(slug).scenario, np.random.default_rng(7)
    for _ in range(6):
        moves = {
            f"options.{name}.{fall.field}": float(rng.uniform(0, 0.6)) for name, fall in declines(scenario).items()
        }
        varied = scenario.vary({**moves, "workload.requests_per_month": float(10 ** rng.uniform(4, 8))})
        here, there = compare(varied), compare(varied.vary(dict.fromkeys(moves, 0.0)))
        assert leaders_there(here, at_prices_that_stay(here)) == leaders(there)
        for name, cost in here.costs.items():
            assert float(there[name].net_present_cost_usd) >= float(cost.net_present_cost_usd) - 1e-6
