"""Every price has its own yearly change: it moves its own lines from month 1 on, by compounding, and no other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.comparison import compare
from tests.neutral import neutral_option, neutral_scenario
from tests.strategies import scenarios

KINDS = ("token_api", "cloud_gpu", "on_prem")
TOKENS = ("input_tokens", "cache_reads", "cache_writes", "cache_storage", "output_tokens")
RUNNING = {  # yearly change -> (option, lines that it moves); a decline counts downwards
    "options.token_api.price_decline_per_year": ("token_api", TOKENS),
    "options.token_api.transfer.price_change_per_year": ("token_api", ("transfer",)),
    "options.cloud_gpu.price_decline_per_year": ("cloud_gpu", ("gpu_hours",)),
    "options.cloud_gpu.transfer.price_change_per_year": ("cloud_gpu", ("transfer",)),
    "options.on_prem.maintenance_price_change_per_year": ("on_prem", ("maintenance",)),
    "options.on_prem.licence_price_change_per_year": ("on_prem", ("licences",)),
    "options.on_prem.colocation_price_change_per_year": ("on_prem", ("colocation",)),
    "energy.electricity_price_change_per_year": ("on_prem", ("energy",)),
    "people.wage_growth_per_year": ("on_prem", ("staff", "controls")),
}
BOUGHT = {  # yearly change -> lines of purchases, which see the price of their own column
    "options.on_prem.server_price_change_per_year": ("servers", "network_and_storage"),
    "people.wage_growth_per_year": ("installation",),
}
PLAIN = {  # so that nothing but the price itself moves with its change
    "options.cloud_gpu.billing": "autoscaled",
    "options.on_prem.acquisition": "buy",
    "options.token_api.provisioned.units": 0.0,
    "options.token_api.announced.from_year": 2100,
    "options.token_api.commitment.usd_per_year": 0.0,
    **{f"options.{kind}.support.minimum_usd_per_month": 0.0 for kind in ("cloud_gpu",)},
}


def at(scenario, path, change):
    """Costs of all options at a yearly change of a price."""
    return compare(scenario.vary({path: change}))


def direction(path):
    """-1 for a fall of prices, which is entered as a positive number."""
    return -1 if path.endswith("decline_per_year") else 1


@pytest.mark.parametrize("path", RUNNING)
@given(scenario=scenarios(KINDS), change=st.floats(-0.2, 0.5))
def test_a_yearly_change_compounds_from_month_one_on(path, scenario, change):
    slug, moved = RUNNING[path]
    scenario = scenario.vary(PLAIN)
    steady, changed = at(scenario, path, 0.0), at(scenario, path, change)
    months = np.arange(scenario.finance.horizon_months + 1)
    factor = (1 + direction(path) * change) ** (np.maximum(months - 1, 0) / 12)
    for name in moved:
        np.testing.assert_allclose(changed[slug].lines[name], steady[slug].lines[name] * factor, rtol=1e-9)


def test_a_yearly_change_of_token_prices_begins_after_the_last_that_is_known():
    """Announced for month 5: list until then, twice as much from then on, and falling from there."""
    api = neutral_option("token_api", prices__input_usd_per_mtok=1, announced__input_usd_per_mtok=2)
    change = {"options.api.announced.from_year": 2027, "options.api.announced.from_month": 5}
    scenario = neutral_scenario({"api": api}, workload__start_year=2027, workload__start_month=1)
    falling = scenario.vary({**change, "options.api.price_decline_per_year": 0.5})
    tokens = compare(scenario)["api"].lines["input_tokens"]
    months = np.arange(1, 13)
    expected = np.where(months < 5, 1, 2 * 0.5 ** (np.maximum(months - 5, 0) / 12))
    np.testing.assert_allclose(compare(falling)["api"].lines["input_tokens"][1:], tokens[1:] * expected)


@pytest.mark.parametrize("path", BOUGHT)
@given(scenario=scenarios(("on_prem",)), change=st.floats(-0.2, 0.5))
def test_a_purchase_sees_the_price_of_the_day_of_its_order(path, scenario, change):
    scenario = scenario.vary({"options.on_prem.acquisition": "buy"})
    steady, changed = at(scenario, path, 0.0)["on_prem"], at(scenario, path, change)["on_prem"]
    factor = (1 + change) ** (np.arange(scenario.finance.horizon_months + 1) / 12)
    for name in BOUGHT[path]:
        np.testing.assert_allclose(changed.lines[name], steady.lines[name] * factor, rtol=1e-9)


@pytest.mark.parametrize("path", [path for path in RUNNING if path.startswith("options.")])
@given(scenario=scenarios(KINDS))
def test_a_yearly_change_moves_no_other_line(path, scenario):
    slug, moved = RUNNING[path]
    scenario = scenario.vary(PLAIN)
    bill = {"support"} if slug == "cloud_gpu" else set()  # support is charged on the bill
    steady, changed = at(scenario, path, 0.0), at(scenario, path, 0.2)
    for other, cost in steady.costs.items():
        bridged = {"bridge"} if slug == "token_api" or slug == "cloud_gpu" else set()  # which is paid to that option
        for name in cost.lines.keys() - bridged - (bill | set(moved) if other == slug else set()):
            np.testing.assert_array_equal(changed[other].lines[name], cost.lines[name], err_msg=f"{other} {name}")
