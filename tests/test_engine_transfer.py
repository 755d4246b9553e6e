"""Prices by bands: one way to share a quantity out over bands, for data transfer and for support plans."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from costmodel.comparison import compare
from costmodel.tiers import SupportPlan, answers_gb, in_bands, support_fee
from tests.neutral import generated, neutral_option, neutral_scenario
from tests.strategies import scenarios

AMOUNTS = st.floats(0, 1e7)
RATES = st.lists(st.floats(0, 1), min_size=4, max_size=4)
TOPS = st.lists(AMOUNTS, min_size=3, max_size=3)
EGRESS = {
    "transfer__band_1_to_gb_per_month": 100,
    "transfer__band_2_to_gb_per_month": 10_000,
    "transfer__band_3_to_gb_per_month": 50_000,
    "transfer__band_2_usd_per_gb": 0.09,
    "transfer__band_3_usd_per_gb": 0.085,
    "transfer__band_4_usd_per_gb": 0.07,
}


def unit_by_unit(amount, tops, rates):
    """The price of each whole unit by the band that it lies in, added up one by one."""
    total = 0
    for unit in range(amount):
        band = next((i for i, top in enumerate(tops) if unit < top), len(tops))
        total += rates[band]
    return total


@given(st.integers(0, 300), st.lists(st.integers(0, 200), min_size=3, max_size=3), RATES)
def test_each_unit_is_priced_by_the_band_it_lies_in(amount, tops, rates):
    assert in_bands(amount, sorted(tops), rates) == pytest.approx(unit_by_unit(amount, sorted(tops), rates), abs=1e-9)


@given(AMOUNTS, TOPS, st.floats(0, 1))
def test_bands_of_one_rate_are_no_bands(amount, tops, rate):
    assert in_bands(amount, tops, [rate] * 4) == pytest.approx(rate * amount, rel=1e-9)


@given(st.lists(AMOUNTS, min_size=2, max_size=2), TOPS, RATES)
def test_more_never_costs_less(amounts, tops, rates):
    less, more = (in_bands(amount, tops, rates) for amount in sorted(amounts))
    assert more >= less * (1 - 1e-12)


@given(st.lists(AMOUNTS, min_size=1, max_size=5), TOPS, RATES)
def test_many_amounts_at_once_are_priced_like_each(amounts, tops, rates):
    many = in_bands(np.array(amounts), tops, rates)
    np.testing.assert_array_equal(many, [in_bands(amount, tops, rates) for amount in amounts])


@pytest.mark.parametrize("kind", ["token_api", "cloud_gpu"])
@pytest.mark.parametrize(
    ("gb", "usd"),
    [
        (80, 0),
        (1_100, 90),
        (10_000, 9_900 * 0.09),
        (60_000, 9_900 * 0.09 + 40_000 * 0.085 + 10_000 * 0.07),
    ],
)
def test_the_egress_of_a_large_cloud(kind, gb, usd):
    """100 GB of a month are free, then 0.09 USD to 10 TB, 0.085 to 50 TB and 0.07 beyond."""
    scenario = neutral_scenario(
        {"it": neutral_option(kind, **EGRESS)},
        workload__requests_per_month=gb * 1e6,
        workload__input_tokens_per_request=900,
        workload__output_tokens_per_request=100,
        workload__reasoning_tokens_per_request=50,
        workload__transfer_bytes_per_token=10,
    )
    np.testing.assert_allclose(compare(scenario)["it"].lines["transfer"], [0] + [usd] * 12, rtol=1e-9)


@pytest.mark.parametrize("kind", ["token_api", "cloud_gpu"])
def test_what_goes_in_is_not_billed(kind):
    """10 million requests of 10,000 tokens in and 100 out at 35 bytes send 35 GB, within the free 100."""
    scenario = neutral_scenario(
        {"it": neutral_option(kind, **EGRESS)},
        workload__requests_per_month=1e7,
        workload__input_tokens_per_request=10_000,
        workload__output_tokens_per_request=100,
        workload__transfer_bytes_per_token=35,
    )
    cost = compare(scenario)["it"]
    np.testing.assert_allclose(answers_gb(cost.task)[1:], 35)
    assert not cost.lines["transfer"].any()


@given(scenarios(("token_api", "cloud_gpu")))
def test_transfer_is_a_plain_price_where_all_bands_have_it(scenario):
    for slug in scenario.options:
        flat = {f"options.{slug}.transfer.band_{band}_usd_per_gb": 0.05 for band in (1, 2, 3, 4)}
        flat |= {f"options.{slug}.transfer.price_change_per_year": 0.0}
        cost = compare(scenario.vary(flat))[slug]
        workload = scenario.workload
        shown = workload.output_tokens_per_request / generated(workload, scenario.options[slug])
        sent = cost.quantities["output_tokens"] * shown
        expected = sent * scenario.workload.transfer_bytes_per_token / 1e9 * 0.05
        np.testing.assert_allclose(cost.lines["transfer"], expected, rtol=1e-9)


def test_the_published_support_plan_is_the_same_bands():
    plan = SupportPlan(
        minimum_usd_per_month=100,
        band_1_to_usd_per_month=10_000,
        band_2_to_usd_per_month=80_000,
        band_3_to_usd_per_month=250_000,
        band_1_frac=0.10,
        band_2_frac=0.07,
        band_3_frac=0.05,
        band_4_frac=0.03,
    )
    assert support_fee(plan, 100_000) == pytest.approx(6900)
    assert support_fee(plan, 500) == 100
