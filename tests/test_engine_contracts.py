"""Ways to pay for one machine: spot or on demand, longer or shorter commitments, a lease or a purchase."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.comparison import compare
from pricing.facts import GpuCommitment, GpuInstance, ProvisionedTerm, rows
from tests.neutral import neutral_option, neutral_scenario
from tests.strategies import lead_time, scenarios


def spot_bill(share, price, overhead=0.0):
    """A month of one GPU at 4 USD on demand, a share of it as spot."""
    gpu = neutral_option(
        "cloud_gpu",
        billing="always_on",
        on_demand_usd_per_gpu_hour=4,
        spot_usd_per_gpu_hour=price,
        spot_frac=share,
        spot_overhead_frac=overhead,
    )
    return compare(neutral_scenario({"gpu": gpu}, workload__requests_per_month=1e4))["gpu"].lines["gpu_hours"][1]


def test_interruptions_add_to_the_spot_hours_alone():
    assert spot_bill(0.5, 2, overhead=0.1) == pytest.approx(730 * (0.5 * 4 + 0.5 * 1.1 * 2))


@given(st.floats(0.01, 1), st.floats(0, 8), st.floats(0, 1))
def test_spot_pays_while_its_price_with_the_overhead_is_below_that_on_demand(share, price, overhead):
    saved = spot_bill(0, price) - spot_bill(share, price, overhead)
    assert saved == pytest.approx(730 * share * (4 - price * (1 + overhead)), abs=1e-9)


def test_spot_breaks_even_where_the_overhead_eats_the_discount():
    assert spot_bill(0.7, 4 / 1.25, overhead=0.25) == pytest.approx(spot_bill(0, 4))


@given(scenarios(("cloud_gpu",)))
def test_a_commitment_is_no_spot(scenario):
    scenario = scenario.vary({"options.cloud_gpu.billing": "reserved"})
    bills = [compare(scenario.vary({"options.cloud_gpu.spot_frac": share}))["cloud_gpu"].tco_usd for share in (0, 1)]
    assert bills[0] == bills[1]


def test_a_longer_commitment_in_the_catalogue_is_never_dearer():
    prices = defaultdict(dict)
    for row in rows(GpuCommitment):
        prices[row.provider, row.instance][row.term_months] = row.usd_per_gpu_hour
    assert prices
    for offer, by_term in prices.items():
        listed = [r.on_demand_usd_per_gpu_hour for r in rows(GpuInstance) if (r.provider, r.name) == offer]
        in_order = [max(listed, default=np.inf), *(by_term[term] for term in sorted(by_term))]
        assert in_order == sorted(in_order, reverse=True), offer


def test_a_longer_reservation_of_units_is_never_dearer():
    by_term = sorted(rows(ProvisionedTerm), key=lambda row: (row.term_months, -row.usd_per_unit_hour))
    prices = [row.usd_per_unit_hour for row in by_term]
    assert prices == sorted(prices, reverse=True)


BOUGHT, LEASED = ({"options.on_prem.acquisition": how} for how in ("buy", "lease"))


@given(scenarios(("on_prem",)))
def test_a_lease_has_nothing_to_sell_and_nothing_else_to_lose(scenario):
    bought, leased = (compare(scenario.vary(how))["on_prem"].lines for how in (BOUGHT, LEASED))
    assert not {"resale", "residual_value", "servers"} & leased.keys()
    for name in leased.keys() - {"lease"}:
        np.testing.assert_array_equal(leased[name], bought[name], err_msg=name)


@given(scenarios(("on_prem",), options__on_prem__lease_rate_per_year=0.0, workload__growth_per_year=0.0))
def test_a_lease_without_interest_is_the_price_over_the_life(scenario):
    """Over one whole life from delivery on, before anything is replaced, it costs what buying costs without resale."""
    life = scenario.options["on_prem"].refresh_months
    months = lead_time(scenario.options["on_prem"]) + life
    even = {f"workload.season.{name}": 1.0 for name in type(scenario.workload.season).model_fields}
    scenario = scenario.vary({**even, "finance.horizon_months": months})
    bought, leased = (compare(scenario.vary(how))["on_prem"].lines for how in (BOUGHT, LEASED))
    np.testing.assert_allclose(leased["lease"].sum(), bought["servers"].sum(), rtol=1e-9)


@given(scenarios(("on_prem",)), st.floats(0.001, 0.5))
def test_interest_makes_a_lease_dearer(scenario, rate):
    free, dear = (
        compare(scenario.vary({**LEASED, "options.on_prem.lease_rate_per_year": r}))["on_prem"].lines["lease"]
        for r in (0.0, rate)
    )
    assert np.all(dear >= free)
